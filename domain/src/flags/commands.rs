use engine::ruleset::{Kind, ValueType, Variation};
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use super::Configuration;
use crate::check::no_nul;
use crate::orgs::ProjectRef;
use crate::{EnvironmentKey, FlagKey};

/// Creates a flag in every environment of its project, switched off.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateFlag {
    /// The project.
    pub project: ProjectRef,
    /// The flag's key.
    pub key: FlagKey,
    /// A name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub description: String,
    /// The preset that its configuration starts with.
    pub kind: Kind,
    /// The type of its values.
    pub value_type: ValueType,
    /// Whether browser keys may see it.
    #[serde(default)]
    pub client_side: bool,
    /// The values that it can take. The first is what "on" means, the last is what "off" means, until configured.
    #[validate(length(min = 2, max = 50, message = "2 to 50 variations"))]
    pub variations: Vec<Variation>,
    /// Words to find it by.
    #[serde(default)]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    pub tags: Vec<String>,
    /// What it does everywhere once it is switched on; what its kind says unless given.
    #[serde(default)]
    pub configuration: Option<Configuration>,
}

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

pub(crate) fn are_tags(tags: &[String]) -> Result<(), ValidationError> {
    let good =
        |tag: &String| (1..=50).contains(&tag.chars().count()) && !tag.contains('\0') && tag.trim() == tag;
    match tags.iter().all(good) {
        true => Ok(()),
        false => Err(ValidationError::new("tags").with_message("each tag has 1 to 50 characters".into())),
    }
}

impl CreateFlag {
    /// Checks what depends on more than one field.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] with every path that is against the rules.
    pub fn check(&self) -> crate::Result<()> {
        crate::validate(self)?;
        super::configuration::check_variations(&self.variations, self.value_type)?;
        self.configuration.as_ref().map_or(Ok(()), |configuration| configuration.check(&self.variations))
    }
}
