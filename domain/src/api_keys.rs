//! API keys: what applications sign in with.

use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::check::{no_nul, present};
use crate::orgs::ProjectRef;
use crate::{ApiKeyId, EnvironmentKey, Millis, Network, Page, UserId};

/// Who holds a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// Where it may be used from; none for anywhere.
    #[serde(default)]
    #[validate(custom(function = some_networks))]
    pub allowed_networks: Option<Vec<Network>>,
    /// How many requests it may make in a second; none for what the instance says, which is any number unless set.
    #[serde(default)]
    #[validate(range(min = 1, max = 1_000_000, message = "1 to 1 000 000 requests a second"))]
    pub rate_limit: Option<u32>,
}

/// Changes an API key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateApiKey {
    /// The project.
    pub project: ProjectRef,
    /// The key.
    pub api_key: ApiKeyId,
    /// What changes.
    pub changes: ApiKeyChanges,
}

/// What changes of an API key. What is not there stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiKeyChanges {
    /// A name for people.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    #[cfg_attr(
        feature = "openapi",
        schema(nullable = false, min_length = 1, max_length = 100, examples("Checkout service"))
    )]
    pub name: Option<String>,
    /// When it stops working; null for never.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Millis>))]
    pub expires_at: Option<Option<Millis>>,
    /// Where it may be used from: 1 to 100 networks or addresses; null for anywhere.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = some_networks))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<Network>>, min_items = 1, max_items = 100))]
    pub allowed_networks: Option<Option<Vec<Network>>>,
    /// How many requests it may make in a second; null for what the instance says, which is any number unless set.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 1_000_000, message = "1 to 1 000 000 requests a second"))]
    #[cfg_attr(
        feature = "openapi",
        schema(value_type = Option<u32>, minimum = 1, maximum = 1_000_000, examples(200))
    )]
    pub rate_limit: Option<Option<u32>>,
}

/// Makes an API key work no more, at once and for good.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RevokeApiKey {
    /// The project.
    pub project: ProjectRef,
    /// The key.
    pub api_key: ApiKeyId,
}

/// Puts a new API key with the same settings in the place of another, which works for a while yet.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// The project.
    pub project: ProjectRef,
    /// The key.
    pub api_key: ApiKeyId,
    /// For how many seconds both work.
    #[validate(range(max = 2_592_000, message = "0 to 2 592 000 seconds, which are 30 days"))]
    pub overlap_s: u32,
}

/// Which API keys are asked for: the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListApiKeys {
    /// The project.
    pub project: ProjectRef,
    /// Those of one environment, or of all.
    pub environment: Option<EnvironmentKey>,
    /// Which part of the list.
    pub page: Page,
}

/// The most networks that a key may be used from.
const MAX_NETWORKS: usize = 100;

fn some_networks(networks: &[Network]) -> Result<(), ValidationError> {
    match (1..=MAX_NETWORKS).contains(&networks.len()) {
        true => Ok(()),
        false => {
            Err(ValidationError::new("networks")
                .with_message("1 to 100 networks, or null for anywhere".into()))
        }
    }
}

/// Whether an API key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// It works.
    Active,
    /// It worked until its end.
    Expired,
    /// Somebody took it back.
    Revoked,
}

/// Who made an API key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyCreator {
    /// The person's id.
    pub id: UserId,
    /// Their name.
    #[cfg_attr(feature = "openapi", schema(examples("Ada Lovelace")))]
    pub name: String,
}

/// An API key as people see it: without what an application needs to use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyView {
    /// The id.
    pub id: ApiKeyId,
    /// What is shown of the raw key: its kind, its environment and six characters.
    #[cfg_attr(feature = "openapi", schema(examples("tb_dev_x7Kq2m")))]
    pub prefix: String,
    /// A name for people.
    #[cfg_attr(feature = "openapi", schema(examples("Checkout service")))]
    pub name: String,
    /// Who holds it.
    pub kind: KeyKind,
    /// The environment that it evaluates.
    pub environment: EnvironmentKey,
    /// Who made it; null where that person is gone, or it was Togglebit itself.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub creator: Option<KeyCreator>,
    /// When it was made.
    pub created_at: Millis,
    /// When it stops working, if ever.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub expires_at: Option<Millis>,
    /// When it was taken back, where it was.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub revoked_at: Option<Millis>,
    /// When it was used last, to within some seconds; null where it never was.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_used_at: Option<Millis>,
    /// The id of the key that it was rotated to; null where it was not.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub replaced_by: Option<ApiKeyId>,
    /// Where it may be used from; null for anywhere.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub allowed_networks: Option<Vec<Network>>,
    /// How many requests it may make in a second; null for what the instance says, which is any number unless set.
    #[cfg_attr(feature = "openapi", schema(required, examples(200)))]
    pub rate_limit: Option<u32>,
    /// Whether it works.
    pub status: KeyStatus,
}

/// Some of a project's API keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeysPage {
    /// The keys, the newest first.
    pub keys: Vec<ApiKeyView>,
    /// What the next part is asked for with, where there is one.
    pub next: Option<String>,
    /// How many there are altogether.
    pub total: u64,
}

/// An API key that was just made. The only time that the raw key is seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewApiKey {
    /// The raw key. Not there where the answer is given again, to a request with the same `Idempotency-Key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(nullable = false, examples("tb_dev_x7Kq2mB0c9LrVw3ZtYh5NfJ8sPdG1aEuQoXi6TkR"))
    )]
    pub raw: Option<String>,
    /// The key.
    pub key: ApiKeyView,
}

/// The raw key never reaches a log.
impl std::fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewApiKey").field("key", &self.key).finish_non_exhaustive()
    }
}
