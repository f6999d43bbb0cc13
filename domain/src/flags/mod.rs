//! Flags: commands, views and the rules that a configuration must follow.

mod archive;
mod bulk;
mod commands;
mod configuration;
mod copy;
mod create;
mod flag;
mod list;
mod update;
mod views;

pub use archive::{ArchiveFlag, DeleteFlag};
pub use bulk::{BulkAction, BulkOutcome, BulkResult, BulkStatus, ChangeFlags, FlagsChange};
pub use commands::{ConfigureFlag, SwitchFlag};
pub use configuration::{Configuration, check_variations};
pub use copy::{CopyFlag, FlagCopy};
pub(crate) use create::are_tags;
pub use create::{CreateFlag, FirstOwner, NewFlag, check_lifetime, suggest_key};
pub use flag::{FlagInEnvironment, FlagOwner, FlagView};
pub use list::{FlagFilter, FlagList, FlagSort, ListFlags, OwnerFilter};
pub use update::{FlagChanges, PutFlag, UpdateFlag};
pub use views::{FlagRow, FlagsPage, Refusals, Served};
