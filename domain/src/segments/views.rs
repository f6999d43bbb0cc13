use engine::ruleset::Condition;
use serde::{Deserialize, Serialize};

use super::Audience;
use crate::{EnvironmentKey, FlagKey, Millis, SegmentKey};

/// How many keys of a list are shown at most. Lists may have very many more.
pub const SHOWN_KEYS: usize = 1_000;

/// A page of a project's segments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Segments))]
pub struct SegmentsPage {
    /// The segments, in the order that was asked for.
    pub segments: Vec<SegmentView>,
    /// What to ask for the next page with; none after the last one.
    #[cfg_attr(feature = "openapi", schema(required, examples("W1sia2V5IixudWxsXSwiYmV0YS10ZXN0ZXJzIl0")))]
    pub next: Option<String>,
    /// How many there are on all pages.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub total: u64,
}

/// A segment, and how much it contains in each environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SegmentView {
    /// The key.
    pub key: SegmentKey,
    /// The name for people.
    #[cfg_attr(feature = "openapi", schema(examples("Beta testers")))]
    pub name: String,
    /// Who it is meant for.
    #[cfg_attr(feature = "openapi", schema(examples("People who asked for it")))]
    pub description: String,
    /// The version of name and description; grows by one with each change.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub version: i64,
    /// When it was made.
    pub created_at: Millis,
    /// When name or description last changed.
    pub updated_at: Millis,
    /// How much it contains in each environment, in their order.
    pub environments: Vec<AudienceCounts>,
}

/// How much a segment contains in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AudienceCounts {
    /// The environment.
    pub environment: EnvironmentKey,
    /// How many keys are always inside.
    #[cfg_attr(feature = "openapi", schema(examples(2)))]
    pub included: i64,
    /// How many keys are never inside.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub excluded: i64,
    /// Whether a condition says who else is inside.
    pub has_condition: bool,
    /// The version in the environment; grows by one with each change.
    #[cfg_attr(feature = "openapi", schema(examples(3)))]
    pub version: i64,
    /// When it last changed there.
    pub updated_at: Millis,
}

/// What a segment contains in one environment. Of a list with more than 1 000 keys it has the first 1 000.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SegmentAudience))]
pub struct AudienceView {
    /// The segment.
    pub segment: SegmentKey,
    /// The environment.
    pub environment: EnvironmentKey,
    /// The version; grows by one with each change.
    #[cfg_attr(feature = "openapi", schema(examples(3)))]
    pub version: i64,
    /// When it last changed.
    pub updated_at: Millis,
    /// The attribute that the lists name values of; none for the user's id.
    #[cfg_attr(feature = "openapi", schema(required, examples("company")))]
    pub by: Option<String>,
    /// Always inside, unless excluded: the first 1 000 of them.
    #[cfg_attr(feature = "openapi", schema(max_items = 1000, examples("acme")))]
    pub included: Vec<String>,
    /// How many are always inside.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub included_count: u64,
    /// Never inside: the first 1 000 of them.
    #[cfg_attr(feature = "openapi", schema(max_items = 1000, examples("initech")))]
    pub excluded: Vec<String>,
    /// How many are never inside.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub excluded_count: u64,
    /// Whether both lists are here whole. Where they are not, they are changed by upload, not sent back.
    pub is_complete: bool,
    /// Who else is inside.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub when: Option<Condition>,
}

impl AudienceView {
    /// What is shown of an audience.
    pub fn new(
        (segment, environment): (SegmentKey, EnvironmentKey),
        (version, updated_at): (i64, Millis),
        audience: Audience,
    ) -> Self {
        let Audience { by, mut included, mut excluded, when } = audience;
        let count = |list: &[String]| u64::try_from(list.len()).unwrap_or(u64::MAX);
        let (included_count, excluded_count) = (count(&included), count(&excluded));
        let is_complete = included.len() <= SHOWN_KEYS && excluded.len() <= SHOWN_KEYS;
        included.truncate(SHOWN_KEYS);
        excluded.truncate(SHOWN_KEYS);
        Self {
            segment,
            environment,
            version,
            updated_at,
            by,
            included,
            included_count,
            excluded,
            excluded_count,
            is_complete,
            when,
        }
    }
}

/// What came of keys that were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Uploaded {
    /// How many keys were read, those too that came twice.
    #[cfg_attr(feature = "openapi", schema(examples(3)))]
    pub read: u64,
    /// How many are in the list that were not before.
    #[cfg_attr(feature = "openapi", schema(examples(2)))]
    pub added: u64,
    /// How many were in the list and are not any more.
    #[cfg_attr(feature = "openapi", schema(examples(0)))]
    pub removed: u64,
    /// How many are in the list now.
    #[cfg_attr(feature = "openapi", schema(examples(100_002)))]
    pub total: u64,
    /// The segment's version in the environment. It stays where the list does.
    #[cfg_attr(feature = "openapi", schema(examples(4)))]
    pub version: i64,
    /// The environment's revision. It stays where the list does.
    #[cfg_attr(feature = "openapi", schema(examples(24)))]
    pub revision: i64,
}

/// What uses a segment, in each environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SegmentUses {
    /// The environments in their order.
    pub environments: Vec<UsedInEnvironment>,
}

/// What uses a segment in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsedInEnvironment {
    /// The environment.
    pub environment: EnvironmentKey,
    /// The flags with rules that name it, by key. Archived ones are among them: they may be restored.
    pub flags: Vec<UsingFlag>,
    /// The segments whose condition names it, by key.
    pub segments: Vec<UsingSegment>,
}

/// A flag with rules that name a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsingFlag {
    /// The flag.
    pub key: FlagKey,
    /// Its name for people.
    #[cfg_attr(feature = "openapi", schema(examples("New checkout")))]
    pub name: String,
    /// Whether it is archived.
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub archived: bool,
    /// The ids of the rules.
    #[cfg_attr(feature = "openapi", schema(examples("beta")))]
    pub rules: Vec<String>,
}

/// A segment whose condition names another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsingSegment {
    /// The segment.
    pub key: SegmentKey,
    /// Its name for people.
    #[cfg_attr(feature = "openapi", schema(examples("Everybody inside")))]
    pub name: String,
}
