use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Step, UsageBy};
use crate::{EnvironmentKey, FlagKey, Millis};

/// Evaluations over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageSeries {
    /// From this time on: where the first point would begin.
    pub from: Millis,
    /// In hours that begin before this time.
    pub to: Millis,
    /// How long each point lasts.
    pub step: Step,
    /// What the series are told apart by.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub by: Option<UsageBy>,
    /// How many evaluations there were.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, examples(1253)))]
    pub count: i64,
    /// How many when, in the order of time. A point at which there were none is left out.
    pub points: Vec<UsagePoint>,
    /// The same for each of what they are told apart by, the highest count first, 50 at most.
    pub series: Vec<UsageOf>,
    /// How many more series there are, whose evaluations are in `points` alone.
    #[cfg_attr(feature = "openapi", schema(examples(0)))]
    pub more: u64,
}

/// Evaluations at one point of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsagePoint {
    /// When it begins.
    pub at: Millis,
    /// How many there were.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, examples(1253)))]
    pub count: i64,
}

/// Evaluations of one project, environment, flag or variation, or for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageOf {
    /// The key, or the reason. An environment's comes after its project's, as in `default/dev`. Null for flags that are not
    /// there, where nothing was served, and for reasons that were not reported.
    #[cfg_attr(feature = "openapi", schema(required, examples("checkout-v2")))]
    pub name: Option<String>,
    /// How many evaluations there were.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, examples(1253)))]
    pub count: i64,
    /// How many when, in the order of time. A point at which there were none is left out.
    pub points: Vec<UsagePoint>,
}

/// An organization's evaluations in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthOfUsage {
    /// The month, in UTC.
    #[cfg_attr(feature = "openapi", schema(pattern = r"^\d{4}-\d{2}$", examples("2026-01")))]
    pub month: String,
    /// When it begins.
    pub from: Millis,
    /// How many evaluations there were.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, examples(1_250_300)))]
    pub count: i64,
    /// How many of them Togglebit answered.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, examples(250_300)))]
    pub served: i64,
    /// How many of them applications made themselves, and reported.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, examples(1_000_000)))]
    pub reported: i64,
}

/// When a flag was evaluated last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagEvaluations {
    /// The flag's key.
    pub flag: FlagKey,
    /// When it was in each environment, by the environments' keys.
    pub environments: BTreeMap<EnvironmentKey, EvaluatedIn>,
}

/// When a flag was evaluated last in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluatedIn {
    /// When it was; null where nothing is known of it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_evaluated_at: Option<Millis>,
    /// When which of its versions was, the latest time first, 20 at most. Those that were not for 90 days are left out, but
    /// for the last one.
    pub versions: Vec<VersionEvaluated>,
}

/// When a version of a flag was evaluated last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionEvaluated {
    /// The version in the environment; null where it is not known.
    #[cfg_attr(feature = "openapi", schema(required, minimum = 1, examples(7)))]
    pub version: Option<i64>,
    /// When it was.
    pub last_evaluated_at: Millis,
}

/// What was evaluated last in an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastEvaluation {
    /// When it was asked for, which is what "a minute ago" is reckoned from.
    pub now: Millis,
    /// The flag and the time, to within some seconds; none where none ever was.
    pub last: Option<(FlagKey, Millis)>,
}

/// What an attribute of contexts is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttributeView {
    /// The name, as rules know it: a path with dots, where it lies in an object.
    #[cfg_attr(feature = "openapi", schema(examples("org.size")))]
    pub name: String,
    /// The beginning of the day, in UTC, on which it was seen last.
    pub last_seen_on: Millis,
    /// Whether browsers alone have sent it, which anybody can be.
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub from_browsers: bool,
}

/// How many days of a flag's evaluations are shown beside it.
pub const RECENT_DAYS: usize = 14;

/// How busy a flag was lately in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentUse {
    /// The flag.
    pub flag: FlagKey,
    /// How often it was evaluated on each of the last [`RECENT_DAYS`] days, in UTC, today the last.
    pub days: Vec<i64>,
}
