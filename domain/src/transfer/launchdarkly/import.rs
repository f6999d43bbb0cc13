//! Importing what flags serve, in LaunchDarkly's format.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use super::super::{OnConflict, Outcome};
use super::LaunchDarklyFlag;
use crate::check::{no_nul, unique_map};
use crate::flags::check_key;
use crate::{EnvironmentKey, Error, FieldError, FlagKey, Result};

/// Imports flags into an environment.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ImportLaunchDarkly {
    /// The environment.
    pub environment: EnvironmentKey,
    /// What each flag serves, by its key.
    #[serde(deserialize_with = "unique_map")]
    #[validate(custom(function = number_of_flags))]
    pub flags: BTreeMap<FlagKey, LaunchDarklyFlag>,
    /// What happens to flags that are there already.
    pub conflict: OnConflict,
    /// Whether browser keys may see the flags that are created.
    pub client_side: bool,
    /// Whether to tell what would happen, and change nothing.
    pub dry_run: bool,
    /// Why, for the audit log.
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub comment: Option<String>,
}

/// The most flags that one import takes.
const FLAGS: usize = 10_000;

fn number_of_flags(flags: &BTreeMap<FlagKey, LaunchDarklyFlag>) -> std::result::Result<(), ValidationError> {
    match flags.len() <= FLAGS {
        true => Ok(()),
        false => Err(ValidationError::new("flags").with_message("at most 10000 flags at once".into())),
    }
}

impl ImportLaunchDarkly {
    /// Checks every flag by itself.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules, such as `flags.checkout.variation`.
    pub fn check(&self) -> Result<()> {
        crate::validate(self)?;
        let mut details = Vec::new();
        for (key, flag) in &self.flags {
            details.extend(check_key(key, format!("flags.{key}")));
            details.extend(flag.faults().into_iter().map(|(field, message)| fault(key, field, message)));
        }
        Error::refuse(details)
    }
}

/// What is wrong with a field of a flag of an import.
pub fn fault(key: &FlagKey, field: &str, message: impl Into<String>) -> FieldError {
    FieldError { path: format!("flags.{key}.{field}"), message: message.into() }
}

/// What became of one flag of an import, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedFlag {
    /// The flag's key.
    pub key: FlagKey,
    /// What became of it.
    pub outcome: Outcome,
    /// The version that it has in the environment then.
    #[cfg_attr(feature = "openapi", schema(examples(435)))]
    pub version: i64,
}

/// What an import did, or would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedFlags {
    /// Whether nothing was changed, because it was only asked what would be.
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub dry_run: bool,
    /// The flags in the order of their keys.
    pub flags: Vec<ImportedFlag>,
}

impl ImportedFlags {
    /// How many flags become what, such as "2 created, 1 changed".
    pub fn summary(&self) -> String {
        super::super::plan::summary(self.flags.iter().map(|flag| flag.outcome))
    }
}
