use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{Configuration, Difference};
use crate::check::{no_nul, unique_map};
use crate::transfer::OnConflict;
use crate::{EnvironmentKey, FlagKey};

/// Makes flags do in one environment what they do in another.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PromoteFlags {
    /// The environment that they are taken from.
    pub from: EnvironmentKey,
    /// The environment that changes.
    #[cfg_attr(feature = "openapi", schema(examples("prod")))]
    pub to: EnvironmentKey,
    /// Which flags; all that are not archived where they are left out.
    #[serde(default)]
    #[validate(length(max = 1000, message = "at most 1000 flags"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub flags: Option<Vec<FlagKey>>,
    /// What of a flag is taken over.
    #[serde(default)]
    pub fields: PromotedFields,
    /// What happens where somebody changed a flag in the environment that changes.
    #[serde(default)]
    pub conflict: OnConflict,
    /// The versions in the environment that changes which the author saw, by the flags' keys. Another one there now is a
    /// conflict. A flag that is not named here has one if it was changed there since it was last promoted there, or at
    /// all if it never was.
    #[serde(default, deserialize_with = "unique_map")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, i64>))]
    pub versions: BTreeMap<FlagKey, i64>,
    /// Whether the answer is only to say what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// Why, for the audit log. Needed in a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("release 4.2")))]
    pub comment: Option<String>,
}

/// What of a flag is taken over into another environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PromotedFields {
    /// Whether it is on.
    Enabled,
    /// All but whether it is on.
    #[default]
    Targeting,
    /// All.
    All,
}

/// What a promotion did, or would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Promotion {
    /// The environment that the flags were taken from.
    pub from: EnvironmentKey,
    /// The environment that changed.
    pub to: EnvironmentKey,
    /// Whether nothing was changed, because only the plan was asked for.
    pub dry_run: bool,
    /// The revision that the environment has got; null where nothing was changed.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub revision: Option<i64>,
    /// The flags by their keys.
    pub flags: Vec<PromotedFlag>,
}

/// What became of a flag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromotedFlag {
    /// The flag's key.
    pub flag: FlagKey,
    /// What became of it.
    pub outcome: PromotionOutcome,
    /// Its version where it was taken from.
    pub from_version: i64,
    /// Its version in the environment that changes, before that.
    pub to_version: i64,
    /// Where the two environments differed in what is taken over.
    pub differences: Vec<Difference>,
}

/// What became of a flag that was to be promoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PromotionOutcome {
    /// It was the same already, and stays in its version.
    Same,
    /// It does now what it does where it was taken from.
    Promoted,
    /// Somebody changed it in the meantime, and it was left as it is.
    Skipped,
    /// Somebody changed it in the meantime, so that nothing would be promoted.
    Conflict,
    /// One of its stored configurations cannot be read, and it was left as it is.
    Unreadable,
}

impl PromotedFields {
    /// What a flag does after it was promoted.
    #[must_use]
    pub fn taken_over(self, from: &Configuration, to: &Configuration) -> Configuration {
        match self {
            Self::Enabled => Configuration { enabled: from.enabled, ..to.clone() },
            Self::Targeting => Configuration { enabled: to.enabled, ..from.clone() },
            Self::All => from.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, parse};

    #[test]
    fn a_flag_has_one_version() {
        let promotion = |versions: &str| {
            let text = format!(r#"{{"from":"dev","to":"prod","versions":{versions}}}"#);
            parse::<PromoteFlags>(text.as_bytes())
        };
        let versions = promotion(r#"{"menu":1,"Menu":2}"#).map(|it| it.versions.len());
        assert_eq!(versions, Ok(2));
        let Err(Error::Invalid { details }) = promotion(r#"{"menu":1,"a":1,"menu":2}"#) else {
            panic!("it was taken");
        };
        assert_eq!(details[0].path, "versions");
        assert!(details[0].message.starts_with("the key `menu` is there twice"), "{details:?}");
    }
}
