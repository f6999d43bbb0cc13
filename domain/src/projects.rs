//! Projects: what has flags and environments.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::check::no_nul;
use crate::environments::{Color, check_key};
use crate::orgs::{ProjectRef, slug};
use crate::{EnvironmentKey, FieldError, Millis, OrgSlug, ProjectKey, Result};

/// How many environments a project may have.
pub const MAX_ENVIRONMENTS: usize = 50;

/// The most characters of a suggested key.
const SUGGESTED: usize = 30;

/// A key of a project or an environment that says its name: lower case, with hyphens for what a key cannot hold. What it is
/// otherwise, for a name of which nothing is left.
pub fn suggest_key(name: &str, otherwise: &str) -> String {
    let key = slug(name, SUGGESTED);
    if key.is_empty() { otherwise.to_owned() } else { key }
}

/// Creates a project.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateProject {
    /// The organization.
    pub organization: OrgSlug,
    /// The key.
    pub key: ProjectKey,
    /// The name for people.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub name: String,
    /// The environments that it starts with, in their order; `dev`, `staging` and `prod` where there are none.
    #[serde(default)]
    #[validate(length(min = 1, max = 50, message = "1 to 50 environments"), nested)]
    pub environments: Option<Vec<NewEnvironment>>,
}

/// An environment that a project starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEnvironment {
    /// The key, which never changes.
    pub key: EnvironmentKey,
    /// The name for people.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, examples("Development")))]
    pub name: String,
    /// The colour that it is told from others by.
    pub color: Color,
    /// Whether changes need an admin.
    #[serde(default)]
    pub protected: bool,
}

impl CreateProject {
    /// Checks it, and what depends on more than one environment.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] with every path that is against the rules.
    pub fn check(&self) -> Result<()> {
        crate::validate(self)?;
        let keys: Vec<_> = self.environments.iter().flatten().map(|environment| &environment.key).collect();
        let faults = |(place, key): (usize, &&EnvironmentKey)| {
            let path = format!("environments[{place}].key");
            match keys[..place].contains(key) {
                true => vec![FieldError { path, message: format!("`{key}` is there already") }],
                false => check_key(key, path),
            }
        };
        crate::Error::refuse(keys.iter().enumerate().flat_map(faults).collect())
    }
}

/// Changes a project's name for people. The key stays: it is in addresses that others have kept.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RenameProject {
    /// The project.
    pub project: ProjectRef,
    /// The name.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub name: String,
}

/// Deletes a project and everything in it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct DeleteProject {
    /// The project.
    pub project: ProjectRef,
    /// Its key, typed.
    pub confirm: String,
}

/// What is in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectContents {
    /// When that was so.
    pub now: Millis,
    /// Since when there is the project.
    pub created_at: Millis,
    /// Its flags that are served.
    pub flags: u64,
    /// Its flags that are archived.
    pub archived: u64,
    /// Its segments.
    pub segments: u64,
    /// Its templates.
    pub templates: u64,
    /// The API keys of its environments that work.
    pub keys: u64,
    /// When an application last asked with one of its keys.
    pub last_used_at: Option<Millis>,
}
