//! Environments.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::check::{no_nul, present};
use crate::orgs::ProjectRef;
use crate::{EnvironmentId, EnvironmentKey, Error, FieldError, Millis, Result};

/// The colour that people tell an environment from others by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// Blue.
    Sky,
    /// Between green and blue.
    Teal,
    /// Yellow.
    Amber,
    /// Red.
    Rose,
    /// Between blue and red.
    Violet,
    /// Grey.
    Slate,
}

impl Color {
    /// Every colour.
    pub const ALL: [Self; 6] = [Self::Sky, Self::Teal, Self::Amber, Self::Rose, Self::Violet, Self::Slate];

    /// The name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sky => "sky",
            Self::Teal => "teal",
            Self::Amber => "amber",
            Self::Rose => "rose",
            Self::Violet => "violet",
            Self::Slate => "slate",
        }
    }

    /// The colour with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|color| color.as_str() == name)
    }
}

/// The key that no environment may have: it is an address of the API.
const RESERVED: &str = "order";

/// Refuses a key that is another address.
pub(crate) fn check_key(key: &EnvironmentKey, path: String) -> Vec<FieldError> {
    let message = format!("`{RESERVED}` is an address of the API");
    (key.as_str() == RESERVED).then_some(FieldError { path, message }).into_iter().collect()
}

/// Creates an environment, the last in its project's order.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateEnvironment {
    /// The project.
    pub project: ProjectRef,
    /// The key, which never changes.
    pub key: EnvironmentKey,
    /// The name for people.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub name: String,
    /// The colour.
    pub color: Color,
    /// Whether changes need an admin.
    #[serde(default)]
    pub protected: bool,
    /// The environment that flags and segments do here at first what they do there. Without one, flags are off and segments
    /// are empty.
    #[serde(default)]
    pub copy_from: Option<EnvironmentKey>,
}

impl CreateEnvironment {
    /// Checks it.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] with every path that is against the rules.
    pub fn check(&self) -> Result<()> {
        crate::validate(self)?;
        Error::refuse(check_key(&self.key, "key".to_owned()))
    }
}

/// Changes an environment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateEnvironment {
    /// The project.
    pub project: ProjectRef,
    /// The environment.
    pub environment: EnvironmentKey,
    /// What changes.
    pub changes: EnvironmentChanges,
}

/// What changes of an environment. What is not there stays as it is, as the key always does.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnvironmentChanges {
    /// The name for people.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    #[cfg_attr(
        feature = "openapi",
        schema(nullable = false, min_length = 1, max_length = 100, examples("Development"))
    )]
    pub name: Option<String>,
    /// The colour.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub color: Option<Color>,
    /// Whether changes need an admin from now on.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples(true)))]
    pub protected: Option<bool>,
}

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

/// Puts a project's environments into another order.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct OrderEnvironments {
    /// The project.
    pub project: ProjectRef,
    /// The keys of all of them.
    pub order: Vec<EnvironmentKey>,
}

/// Deletes an environment, with what flags and segments do there, its history and its API keys.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct DeleteEnvironment {
    /// The project.
    pub project: ProjectRef,
    /// The environment.
    pub environment: EnvironmentKey,
    /// Its key, typed.
    pub confirm: String,
}

/// What is in an environment, and would go with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentContents {
    /// When it was counted.
    pub now: Millis,
    /// How many flags do something there; archived ones too, which come back with it.
    pub flags: u64,
    /// How many segments do.
    pub segments: u64,
    /// How many API keys of it work.
    pub keys: u64,
    /// When one of its API keys was used last, to within some seconds; none where none ever was.
    pub last_used_at: Option<Millis>,
}

/// An environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentView {
    /// The id.
    pub id: EnvironmentId,
    /// The key.
    pub key: EnvironmentKey,
    /// The name for people.
    #[cfg_attr(feature = "openapi", schema(examples("Development")))]
    pub name: String,
    /// The colour.
    pub color: Color,
    /// Whether changes need an admin.
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub protected: bool,
    /// The revision; grows by one with each change.
    #[cfg_attr(feature = "openapi", schema(examples(24)))]
    pub revision: i64,
}
