//! Why an evaluation answered what it answered.

use serde::{Deserialize, Serialize};

/// Why a flag has the value that was served. The names are part of the wire format and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No flag has this key in the environment, or it is archived. The value is null: callers use their default.
    FlagNotFound,
    /// The flag is switched off in the environment. The off variation is served.
    FlagDisabled,
    /// The time lies outside the flag's window. The off variation is served.
    FlagExpired,
    /// A flag that this one depends on does not serve a variation that it asks for. The off variation is served.
    PrerequisiteFailed,
    /// An override names this context.
    OverrideMatch,
    /// A rule matches and serves one variation.
    SegmentMatch,
    /// No rule of a flag that serves through rules matches.
    SegmentNoMatch,
    /// The fallthrough is a rollout, and the bucket decided.
    PercentageRollout,
    /// A rule matches and its rollout's bucket decided.
    SegmentAndPercentage,
    /// The fixed fallthrough of a flag of the kind boolean.
    Boolean,
    /// The fixed fallthrough of a flag of another kind.
    Fallthrough,
    /// A rollout buckets by an attribute that the context lacks. The off variation is served.
    MissingBucketKey,
    /// The document is of a later format than this version reads. The value is null.
    UnknownType,
    /// The document cannot be read. The value is null.
    MalformedFlag,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 14] = [
        Self::FlagNotFound,
        Self::FlagDisabled,
        Self::FlagExpired,
        Self::PrerequisiteFailed,
        Self::OverrideMatch,
        Self::SegmentMatch,
        Self::SegmentNoMatch,
        Self::PercentageRollout,
        Self::SegmentAndPercentage,
        Self::Boolean,
        Self::Fallthrough,
        Self::MissingBucketKey,
        Self::UnknownType,
        Self::MalformedFlag,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FlagNotFound => "flag_not_found",
            Self::FlagDisabled => "flag_disabled",
            Self::FlagExpired => "flag_expired",
            Self::PrerequisiteFailed => "prerequisite_failed",
            Self::OverrideMatch => "override_match",
            Self::SegmentMatch => "segment_match",
            Self::SegmentNoMatch => "segment_no_match",
            Self::PercentageRollout => "percentage_rollout",
            Self::SegmentAndPercentage => "segment_and_percentage",
            Self::Boolean => "boolean",
            Self::Fallthrough => "fallthrough",
            Self::MissingBucketKey => "missing_bucket_key",
            Self::UnknownType => "unknown_type",
            Self::MalformedFlag => "malformed_flag",
        }
    }
}
