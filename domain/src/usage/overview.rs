use serde::{Deserialize, Serialize};

use super::{MonthOfUsage, Step, UsageSeries};
use crate::{EnvironmentKey, Millis};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How far a page about usage looks back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UsageRange {
    /// 24 hours.
    #[serde(rename = "24h")]
    Day,
    /// 7 days.
    #[serde(rename = "7d")]
    Week,
    /// 30 days.
    #[default]
    #[serde(rename = "30d")]
    Month,
    /// 90 days, as long as hours are kept.
    #[serde(rename = "90d")]
    Quarter,
    /// 12 months, of the organization as a whole: nothing else is kept for so long.
    #[serde(rename = "12m")]
    Year,
}

impl UsageRange {
    /// Every range, the shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The name in addresses and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
            Self::Year => "12m",
        }
    }

    /// The range with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.as_str() == name)
    }

    /// How long each point lasts, of evaluations that are told apart. A year has those of the last 90 days alone.
    pub const fn step(self) -> Step {
        match self {
            Self::Day => Step::Hour,
            Self::Week | Self::Month | Self::Quarter | Self::Year => Step::Day,
        }
    }

    /// When the first of its points begins; the last is the one that is not over yet.
    pub const fn from(self, now: Millis) -> Millis {
        match self {
            Self::Day => now.plus(-23 * HOUR_MS).hour(),
            Self::Week => now.plus(-6 * DAY_MS).day(),
            Self::Month => now.plus(-29 * DAY_MS).day(),
            Self::Quarter | Self::Year => now.plus(-89 * DAY_MS).day(),
        }
    }
}

/// A project's usage at one look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageOverview {
    /// When it was asked for.
    pub now: Millis,
    /// Evaluations over time, told apart by what was asked for: the eight highest series. What they lack of the points'
    /// counts is of all others together.
    pub chart: UsageSeries,
    /// The flags that were evaluated most often.
    pub flags: Vec<UsageShare>,
    /// How many more flags were.
    pub more_flags: u64,
    /// Why variations were served, the most frequent reason first.
    pub reasons: Vec<UsageShare>,
    /// The organization's months, the newest first.
    pub months: Vec<MonthOfUsage>,
    /// What the node that answers delivers.
    pub delivery: NodeDelivery,
}

/// How many evaluations there were of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageShare {
    /// What; none as in [`UsageOf`](super::UsageOf).
    pub name: Option<String>,
    /// How many.
    pub count: i64,
}

/// What one node has in memory, and who listens to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeDelivery {
    /// Milliseconds since it last saw that what it has is what the database has.
    pub age_ms: i64,
    /// The project's environments in their order.
    pub environments: Vec<DeliveredEnvironment>,
}

/// An environment as one node delivers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredEnvironment {
    /// The environment's key.
    pub environment: EnvironmentKey,
    /// The revision that it answers from; none where it has not loaded the environment yet.
    pub revision: Option<u64>,
    /// How many streams follow the environment on this node now.
    pub streams: u64,
    /// The same with those of other nodes, as of some seconds ago.
    pub streams_in_all: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_as_many_points_as_its_name_says() {
        let now = Millis(1_767_225_600_000 + 5 * HOUR_MS + 1);
        for (range, points) in [
            (UsageRange::Day, 24),
            (UsageRange::Week, 7),
            (UsageRange::Month, 30),
            (UsageRange::Quarter, 90),
            (UsageRange::Year, 90),
        ] {
            let length = if range.step() == Step::Hour { HOUR_MS } else { DAY_MS };
            let last = range.step().start(now);
            assert_eq!((last.0 - range.from(now).0) / length + 1, points, "{range:?}");
        }
    }

    #[test]
    fn ranges_are_called_alike_everywhere() {
        for range in UsageRange::ALL {
            assert_eq!(UsageRange::from_name(range.as_str()), Some(range));
            assert_eq!(serde_json::to_value(range).unwrap(), range.as_str());
        }
    }
}
