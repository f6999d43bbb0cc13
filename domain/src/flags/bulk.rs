use serde::{Deserialize, Serialize};
use validator::Validate;

use super::create::are_tags;
use crate::check::no_nul;
use crate::orgs::ProjectRef;
use crate::{EnvironmentKey, Error, FlagKey, Result};

/// Does one thing to many flags.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChangeFlags {
    /// The project.
    pub project: ProjectRef,
    /// What, and to which flags.
    #[validate(nested)]
    pub change: FlagsChange,
}

/// One thing to do to many flags.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(examples(json!({
    "action": "disable", "keys": ["checkout-v2", "new-menu"], "environment": "staging",
    "comment": "The load test is over."
}))))]
#[serde(deny_unknown_fields)]
pub struct FlagsChange {
    /// What to do.
    pub action: BulkAction,
    /// The flags. One that is named twice counts once.
    #[validate(length(min = 1, max = 500, message = "1 to 500 keys"))]
    pub keys: Vec<FlagKey>,
    /// The environment to switch them in.
    #[serde(default)]
    pub environment: Option<EnvironmentKey>,
    /// The tags to add or to take away.
    #[serde(default)]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    #[cfg_attr(feature = "openapi", schema(schema_with = super::create::tags_schema))]
    pub tags: Vec<String>,
    /// Why, for the audit log. Needed where a protected environment is reached, but not to switch off.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("The spring cleaning.")))]
    pub comment: Option<String>,
}

/// What can be done to many flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// Add tags.
    Tag,
    /// Take tags away.
    Untag,
    /// Switch on in an environment.
    Enable,
    /// Switch off in an environment.
    Disable,
    /// Archive.
    Archive,
}

impl FlagsChange {
    /// Checks what depends on more than one field.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules.
    pub fn check(&self) -> Result<()> {
        crate::validate(self)?;
        let switches = matches!(self.action, BulkAction::Enable | BulkAction::Disable);
        let tags = matches!(self.action, BulkAction::Tag | BulkAction::Untag);
        if switches != self.environment.is_some() {
            let message = if switches { "is needed" } else { "is for `enable` and `disable`" };
            return Err(Error::invalid("environment", message));
        }
        if tags == self.tags.is_empty() {
            let message = if tags { "are needed" } else { "are for `tag` and `untag`" };
            return Err(Error::invalid("tags", message));
        }
        Ok(())
    }
}

/// What came of it, for each flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkResult {
    /// The flags in the order in which they were named.
    pub results: Vec<BulkOutcome>,
}

/// What came of it for one flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkOutcome {
    /// The flag.
    pub key: FlagKey,
    /// What came of it.
    pub status: BulkStatus,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub reason: Option<String>,
}

/// What came of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BulkStatus {
    /// It is done.
    Done,
    /// It was so already.
    Unchanged,
    /// It could not be done.
    Refused,
}
