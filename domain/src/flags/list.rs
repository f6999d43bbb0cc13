use engine::ruleset::Kind;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::FlagView;
use crate::check::{no_nul, no_nuls};
use crate::orgs::ProjectRef;
use crate::{EnvironmentKey, Error, Result, UserId};

/// Lists flags of a project, a page at a time.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListFlags {
    /// The project.
    pub project: ProjectRef,
    /// Which flags.
    #[validate(nested)]
    pub filter: FlagFilter,
    /// In which order.
    #[serde(default)]
    pub sort: FlagSort,
    /// How many at most.
    #[validate(range(min = 1, max = 100, message = "1 to 100"))]
    pub limit: u32,
    /// Where the page before this one ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Which flags are listed: those for which all of it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct FlagFilter {
    /// What the key, the name, the description or a tag contains, in whatever case.
    #[serde(default)]
    #[validate(length(max = 200, message = "at most 200 characters"), custom(function = no_nul))]
    pub text: Option<String>,
    /// The preset that the shape follows.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// The environment that is looked at; every one unless given.
    #[serde(default)]
    pub environment: Option<EnvironmentKey>,
    /// Whether it is on in that environment.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// The tags that it has, every one.
    #[serde(default)]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = no_nuls))]
    pub tags: Vec<String>,
    /// Who looks after it.
    #[serde(default)]
    pub owner: Option<OwnerFilter>,
    /// Whether it should be gone by now.
    #[serde(default)]
    pub stale: Option<bool>,
    /// Whether archived flags are listed, and not those that are served.
    #[serde(default)]
    pub archived: bool,
}

/// Who looks after a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerFilter {
    /// Whoever asks.
    Me,
    /// Somebody.
    User(UserId),
}

impl FlagFilter {
    /// Checks what depends on more than one field.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the paths that the API knows them by.
    pub fn check(&self) -> Result<()> {
        match (self.enabled, &self.environment) {
            (Some(_), None) => Err(Error::invalid("environment", "is needed with `state`")),
            _ => Ok(()),
        }
    }
}

/// The order of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FlagSort {
    /// By key.
    #[default]
    #[serde(rename = "key")]
    Key,
    /// By key, from the end.
    #[serde(rename = "-key")]
    KeyDescending,
    /// By name, in whatever case.
    #[serde(rename = "name")]
    Name,
    /// By name, from the end.
    #[serde(rename = "-name")]
    NameDescending,
    /// The oldest first.
    #[serde(rename = "created")]
    Created,
    /// The newest first.
    #[serde(rename = "-created")]
    CreatedDescending,
    /// What changed longest ago first.
    #[serde(rename = "updated")]
    Updated,
    /// What changed last first.
    #[serde(rename = "-updated")]
    UpdatedDescending,
}

/// A page of flags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagList {
    /// The flags in the order that was asked for.
    pub flags: Vec<FlagView>,
    /// What to ask with for the next page; none where this is the last one.
    #[cfg_attr(feature = "openapi", schema(required, examples("eyJzb3J0Ijoia2V5In0")))]
    pub next: Option<String>,
    /// How many flags there are on all pages together.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub total: u64,
}
