use engine::ruleset::Kind;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use validator::Validate;

use super::FlagView;
use crate::check::{no_nul, no_nuls};
use crate::orgs::ProjectRef;
use crate::{EnvironmentKey, Error, Millis, Page, Result, Sort, UserId};

/// Lists flags of a project, a page at a time.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListFlags {
    /// The project.
    pub project: ProjectRef,
    /// Which flags, and in which order.
    #[validate(nested)]
    pub filter: FlagFilter,
    /// Which part of the list.
    #[serde(default)]
    #[validate(nested)]
    pub page: Page,
}

/// Which flags are listed: those for which all of it holds. Its fields are those of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct FlagFilter {
    /// What the key, the name, the description or a tag contains, in whatever case.
    #[serde(default)]
    #[validate(length(max = 200, message = "at most 200 characters"), custom(function = no_nul))]
    pub q: Option<String>,
    /// The preset that the shape follows.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// The environment that is looked at; every one unless given.
    #[serde(default)]
    pub environment: Option<EnvironmentKey>,
    /// Whether it is on in that environment.
    #[serde(default)]
    pub state: Option<State>,
    /// The tags that it has, every one; with commas between them.
    #[serde(default, deserialize_with = "separated", serialize_with = "joined")]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = no_nuls))]
    pub tag: Vec<String>,
    /// Who looks after it.
    #[serde(default)]
    pub owner: Option<OwnerFilter>,
    /// Whether it should be gone by now.
    #[serde(default)]
    pub stale: Option<bool>,
    /// Whether archived flags are listed, and not those that are served.
    #[serde(default)]
    pub archived: bool,
    /// In which order.
    #[serde(default)]
    pub sort: Sort,
}

/// Whether a flag is switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is.
    On,
    /// It is not.
    Off,
}

fn separated<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let tags = text.split(',').map(str::trim).filter(|tag| !tag.is_empty());
    Ok(tags.map(str::to_owned).collect())
}

fn joined<S: Serializer>(tags: &[String], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&tags.join(","))
}

/// Who looks after a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum OwnerFilter {
    /// Whoever asks.
    Me,
    /// Somebody.
    User(UserId),
}

impl TryFrom<String> for OwnerFilter {
    type Error = &'static str;

    fn try_from(text: String) -> std::result::Result<Self, &'static str> {
        match text.as_str() {
            "me" => Ok(Self::Me),
            id => id.parse().map(|id| Self::User(UserId(id))).map_err(|_| "a person's id, or `me`"),
        }
    }
}

impl From<OwnerFilter> for String {
    fn from(owner: OwnerFilter) -> Self {
        match owner {
            OwnerFilter::Me => "me".to_owned(),
            OwnerFilter::User(id) => id.to_string(),
        }
    }
}

impl FlagFilter {
    /// Checks what depends on more than one field.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the paths that the API knows them by.
    pub fn check(&self) -> Result<()> {
        match (self.state, &self.environment) {
            (Some(_), None) => Err(Error::invalid("environment", "is needed with `state`")),
            _ => Ok(()),
        }
    }
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

/// A page of flags for those who look at one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlagTable {
    /// When it was asked for, which is what "an hour ago" is reckoned from.
    pub now: Millis,
    /// The environment.
    pub environment: EnvironmentKey,
    /// The flags, with what they do in every environment.
    pub list: FlagList,
    /// The tags that there are in the project, 200 at most.
    pub tags: Vec<String>,
}
