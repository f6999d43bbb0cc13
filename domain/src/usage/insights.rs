use serde::{Deserialize, Serialize};

use super::{EvaluatedIn, UsageSeries, UsageShare};
use crate::{EnvironmentKey, Millis};

/// How a flag is evaluated in one environment, at one look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagInsights {
    /// When it was asked for.
    pub now: Millis,
    /// Evaluations in the environment over time, by the variation that was served: the eight highest series.
    pub chart: UsageSeries,
    /// Why variations were served there, the most frequent reason first.
    pub reasons: Vec<UsageShare>,
    /// The same time in each environment of the project, in their order.
    pub environments: Vec<InsightsIn>,
}

/// How a flag is evaluated in one environment, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsightsIn {
    /// The environment.
    pub environment: EnvironmentKey,
    /// How many evaluations there were.
    pub count: i64,
    /// When it was evaluated last, and which of its versions were.
    pub evaluated: EvaluatedIn,
}
