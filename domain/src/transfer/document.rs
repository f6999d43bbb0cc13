use std::collections::BTreeMap;

use engine::ruleset::{Kind, ValueType, Variation};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::check::{no_nul, present, unique_map};
use crate::flags::{Configuration, are_tags};
use crate::segments::Audience;
use crate::templates::Shape;
use crate::{EnvironmentKey, FlagKey, Millis, SegmentKey, TemplateKey};

/// The format that this version writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// A whole project: what its flags, segments and templates are, and what they do in its environments. It holds no ids, no
/// keys of applications and nothing of history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProjectDocument {
    /// The document's format: 1.
    #[validate(range(min = 1, max = 1, message = "this version reads format 1"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1, examples(1)))]
    pub format: u32,
    /// The project.
    #[validate(nested)]
    pub project: ProjectPart,
    /// The environments in their order.
    #[serde(default)]
    #[validate(nested)]
    pub environments: Vec<EnvironmentPart>,
    /// The segments by key.
    #[serde(default, deserialize_with = "unique_map")]
    pub segments: BTreeMap<SegmentKey, SegmentPart>,
    /// The flags by key, archived ones too.
    #[serde(default, deserialize_with = "unique_map")]
    pub flags: BTreeMap<FlagKey, FlagPart>,
    /// The templates by key.
    #[serde(default, deserialize_with = "unique_map")]
    pub templates: BTreeMap<TemplateKey, TemplatePart>,
}

/// What a project is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProjectPart {
    /// The name for people.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, examples("Shop")))]
    pub name: String,
}

/// An environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnvironmentPart {
    /// The key.
    pub key: EnvironmentKey,
    /// The name for people.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, examples("Development")))]
    pub name: String,
    /// The name of its colour.
    #[cfg_attr(feature = "openapi", schema(examples("sky")))]
    pub color: String,
    /// Whether changes need an admin. Where it is left out, that stays as it is; a new environment is not protected.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples(false)))]
    pub protected: Option<bool>,
}

/// A segment, and what it contains in each environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SegmentPart {
    /// The name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, examples("Beta testers")))]
    pub name: String,
    /// Who it is meant for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("People who asked for it")))]
    pub description: String,
    /// What it contains, by the environments' keys.
    #[serde(default, deserialize_with = "unique_map")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Audience>))]
    pub environments: BTreeMap<EnvironmentKey, Audience>,
}

/// A flag, and what it does in each environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FlagPart {
    /// The name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, examples("Checkout, version 2"))
    )]
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("One page instead of three.")))]
    pub description: String,
    /// The preset that its shape follows.
    pub kind: Kind,
    /// The type of its values.
    pub value_type: ValueType,
    /// Whether browser keys may see it.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub client_side: bool,
    /// The values that it can take.
    #[validate(length(min = 2, max = 50, message = "2 to 50 variations"))]
    pub variations: Vec<Variation>,
    /// The words to find it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    #[cfg_attr(feature = "openapi", schema(examples("checkout")))]
    pub tags: Vec<String>,
    /// The e-mail address of who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(examples("ada@example.com")))]
    pub owner: Option<String>,
    /// Whether it is meant to be removed some day.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub temporary: bool,
    /// When it should be gone by, if it is temporary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Millis>,
    /// Whether no environment serves it.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub archived: bool,
    /// What it does, by the environments' keys.
    #[serde(default, deserialize_with = "unique_map")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Configuration>))]
    pub environments: BTreeMap<EnvironmentKey, Configuration>,
}

/// A template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplatePart {
    /// The name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, examples("Kill switch")))]
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("What can be switched off.")))]
    pub description: String,
    /// What the flags are to be and do.
    pub shape: Shape,
}

fn is_false(value: &bool) -> bool {
    !*value
}
