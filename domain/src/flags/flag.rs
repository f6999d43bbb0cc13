use std::collections::BTreeMap;

use engine::ruleset::{Kind, ValueType, Variation};
use serde::{Deserialize, Serialize};

use super::Served;
use crate::{EnvironmentKey, FlagId, FlagKey, Millis, UserId};

/// A flag, as it is in all environments of its project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagView {
    /// The id.
    pub id: FlagId,
    /// The key.
    pub key: FlagKey,
    /// The name for people.
    #[cfg_attr(feature = "openapi", schema(examples("Checkout, version 2")))]
    pub name: String,
    /// What it is for.
    #[cfg_attr(feature = "openapi", schema(examples("One page instead of three.")))]
    pub description: String,
    /// The preset that its shape follows: its type.
    pub kind: Kind,
    /// The type of its values.
    pub value_type: ValueType,
    /// Whether browser keys may see it.
    pub client_side: bool,
    /// The values that it can take.
    pub variations: Vec<Variation>,
    /// The words to find it by, sorted.
    #[cfg_attr(feature = "openapi", schema(schema_with = super::create::tags_schema))]
    pub tags: Vec<String>,
    /// Who looks after it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub owner: Option<FlagOwner>,
    /// Whether it is meant to be removed some day.
    pub temporary: bool,
    /// When it should be gone by.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub expires_at: Option<Millis>,
    /// Whether it should be gone by now. It is served all the same.
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub stale: bool,
    /// Since when no environment serves it.
    #[cfg_attr(feature = "openapi", schema(required, examples(json!(null))))]
    pub archived_at: Option<Millis>,
    /// Counts the changes of what is said here, apart from those in environments.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub version: i64,
    /// Since when there is the flag.
    pub created_at: Millis,
    /// When what is said here last changed, apart from what it does in environments.
    pub updated_at: Millis,
    /// What it does in each environment, by the environments' keys.
    pub environments: BTreeMap<EnvironmentKey, FlagInEnvironment>,
}

/// Who looks after a flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagOwner {
    /// The person's id.
    pub id: UserId,
    /// The person's name.
    #[cfg_attr(feature = "openapi", schema(examples("Ada Lovelace")))]
    pub name: String,
}

/// What a flag does in one environment, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagInEnvironment {
    /// Whether it is on there.
    pub enabled: bool,
    /// What it serves while it is on; none where its stored configuration cannot be read.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub served: Option<Served>,
    /// The configuration's version; grows by one with each change there.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub version: i64,
    /// When it last changed there.
    pub updated_at: Millis,
    /// When it was last evaluated there, up to some seconds ago; null where nothing is known of it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_evaluated_at: Option<Millis>,
}
