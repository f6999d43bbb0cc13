//! Usage: what was evaluated, how often, and what contexts' attributes are called.

mod insights;
mod overview;
mod query;
mod report;
mod views;

pub use insights::{FlagInsights, InsightsIn};
pub use overview::{DeliveredEnvironment, NodeDelivery, UsageOverview, UsageRange, UsageShare};
pub use query::{MOST_POINTS, MOST_SERIES, Step, UsageBy, UsageFilter};
pub use report::{Report, Reported};
pub use views::{
    AttributeView, EvaluatedIn, FlagEvaluations, LastEvaluation, MonthOfUsage, RECENT_DAYS, RecentUse,
    UsageOf, UsagePoint, UsageSeries, VersionEvaluated,
};
