use serde::{Deserialize, Serialize};
use validator::Validate;

use super::Configuration;
use crate::check::no_nul;
use crate::orgs::ProjectRef;
use crate::{EnvironmentKey, FlagKey};

/// Replaces what a flag does in one environment.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ConfigureFlag {
    /// The project.
    pub project: ProjectRef,
    /// The flag.
    pub key: FlagKey,
    /// The environment.
    pub environment: EnvironmentKey,
    /// The version that the author saw; another one there now is a conflict.
    pub version: i64,
    /// Why, for the audit log.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub comment: Option<String>,
    /// What the flag does from now on.
    pub configuration: Configuration,
}

/// Switches a flag on or off in one environment, and leaves the rest of its configuration alone.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct SwitchFlag {
    /// The project.
    pub project: ProjectRef,
    /// The flag.
    pub key: FlagKey,
    /// The environment.
    pub environment: EnvironmentKey,
    /// Whether it is on from now on.
    pub enabled: bool,
    /// The version that the author saw. Switching on then asks that it is still there; switching off never does.
    #[serde(default)]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed to switch on in a protected environment, never to switch off.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub comment: Option<String>,
}
