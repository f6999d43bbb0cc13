use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::FlagKey;
use crate::check::no_nul;
use crate::orgs::ProjectRef;

/// Copies a flag and what it does everywhere to another key.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CopyFlag {
    /// The project.
    pub project: ProjectRef,
    /// The flag.
    pub key: FlagKey,
    /// The copy.
    #[validate(nested)]
    pub copy: FlagCopy,
}

/// What a flag's copy is.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FlagCopy {
    /// Its key.
    pub key: FlagKey,
    /// Another project of the organization to copy to: its key or its id. Environments go by their keys; in one that only
    /// the other project has, the copy starts as a new flag does.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples("default")))]
    pub project: Option<String>,
    /// Its name for people; that of the flag unless given.
    #[serde(default)]
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, examples("Checkout, version 3"))
    )]
    pub name: Option<String>,
    /// Whether it is on where the flag is. It is off everywhere unless given.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub keep_state: bool,
    /// Why, for the audit log. Needed where the copy is on in a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("A breaking successor.")))]
    pub comment: Option<String>,
}
