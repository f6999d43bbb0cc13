use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::FlagKey;
use crate::check::no_nul;
use crate::orgs::ProjectRef;

/// Archives a flag, so that no environment serves it any more, or restores it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ArchiveFlag {
    /// The project.
    pub project: ProjectRef,
    /// The flag.
    pub key: FlagKey,
    /// Why, for the audit log. Needed where the project has a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub comment: Option<String>,
}

/// Deletes a flag that is archived.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct DeleteFlag {
    /// The project.
    pub project: ProjectRef,
    /// The flag.
    pub key: FlagKey,
    /// Its key, typed.
    pub confirm: String,
    /// Why, for the audit log.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub comment: Option<String>,
}
