//! What was: versions of flags and segments, who made them and what changed, and why somebody was served what.

use std::collections::BTreeMap;

use engine::ruleset::{Flag, Segment};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use validator::Validate;

use crate::check::no_nul;
use crate::flags::Served;
use crate::{Change, EnvironmentKey, FlagKey, Millis};

/// Makes a new version that says what an old one said.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Rollback))]
#[serde(deny_unknown_fields)]
pub struct RollBack {
    /// The version whose content comes back.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, examples(3)))]
    pub to: i64,
    /// The version that the author saw; another one there now is a conflict.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(7)))]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed in a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("the new rule was too wide")))]
    pub comment: Option<String>,
}

/// When something was: at a revision, or at a time. Now where neither is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// The environment's revision.
    #[serde(default)]
    #[validate(range(min = 0, message = "from 0"))]
    pub revision: Option<i64>,
    /// The time.
    #[serde(default)]
    pub at: Option<Millis>,
}

impl Moment {
    /// Checks that it is one moment.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] where it is two.
    pub fn check(&self) -> crate::Result<()> {
        crate::validate(self)?;
        match (self.revision, self.at) {
            (Some(_), Some(_)) => Err(crate::Error::invalid("at", "not together with `revision`")),
            _ => Ok(()),
        }
    }
}

/// Asks what flags serve to a context, and why, now or at some moment.
#[derive(Clone, Debug)]
pub struct Evaluate {
    /// The environment.
    pub environment: EnvironmentKey,
    /// The flag; all of them without it.
    pub flag: Option<FlagKey>,
    /// The attributes of whoever asks: a JSON object.
    pub context: Option<Box<RawValue>>,
    /// The flags as they were then.
    pub moment: Moment,
    /// The time of the evaluation, where it is not that of the moment.
    pub now: Option<Millis>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Author {
    /// What they are: `user` or `system`. There may be more kinds in the future.
    #[cfg_attr(feature = "openapi", schema(examples("user")))]
    pub kind: String,
    /// The id of a person; for Togglebit itself why it acted.
    #[cfg_attr(feature = "openapi", schema(examples("0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84")))]
    pub id: String,
    /// The person's name; none of somebody whose account is gone.
    #[cfg_attr(feature = "openapi", schema(required, examples("Ada")))]
    pub name: Option<String>,
}

/// A page of versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Versions))]
pub struct VersionsPage {
    /// The versions, the newest first.
    pub versions: Vec<VersionRow>,
    /// What to ask for the next page with; none after the last one.
    #[cfg_attr(feature = "openapi", schema(required, examples("W1siZmxhZyIsImNoZWNrb3V0LXYyIl0sMTdd")))]
    pub next: Option<String>,
    /// How many there are on all pages.
    #[cfg_attr(feature = "openapi", schema(examples(12)))]
    pub total: u64,
}

/// A version of a flag or of a segment in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionRow {
    /// The version; none where it was taken out of the environment, by archiving or deleting it, and where what is stored
    /// cannot be read.
    #[cfg_attr(feature = "openapi", schema(required, examples(3)))]
    pub version: Option<i64>,
    /// The environment's revision that it came with.
    #[cfg_attr(feature = "openapi", schema(examples(17)))]
    pub revision: i64,
    /// When.
    pub at: Millis,
    /// Who made it.
    pub author: Author,
    /// What they did, as the audit log calls it.
    #[cfg_attr(feature = "openapi", schema(examples("flag.configured")))]
    pub action: String,
    /// Why, in their words.
    #[cfg_attr(feature = "openapi", schema(required, examples("the second wave")))]
    pub comment: Option<String>,
    /// What is different from the version before, the first 200 places; nothing for the first one, and where one of the
    /// two is not there or cannot be read. Keys of a segment's lists are places of their own, such as `included[user-1]`.
    pub changes: Vec<Change>,
    /// In how many more places it is different.
    #[cfg_attr(feature = "openapi", schema(examples(0)))]
    pub more_changes: u64,
}

/// A version of a flag in one environment, with what it said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagVersion {
    /// The version, and how it came about.
    #[serde(flatten)]
    pub version: VersionRow,
    /// The whole document, as evaluation reads it.
    #[cfg_attr(feature = "openapi", schema(value_type = Flag))]
    pub document: Value,
}

/// A version of a segment in one environment, with what it said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SegmentVersion {
    /// The version, and how it came about.
    #[serde(flatten)]
    pub version: VersionRow,
    /// The whole document, as evaluation reads it.
    #[cfg_attr(feature = "openapi", schema(value_type = Segment))]
    pub document: Value,
}

/// The version that a flag got by rolling back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RolledBack {
    /// The flag's version in the environment.
    #[cfg_attr(feature = "openapi", schema(examples(8)))]
    pub version: i64,
    /// The environment's revision.
    #[cfg_attr(feature = "openapi", schema(examples(24)))]
    pub revision: i64,
    /// The whole document, as evaluation reads it.
    pub document: Flag,
}

/// All flags and segments of an environment as they were: a ruleset, and what of it cannot be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastRuleset {
    /// The format of the ruleset itself.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub format: u32,
    /// The environment's key.
    pub environment: EnvironmentKey,
    /// The environment's revision.
    #[cfg_attr(feature = "openapi", schema(examples(17)))]
    pub revision: i64,
    /// The flags by key. Archived flags are absent.
    pub flags: BTreeMap<String, Flag>,
    /// The segments by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub segments: BTreeMap<String, Segment>,
    /// What is stored and cannot be read; absent where there is nothing of the kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
}

/// A stored document that cannot be read. Evaluation answers without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unreadable {
    /// What it is of: `flag` or `segment`.
    #[cfg_attr(feature = "openapi", schema(examples("flag")))]
    pub kind: String,
    /// The key of the flag or the segment.
    #[cfg_attr(feature = "openapi", schema(examples("checkout-v2")))]
    pub key: String,
    /// What is wrong with it.
    #[cfg_attr(feature = "openapi", schema(examples("missing field `variations`")))]
    pub message: String,
}

/// What flags serve to a context, and why.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Explained {
    /// The environment.
    pub environment: EnvironmentKey,
    /// The environment's revision that was evaluated.
    #[cfg_attr(feature = "openapi", schema(examples(17)))]
    pub revision: i64,
    /// The time of the evaluation.
    pub now: Millis,
    /// An explanation for each flag, by key: the answer that evaluation gives, and every step that led to it.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub flags: Vec<Box<RawValue>>,
}

/// A version of a flag as somebody looks at it who thinks of going back to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionReview {
    /// The version, and how it came about.
    pub version: VersionRow,
    /// The whole document, as evaluation reads it.
    pub document: Value,
    /// What it did, in short; none where this version of Togglebit cannot read it.
    pub did: Option<PastState>,
    /// The version that it is compared with: the one that was asked for, or the one that is there now. None where the flag
    /// is not in the environment any more.
    pub from: Option<i64>,
    /// What is different in it from that one. Compared with what is there now: what going back would change.
    pub changes: Vec<Change>,
    /// In how many more places it is different.
    pub more_changes: u64,
}

/// What a flag did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastState {
    /// Whether it was on.
    pub enabled: bool,
    /// The variation that it served while it was off.
    pub off_variation: String,
    /// What it served while it was on.
    pub served: Served,
}

/// Somebody's decision to switch a flag off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kill {
    /// The environment.
    pub environment: EnvironmentKey,
    /// When.
    pub at: Millis,
    /// Who.
    pub author: Author,
    /// Why, in their words.
    pub comment: Option<String>,
}
