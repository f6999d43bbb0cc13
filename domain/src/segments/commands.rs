use engine::ruleset::Condition;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::Audience;
use crate::check::{no_nul, present};
use crate::orgs::{ProjectRef, suggest_slug};
use crate::{EnvironmentKey, Error, FieldError, Result, SegmentKey, Sort};

/// What a segment contains in one environment, named from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentPlace {
    /// The project.
    pub project: ProjectRef,
    /// The segment.
    pub segment: SegmentKey,
    /// The environment.
    pub environment: EnvironmentKey,
}

/// A new segment. It begins with the same contents in every environment.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NewSegment))]
#[serde(deny_unknown_fields)]
pub struct CreateSegment {
    /// The key; without it one that says the name.
    #[serde(default)]
    pub key: Option<SegmentKey>,
    /// A name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, examples("Beta testers")))]
    pub name: String,
    /// Who it is meant for.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("People who asked for it")))]
    pub description: String,
    /// The attribute that the lists name values of; the user's id unless set.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, examples("company")))]
    pub by: Option<String>,
    /// Always inside, unless excluded.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples("acme")))]
    pub included: Vec<String>,
    /// Never inside.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples("initech")))]
    pub excluded: Vec<String>,
    /// Who else is inside.
    #[serde(default)]
    pub when: Option<Condition>,
}

impl CreateSegment {
    /// What the segment contains from the beginning.
    pub fn audience(&self) -> Audience {
        let Self { key: _, name: _, description: _, by, included, excluded, when } = self.clone();
        Audience { by, included, excluded, when }.unique()
    }

    /// The key, or one that says the name.
    ///
    /// # Errors
    /// [`Error::Invalid`] where nothing of the name can be in a key, or no segment may have it.
    pub fn key(&self) -> Result<SegmentKey> {
        let key = match &self.key {
            Some(key) => key.clone(),
            None if self.name.contains(|letter: char| letter.is_ascii_alphanumeric()) => {
                suggest_slug(&self.name).parse().map_err(|_| Error::invalid("key", "is needed"))?
            }
            None => return Err(Error::invalid("key", "is needed: nothing of the name can be in a key")),
        };
        Error::refuse(check_key(&key, "key".to_owned()))?;
        Ok(key)
    }
}

/// The key that no segment may have: its page would have the address of the one that makes segments.
const RESERVED: &str = "new";

/// Refuses a key that is another address.
pub(crate) fn check_key(key: &SegmentKey, path: String) -> Vec<FieldError> {
    let message = format!("{RESERVED} is kept for the page that makes a segment");
    (key.as_str() == RESERVED).then_some(FieldError { path, message }).into_iter().collect()
}

/// Which of a project's segments are listed, and in which order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListSegments {
    /// What the key or the name contains, in whatever case.
    #[serde(default)]
    #[validate(length(max = 200, message = "at most 200 characters"), custom(function = no_nul))]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    pub sort: Sort,
}

/// Changes what a segment is called. What is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SegmentChange))]
#[serde(deny_unknown_fields)]
pub struct UpdateSegment {
    /// A name for people.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 200))]
    #[cfg_attr(feature = "openapi", schema(examples("Beta testers")))]
    pub name: Option<String>,
    /// Who it is meant for.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 2000))]
    #[cfg_attr(feature = "openapi", schema(examples("People who asked for it")))]
    pub description: Option<String>,
    /// The segment's version that the author saw; another one there now is a conflict.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub version: Option<i64>,
}

/// Deletes a segment that nothing uses.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SegmentConfirmation))]
#[serde(deny_unknown_fields)]
pub struct DeleteSegment {
    /// The segment's key, typed.
    #[cfg_attr(feature = "openapi", schema(examples("beta-testers")))]
    pub confirm: String,
    /// Why, for the audit log.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("nobody uses it")))]
    pub comment: Option<String>,
}

/// Changes what a segment contains in one environment, field by field. What is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AudienceChange))]
#[serde(deny_unknown_fields)]
pub struct ChangeAudience {
    /// The attribute that the lists name values of; with `null` the user's id.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 200))]
    #[cfg_attr(feature = "openapi", schema(examples("company")))]
    pub by: Option<Option<String>>,
    /// Always inside, unless excluded: the whole list.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples("acme")))]
    pub included: Option<Vec<String>>,
    /// Never inside: the whole list.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples("initech")))]
    pub excluded: Option<Vec<String>>,
    /// Who else is inside; with `null` nobody.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Condition>))]
    pub when: Option<Option<Condition>>,
    /// The version that the author saw; another one there now is a conflict.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(3)))]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed in a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("the second wave")))]
    pub comment: Option<String>,
}

impl ChangeAudience {
    /// Checks what is given by itself.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules.
    pub fn check(&self) -> Result<()> {
        crate::validate(self)?;
        self.clone().apply(Audience::default()).check()
    }

    /// What the segment contains with the change.
    pub fn apply(self, before: Audience) -> Audience {
        let audience = Audience {
            by: self.by.unwrap_or(before.by),
            included: self.included.unwrap_or(before.included),
            excluded: self.excluded.unwrap_or(before.excluded),
            when: self.when.unwrap_or(before.when),
        };
        audience.unique()
    }
}

/// Replaces what a segment contains in one environment. What is absent is empty afterwards.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Audience))]
#[serde(deny_unknown_fields)]
pub struct ReplaceAudience {
    /// The attribute that the lists name values of; the user's id unless set.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, examples("company")))]
    pub by: Option<String>,
    /// Always inside, unless excluded.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples("acme")))]
    pub included: Vec<String>,
    /// Never inside.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples("initech")))]
    pub excluded: Vec<String>,
    /// Who else is inside.
    #[serde(default)]
    pub when: Option<Condition>,
    /// The version that the author saw; another one there now is a conflict.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(3)))]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed in a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("the second wave")))]
    pub comment: Option<String>,
}

/// A replacement is a change that gives every field.
impl From<ReplaceAudience> for ChangeAudience {
    fn from(whole: ReplaceAudience) -> Self {
        let ReplaceAudience { by, included, excluded, when, version, comment } = whole;
        Self {
            by: Some(by),
            included: Some(included),
            excluded: Some(excluded),
            when: Some(when),
            version,
            comment,
        }
    }
}

/// One of the lists of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyList {
    /// Those who are always inside.
    Included,
    /// Those who are never inside.
    Excluded,
}

/// What becomes of a list with the keys that are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadMode {
    /// The list is them from now on.
    Replace,
    /// They are in it too.
    Add,
    /// They are in it no more.
    Remove,
}

/// What is to be done with keys that are sent as a text.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct UploadKeys {
    /// Which list.
    pub list: KeyList,
    /// What becomes of it.
    pub mode: UploadMode,
    /// For CSV: the column that has the keys, by its name in the first line. The first column without it.
    #[serde(default)]
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"))]
    pub column: Option<String>,
    /// For CSV: whether the first line has the columns' names. It has where a column is named.
    #[serde(default)]
    pub header: bool,
    /// The version that the author saw; another one there now is a conflict.
    #[serde(default)]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed in a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub comment: Option<String>,
}
