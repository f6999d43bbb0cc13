//! Usage: what was evaluated, how often, and what contexts' attributes are called.

mod query;
mod report;
mod views;

pub use query::{MOST_POINTS, MOST_SERIES, Step, UsageBy, UsageFilter};
pub use report::{Report, Reported};
pub use views::{
    AttributeView, EvaluatedIn, FlagEvaluations, MonthOfUsage, UsageOf, UsagePoint, UsageSeries,
    VersionEvaluated,
};
