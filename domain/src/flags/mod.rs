//! Flags: commands, views and the rules that a configuration must follow.

mod archive;
mod bulk;
mod change;
mod commands;
mod compare;
mod configuration;
mod configured;
mod contradictions;
mod copy;
mod create;
mod detail;
mod first;
mod flag;
mod list;
mod matching;
mod percentage;
mod promote;
mod purge;
mod simple;
mod start;
mod update;
mod views;

pub use archive::{ArchiveFlag, DeleteFlag};
pub use bulk::{BulkAction, BulkOutcome, BulkResult, BulkStatus, ChangeFlags, FlagsChange};
pub use commands::{ConfigureFlag, SwitchFlag};
pub use configuration::{Configuration, check_variations};
pub use copy::{CopyFlag, FlagCopy};
pub use create::{CreateFlag, FirstOwner, NewFlag, check_key, check_lifetime, suggest_key};
pub(crate) use create::{are_tags, key_or_suggestion};
#[cfg(feature = "openapi")]
pub(crate) use create::{tags_schema, variations_schema};
pub use detail::{Dependent, DetailInEnvironment, FlagDetail, FlagSummary, SummaryInEnvironment};
pub use first::{FirstRollout, StartFlag, StartOf, StartedFlag};
pub use flag::{FlagInEnvironment, FlagOwner, FlagView};
pub use list::{FlagFilter, FlagList, FlagTable, ListFlags, OwnerFilter, State};
pub use matching::MatchConditions;
pub use update::{FlagChanges, PutFlag, UpdateFlag};

pub use change::{AnyRule, ChangeConfiguration, FlagAt, ReplaceConfiguration, SwitchNow};
pub use compare::{CompareEnvironments, ComparedFlag, Comparison, ComparisonStatus, Difference};
pub(crate) use configuration::check_condition;
pub use configured::ConfigurationView;
pub use contradictions::contradictions;
pub use percentage::Percentage;
pub use promote::{PromoteFlags, PromotedFields, PromotedFlag, Promotion, PromotionOutcome};
pub use purge::{PurgeCaches, Purged};
pub use simple::SimpleForm;
pub use start::Start;
pub use views::{FlagRow, Refusals, Served};
