use engine::ruleset::{FULL_WEIGHT, Kind, Serve, ValueType};
use serde::{Deserialize, Serialize};

use crate::{FlagKey, Millis};

use super::Configuration;

/// Why a person may not do something, in sentences; none where they may.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// Switch a flag on.
    pub enable: Option<String>,
    /// Switch a flag off.
    pub kill: Option<String>,
}

impl Refusals {
    /// Why a flag that is on or off now may not be switched.
    pub fn switch(&self, enabled: bool) -> Option<&str> {
        if enabled { self.kill.as_deref() } else { self.enable.as_deref() }
    }
}

/// One flag in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagRow {
    /// The key.
    pub key: FlagKey,
    /// The name for people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The preset that its shape follows.
    pub kind: Kind,
    /// The type of its values.
    pub value_type: ValueType,
    /// The words to find it by.
    pub tags: Vec<String>,
    /// Whether it is on in the environment.
    pub enabled: bool,
    /// What it serves in the environment while it is on.
    pub served: Served,
    /// The configuration's version in the environment.
    pub version: i64,
    /// When the configuration last changed.
    pub updated_at: Millis,
}

/// What a configuration serves while it is on, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Served {
    /// How many rules it has.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub rules: u32,
    /// How many overrides it has.
    #[cfg_attr(feature = "openapi", schema(examples(0)))]
    pub overrides: u32,
    /// How many prerequisites it has.
    #[cfg_attr(feature = "openapi", schema(examples(0)))]
    pub prerequisites: u32,
    /// Whether it serves this in a time window alone.
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub has_window: bool,
    /// The variation that the fallthrough serves, or none for a rollout.
    #[cfg_attr(feature = "openapi", schema(required, examples("on")))]
    pub variation: Option<String>,
    /// The share that the fallthrough gives to anything but the off variation, in thousandths of a percent.
    #[cfg_attr(feature = "openapi", schema(examples(100_000)))]
    pub share: u32,
    /// How many variations the fallthrough serves to somebody.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub split: u32,
}

impl Served {
    /// Sums up a configuration.
    pub fn of(configuration: &Configuration) -> Self {
        let Configuration { rules, overrides, prerequisites, window, fallthrough, off_variation, .. } =
            configuration;
        let lengths = [rules.len(), overrides.len(), prerequisites.len()];
        Self::new(fallthrough, off_variation, lengths, window.is_some())
    }

    /// Sums up a fallthrough, and how many rules, overrides and prerequisites are before it.
    pub fn new(fallthrough: &Serve, off_variation: &str, lengths: [usize; 3], has_window: bool) -> Self {
        let (variation, share, split) = match fallthrough {
            Serve::Variation(key) => {
                (Some(key.clone()), if key == off_variation { 0 } else { FULL_WEIGHT }, 1)
            }
            Serve::Rollout(rollout) => {
                let on = rollout.weights.iter().filter(|weight| weight.variation != off_variation);
                let served = rollout.weights.iter().filter(|weight| weight.weight > 0).count();
                (None, on.map(|weight| weight.weight).sum(), served)
            }
        };
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let [rules, overrides, prerequisites] = lengths.map(count);
        Self { rules, overrides, prerequisites, has_window, variation, share, split: count(split) }
    }
}
