//! API keys: what applications sign in with.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::check::no_nul;
use crate::orgs::ProjectRef;
use crate::{ApiKeyId, EnvironmentKey, Millis};

/// Who holds a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// A server: may read rules and every flag.
    Server,
    /// A browser, where the key is public: may evaluate flags that are marked for browsers.
    Browser,
}

impl KeyKind {
    /// The name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Browser => "browser",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Server, Self::Browser].into_iter().find(|kind| kind.as_str() == name)
    }

    /// What a raw key of this kind starts with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Server => "tb",
            Self::Browser => "tbc",
        }
    }
}

/// Creates an API key for one environment.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// The project.
    pub project: ProjectRef,
    /// The environment that it evaluates.
    pub environment: EnvironmentKey,
    /// A name for people.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub name: String,
    /// Who will hold it.
    pub kind: KeyKind,
    /// When it stops working, if ever.
    #[serde(default)]
    pub expires_at: Option<Millis>,
}

/// An API key that was just made. The only time that the raw key is seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiKey {
    /// The id.
    pub id: ApiKeyId,
    /// The raw key.
    pub raw: String,
    /// What is shown of it afterwards.
    pub prefix: String,
}

/// The raw key never reaches a log.
impl std::fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewApiKey")
            .field("id", &self.id)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
