use std::collections::BTreeSet;

use engine::ruleset::Serve;
use serde::{Deserialize, Serialize};

use super::{ConfigurationView, FlagView};
use crate::history::Kill;
use crate::{EnvironmentKey, FlagKey, Millis};

/// A flag with all that it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlagDetail {
    /// When it was asked for.
    pub now: Millis,
    /// The flag.
    pub flag: FlagView,
    /// What it does in each environment, in their order.
    pub environments: Vec<DetailInEnvironment>,
    /// Who switched it off, where it is off and nobody has decided otherwise since.
    pub kills: Vec<Kill>,
}

/// What a flag does in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetailInEnvironment {
    /// The environment.
    pub environment: EnvironmentKey,
    /// The configuration; none where what is stored cannot be read.
    pub configuration: Option<ConfigurationView>,
}

/// A flag without what decides who gets what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlagSummary {
    /// When it was asked for.
    pub now: Millis,
    /// The flag.
    pub flag: FlagView,
    /// What of it is in use in each environment, in their order.
    pub environments: Vec<SummaryInEnvironment>,
    /// Who switched it off, where it is off and nobody has decided otherwise since.
    pub kills: Vec<Kill>,
}

/// Which variations of a flag one environment serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryInEnvironment {
    /// The environment.
    pub environment: EnvironmentKey,
    /// The variation that everyone gets while it is off; none where what is stored cannot be read.
    pub off_variation: Option<String>,
    /// Every variation that somebody may get, the one while it is off among them.
    pub used: BTreeSet<String>,
}

impl From<FlagDetail> for FlagSummary {
    fn from(FlagDetail { now, flag, environments, kills }: FlagDetail) -> Self {
        let environments = environments.into_iter().map(SummaryInEnvironment::from).collect();
        Self { now, flag, environments, kills }
    }
}

impl From<DetailInEnvironment> for SummaryInEnvironment {
    fn from(DetailInEnvironment { environment, configuration }: DetailInEnvironment) -> Self {
        let used = configuration.as_ref().map(used).unwrap_or_default();
        Self { environment, off_variation: configuration.map(|it| it.off_variation), used }
    }
}

/// The variations that a configuration serves to somebody.
fn used(configuration: &ConfigurationView) -> BTreeSet<String> {
    let ConfigurationView { off_variation, fallthrough, rules, overrides, .. } = configuration;
    let serves = rules.iter().map(|rule| &rule.serve).chain([fallthrough]);
    let served = serves.flat_map(|serve| match serve {
        Serve::Variation(variation) => vec![variation],
        Serve::Rollout(rollout) => rollout.weights.iter().map(|weight| &weight.variation).collect(),
    });
    served.chain(overrides.iter().map(|it| &it.variation)).chain([off_variation]).cloned().collect()
}

/// A flag that needs another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependent {
    /// The flag.
    pub flag: FlagKey,
    /// The environments in which it does, in their order.
    pub environments: Vec<EnvironmentKey>,
}
