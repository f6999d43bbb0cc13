//! Environments.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::orgs::ProjectRef;
use crate::{EnvironmentId, EnvironmentKey};

/// Protects an environment, or stops protecting it: changes in a protected one need the role admin, a kill excepted.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProtectEnvironment {
    /// The project.
    pub project: ProjectRef,
    /// The environment.
    pub environment: EnvironmentKey,
    /// Whether it is protected from now on.
    pub protected: bool,
}

/// An environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentView {
    /// The id.
    pub id: EnvironmentId,
    /// The key.
    pub key: EnvironmentKey,
    /// The name for people.
    pub name: String,
    /// The name of its colour: `sky`, `amber`, `rose`, or another of the palette.
    pub color: String,
    /// Whether changes need an admin.
    pub protected: bool,
    /// The revision; grows by one with each change.
    pub revision: i64,
}
