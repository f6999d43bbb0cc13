//! The wire types of a ruleset: what is stored per revision, what SDKs and caches follow, and what evaluation compiles.
//!
//! Unknown fields are refused everywhere. A document that a later version wrote says so in `format`, and is then
//! answered with [`Reason::UnknownType`](crate::Reason::UnknownType) instead of being half understood.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

macro_rules! names {
    ($type:ident: $($variant:ident = $name:literal),+) => {
        impl $type {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// The one with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == name)
            }
        }
    };
}

mod condition;

pub use condition::{Condition, Operator, Test};

/// The newest document format that this version reads and the one that it writes.
pub const FORMAT: u32 = 1;

/// The newest evaluation semantics that this version knows and the one that new documents get.
///
/// A document keeps the number that it was written with, so that an old revision goes on meaning what it meant.
pub const SEMANTICS: u32 = 1;

/// The sum of the weights of a rollout: weights are thousandths of a percent.
pub const FULL_WEIGHT: u32 = 100_000;

/// All flags and segments of one environment at one revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ruleset {
    /// The format of the ruleset itself, see [`FORMAT`].
    pub format: u32,
    /// The environment's key.
    pub environment: String,
    /// The environment's revision; grows by one with each change.
    pub revision: u64,
    /// The flags by key. Archived flags are absent.
    pub flags: BTreeMap<String, Flag>,
    /// The segments by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub segments: BTreeMap<String, Segment>,
}

/// What one flag does in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// The document's format, see [`FORMAT`].
    pub format: u32,
    /// The evaluation semantics that the document was written for, see [`SEMANTICS`].
    pub semantics: u32,
    /// The flag's key, unique in its project.
    pub key: String,
    /// The configuration's version in this environment; grows by one with each change.
    pub version: u64,
    /// The version that the flag itself has in all environments. Told where it is asked for, as in LaunchDarkly's format.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub flag_version: u64,
    /// The preset that the flag's shape follows.
    pub kind: Kind,
    /// The type that all variations' values have.
    pub value_type: ValueType,
    /// Whether browser keys may see the flag.
    #[serde(default, skip_serializing_if = "is_false")]
    pub client_side: bool,
    /// Whether clients that speak LaunchDarkly's format are to report each evaluation.
    #[serde(default, skip_serializing_if = "is_false")]
    pub track_events: bool,
    /// The values that the flag can take, at least one.
    pub variations: Vec<Variation>,
    /// Whether the flag is switched on in this environment.
    pub enabled: bool,
    /// The key of the variation that is served while the flag is off.
    pub off_variation: String,
    /// When the flag may serve anything but its off variation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Flags that must serve certain variations first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<Prerequisite>,
    /// Values for named contexts, before the rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// Tried in order; the first whose condition holds serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// What is served where no rule matches.
    pub fallthrough: Serve,
}

/// The preset that a flag's shape follows. All are shapes of one general configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The fallthrough serves one variation.
    Boolean,
    /// The fallthrough is a rollout.
    Percentage,
    /// Rules serve a variation, the fallthrough serves the off variation.
    Segment,
    /// Rules serve a rollout, the fallthrough serves the off variation.
    Combined,
    /// Any other shape.
    Advanced,
}

/// The type of a flag's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// `true` or `false`.
    Boolean,
    /// Text.
    String,
    /// A JSON number.
    Number,
    /// Any JSON value.
    Json,
}

names!(
    Algorithm: Togglebit = "togglebit", Launchdarkly = "launchdarkly", Unleash = "unleash",
    UnleashVariant = "unleash_variant", GrowthbookV1 = "growthbook_v1", GrowthbookV2 = "growthbook_v2",
    Flagd = "flagd", Flagsmith = "flagsmith", FlagsmithSplit = "flagsmith_split"
);
names!(Kind: Boolean = "boolean", Percentage = "percentage", Segment = "segment", Combined = "combined", Advanced = "advanced");
names!(ValueType: Boolean = "boolean", String = "string", Number = "number", Json = "json");

/// One of the values that a flag can take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Variation {
    /// The variation's key, unique in its flag.
    #[cfg_attr(feature = "openapi", schema(examples("on")))]
    pub key: String,
    /// The value that callers get.
    pub value: serde_json::Value,
}

/// A time window. `from` is inside it, `until` is not. Epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// The first millisecond, or none for no beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The first millisecond that is outside again, or none for no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// From an object alone: what is derived would take an empty list for a window without bounds.
impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Bounds {
            #[serde(default)]
            from: Option<i64>,
            #[serde(default)]
            until: Option<i64>,
        }

        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Window;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Window, A::Error> {
                let Bounds { from, until } = Bounds::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Window { from, until })
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A flag that must serve one of some variations before this one serves anything but its off variation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Prerequisite {
    /// The other flag's key.
    pub flag: String,
    /// The keys of the variations that will do.
    pub variations: Vec<String>,
}

/// A variation for named contexts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Attribute → values: every attribute must have one of its values. Compared as text, like bucketing values.
    #[serde(rename = "match")]
    pub attributes: BTreeMap<String, Vec<String>>,
    /// The key of the variation to serve.
    pub variation: String,
}

/// A condition and what to serve where it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule's id, unique in its flag; answers name it.
    pub id: String,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The condition.
    pub when: Condition,
    /// What to serve where it holds.
    pub serve: Serve,
}

/// What to serve: one variation, or a share of each of several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Serve {
    /// The variation with this key.
    Variation(String),
    /// Weights over variations.
    Rollout(Rollout),
}

/// Weights over variations, decided by a hash of one attribute, so that an answer stays the same for the same person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// The attribute to bucket by; the user's id (`targetingKey`, else `userId`) unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket_by: Option<String>,
    /// The hash's seed; the flag's key unless set. Flags with one seed put the same people first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The hash and its mapping to buckets.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// The share of each variation, in the order in which they take their part of the buckets. Adds up to
    /// [`FULL_WEIGHT`].
    pub weights: Vec<Weight>,
    /// Weights that change with time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ramp: Option<Ramp>,
}

/// How an attribute's value becomes a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Algorithm {
    /// The project's own: MD5, integers, 100 000 buckets.
    #[default]
    Togglebit,
    /// LaunchDarkly's: SHA-1, 32-bit floats. The seed is `key.salt`, or the rollout's own seed.
    Launchdarkly,
    /// Unleash's gradual rollout: murmur3, whole percentages. The seed is the group id.
    Unleash,
    /// Unleash's variants: murmur3, thousandths. The seed is the group id.
    UnleashVariant,
    /// GrowthBook's first: FNV-1a, 1000 buckets.
    #[serde(rename = "growthbook_v1")]
    GrowthbookV1,
    /// GrowthBook's second: FNV-1a twice, 10 000 buckets.
    #[serde(rename = "growthbook_v2")]
    GrowthbookV2,
    /// flagd's from 0.15 on: murmur3, scaled to the weights. The seed stands right before the value.
    Flagd,
    /// Flagsmith's multivariate features: MD5 modulo 9999. The seed is the feature state's key.
    Flagsmith,
    /// Flagsmith's percentage split: as before, and at most the percentage is in. The seed is the segment's key.
    FlagsmithSplit,
}

/// One variation's share of a rollout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// The variation's key.
    pub variation: String,
    /// Its share in thousandths of a percent, from 0 to [`FULL_WEIGHT`].
    pub weight: u32,
}

/// Weights by time: a progressive rollout that is a pure function of the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ramp {
    /// What holds between two steps.
    #[serde(default)]
    pub interpolation: Interpolation,
    /// In the order of time. Before the first, the rollout's own weights hold.
    pub steps: Vec<Step>,
}

/// What holds between two steps of a ramp.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// The earlier step's weights.
    #[default]
    Step,
    /// A straight line from the earlier step's weights to the later one's.
    Linear,
}

/// The weights from one time on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Epoch milliseconds.
    pub at: i64,
    /// As in [`Rollout::weights`].
    pub weights: Vec<Weight>,
}

/// A reusable audience.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// The document's format, see [`FORMAT`].
    pub format: u32,
    /// The evaluation semantics that the document was written for, see [`SEMANTICS`].
    pub semantics: u32,
    /// The segment's key, unique in its project.
    pub key: String,
    /// The version in this environment; grows by one with each change.
    pub version: u64,
    /// The attribute that `included` and `excluded` name values of; the user's id unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Always inside, unless excluded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub included: Vec<String>,
    /// Never inside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Who else is inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

const fn first() -> u64 {
    1
}

fn is_first(version: &u64) -> bool {
    *version == first()
}
