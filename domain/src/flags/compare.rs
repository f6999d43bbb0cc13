use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use validator::Validate;

use super::Configuration;
use crate::diff::{Change, diff};
use crate::{EnvironmentKey, FlagKey};

/// Asks what flags do differently in two environments.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CompareEnvironments {
    /// The one environment.
    pub from: EnvironmentKey,
    /// The other one.
    #[cfg_attr(feature = "openapi", schema(examples("prod")))]
    pub to: EnvironmentKey,
    /// Which flags; all that are not archived where they are left out.
    #[serde(default)]
    #[validate(length(max = 1000, message = "at most 1000 flags"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub flags: Option<Vec<FlagKey>>,
}

/// What flags do differently in two environments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// The one environment.
    pub from: EnvironmentKey,
    /// The other one.
    pub to: EnvironmentKey,
    /// The flags by their keys.
    pub flags: Vec<ComparedFlag>,
}

/// A flag in two environments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComparedFlag {
    /// The flag's key.
    pub flag: FlagKey,
    /// Whether it does the same in both.
    pub status: ComparisonStatus,
    /// The version of its configuration in the one environment.
    pub from_version: i64,
    /// The version of its configuration in the other one, which a promotion may name as the one that was seen.
    pub to_version: i64,
    /// Where they differ.
    pub differences: Vec<Difference>,
}

/// Whether a flag does the same in two environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ComparisonStatus {
    /// It does.
    Same,
    /// It does not.
    Differs,
    /// One of its stored configurations cannot be read.
    Unreadable,
}

/// One place in which two configurations differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// Where: fields with dots between them, and items of lists in brackets, by their id where they have one.
    #[cfg_attr(feature = "openapi", schema(examples("rules[beta].serve.variation")))]
    pub path: String,
    /// What is there in the environment `from`; absent where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// What is there in the environment `to`; absent where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

impl Difference {
    /// What differs between two configurations.
    pub fn between(from: &Configuration, to: &Configuration) -> Vec<Self> {
        let difference = |Change { path, old, new }: Change| Self { path, from: old, to: new };
        diff(&whole(from), &whole(to)).into_iter().map(difference).collect()
    }
}

/// A configuration with its empty lists, so that what comes first into one is told apart.
fn whole(configuration: &Configuration) -> Value {
    let mut whole = json!({"prerequisites": [], "overrides": [], "rules": []});
    if let (Some(fields), Ok(Value::Object(own))) =
        (whole.as_object_mut(), serde_json::to_value(configuration))
    {
        fields.extend(own);
    }
    whole
}
