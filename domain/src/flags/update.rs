use engine::ruleset::{Kind, ValueType, Variation};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::create::are_tags;
use crate::check::{no_nul, present};
use crate::orgs::ProjectRef;
use crate::{FlagKey, Millis, UserId};

/// Changes what a flag is in all environments.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct UpdateFlag {
    /// The project.
    pub project: ProjectRef,
    /// The flag.
    pub key: FlagKey,
    /// What is to be otherwise.
    #[validate(nested)]
    pub changes: FlagChanges,
}

/// What is to be otherwise about a flag, field by field: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(examples(json!({
    "description": "One page instead of three.", "tags": ["checkout"], "owner": null, "version": 1
}))))]
#[serde(deny_unknown_fields)]
pub struct FlagChanges {
    /// The name for people.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    #[cfg_attr(feature = "openapi", schema(examples("Checkout, version 2")))]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 2000))]
    #[cfg_attr(feature = "openapi", schema(examples("One page instead of three.")))]
    pub description: Option<String>,
    /// All words to find it by.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    #[cfg_attr(feature = "openapi", schema(schema_with = super::create::tags_schema))]
    pub tags: Option<Vec<String>>,
    /// Who looks after it: the id of a member, or `null` for nobody.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<UserId>))]
    pub owner: Option<Option<UserId>>,
    /// Whether it is meant to be removed some day. Without it there is no expiry any more.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool))]
    pub temporary: Option<bool>,
    /// When a temporary flag should be gone by, or `null` for no time.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Millis>))]
    pub expires_at: Option<Option<Millis>>,
    /// Whether browser keys may see it. Reaches every environment.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool))]
    pub client_side: Option<bool>,
    /// All values that it can take. What is used somewhere cannot be left out. Reaches every environment.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 2, max = 50, message = "2 to 50 variations"))]
    #[cfg_attr(feature = "openapi", schema(schema_with = super::create::variations_schema))]
    pub variations: Option<Vec<Variation>>,
    /// The version that the author saw; another one there now is a conflict.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed where a protected environment is reached.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("Nobody needs the third page.")))]
    pub comment: Option<String>,
}

/// A whole flag, as it is to be: it is created where there is none with the key, else it is changed to this.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(examples(json!({
    "name": "Checkout, version 2", "description": "One page instead of three.", "tags": ["checkout"],
    "comment": "As the repository has it."
}))))]
#[serde(deny_unknown_fields)]
pub struct PutFlag {
    /// A name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, examples("Checkout, version 2"))
    )]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("One page instead of three.")))]
    pub description: String,
    /// The preset that a new flag starts with: `boolean` unless given. One that is there keeps its own, and has to be of
    /// the kind that is given.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// The type of its values: `boolean` for a new flag unless given. One that is there keeps its own, and has to be of the
    /// type that is given.
    #[serde(default)]
    pub value_type: Option<ValueType>,
    /// The values that it can take. Unless given, `on` and `off` for a new boolean flag, and those that it has for one that
    /// is there.
    #[serde(default)]
    #[validate(length(min = 2, max = 50, message = "2 to 50 variations"))]
    #[cfg_attr(feature = "openapi", schema(schema_with = super::create::variations_or_null_schema))]
    pub variations: Option<Vec<Variation>>,
    /// Whether browser keys may see it.
    #[serde(default)]
    pub client_side: bool,
    /// Words to find it by.
    #[serde(default)]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    #[cfg_attr(feature = "openapi", schema(schema_with = super::create::tags_schema))]
    pub tags: Vec<String>,
    /// Who looks after it: the id of a member, or `null` for nobody. Unless given, whoever creates it, or who does already.
    #[serde(default, deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<UserId>))]
    pub owner: Option<Option<UserId>>,
    /// Whether it is meant to be removed some day.
    #[serde(default)]
    pub temporary: bool,
    /// When a temporary flag should be gone by.
    #[serde(default)]
    pub expires_at: Option<Millis>,
    /// The version that the author saw; another one there now is a conflict.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed where a protected environment is reached.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("As the repository has it.")))]
    pub comment: Option<String>,
}
