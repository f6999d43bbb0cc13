//! Condition trees.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A condition tree.
///
/// On the wire `{"all": […]}`, `{"any": […]}`, `{"not": …}` or a test such as
/// `{"attribute": "plan", "op": "in", "values": ["pro", "team"]}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", untagged)]
pub enum Condition {
    /// Every one holds. Holds when empty.
    All {
        /// The parts.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        all: Vec<Condition>,
    },
    /// At least one holds. Does not hold when empty.
    Any {
        /// The parts.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        any: Vec<Condition>,
    },
    /// It does not hold.
    Not {
        /// What must not hold.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        not: Box<Condition>,
    },
    /// One attribute against values, or a segment's membership.
    Test(Test),
}

/// One attribute against values, or a segment's membership.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    feature = "openapi",
    schema(examples(json!({"attribute": "plan", "op": "in", "values": ["pro", "team"]})))
)]
pub struct Test {
    /// The attribute's name or dotted path. Absent for `in_segment` and `not_in_segment`.
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The comparison.
    pub op: Operator,
    /// What to compare with; for several, any of them will do (for the negative operators, none may).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

/// How an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal; holds for a missing attribute.
    Neq,
    /// Equal to any.
    In,
    /// Equal to none; holds for a missing attribute.
    NotIn,
    /// Text contains.
    Contains,
    /// Text does not contain; holds for a missing attribute.
    NotContains,
    /// Text starts with.
    StartsWith,
    /// Text ends with.
    EndsWith,
    /// Text matches a regular expression.
    Matches,
    /// Greater, as numbers.
    Gt,
    /// Greater or equal, as numbers.
    Gte,
    /// Less, as numbers.
    Lt,
    /// Less or equal, as numbers.
    Lte,
    /// Earlier, as times.
    Before,
    /// Later, as times.
    After,
    /// Equal, as semantic versions.
    SemverEq,
    /// Greater, as semantic versions.
    SemverGt,
    /// Greater or equal, as semantic versions.
    SemverGte,
    /// Less, as semantic versions.
    SemverLt,
    /// Less or equal, as semantic versions.
    SemverLte,
    /// An address inside a network.
    InCidr,
    /// The attribute is there and not null.
    Exists,
    /// The attribute is absent or null.
    NotExists,
    /// The context is in a segment.
    InSegment,
    /// The context is not in a segment.
    NotInSegment,
}

impl Operator {
    /// Whether the operator denies another one, and so holds where the attribute is missing.
    pub const fn is_negative(self) -> bool {
        matches!(self, Self::Neq | Self::NotIn | Self::NotContains | Self::NotExists | Self::NotInSegment)
    }

    /// Whether the operator asks for a segment's membership instead of an attribute.
    pub const fn is_segment(self) -> bool {
        matches!(self, Self::InSegment | Self::NotInSegment)
    }

    /// Whether the operator compares with values at all.
    pub const fn takes_values(self) -> bool {
        !matches!(self, Self::Exists | Self::NotExists)
    }
}

names!(
    Operator: Eq = "eq", Neq = "neq", In = "in", NotIn = "not_in", Contains = "contains",
    NotContains = "not_contains", StartsWith = "starts_with", EndsWith = "ends_with", Matches = "matches", Gt = "gt",
    Gte = "gte", Lt = "lt", Lte = "lte", Before = "before", After = "after", SemverEq = "semver_eq",
    SemverGt = "semver_gt", SemverGte = "semver_gte", SemverLt = "semver_lt", SemverLte = "semver_lte",
    InCidr = "in_cidr", Exists = "exists", NotExists = "not_exists", InSegment = "in_segment",
    NotInSegment = "not_in_segment"
);

/// Written by hand, because serde's untagged enums answer a wrong field with "did not match any variant" alone.
impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ConditionVisitor)
    }
}

struct ConditionVisitor;

const FIELDS: &[&str] = &["all", "any", "not", "attribute", "op", "values"];

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    All,
    Any,
    Not,
    Attribute,
    Op,
    Values,
}

impl<'de> Visitor<'de> for ConditionVisitor {
    type Value = Condition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a condition: an object with `all`, `any`, `not`, or `attribute`, `op` and `values`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
        let (mut group, mut attribute, mut op, mut values) = (None, None, None, None);
        while let Some(field) = map.next_key::<Field>()? {
            match field {
                Field::All => set(&mut group, Condition::All { all: map.next_value()? }, "all")?,
                Field::Any => set(&mut group, Condition::Any { any: map.next_value()? }, "any")?,
                Field::Not => set(&mut group, Condition::Not { not: map.next_value()? }, "not")?,
                Field::Attribute => set(&mut attribute, map.next_value()?, "attribute")?,
                Field::Op => set(&mut op, map.next_value()?, "op")?,
                Field::Values => set(&mut values, map.next_value()?, "values")?,
            }
        }
        match (group, op) {
            (Some(group), None) if attribute.is_none() && values.is_none() => Ok(group),
            (Some(_), _) => Err(A::Error::custom("a group of conditions has no other fields")),
            (None, Some(op)) => {
                Ok(Condition::Test(Test { attribute, op, values: values.unwrap_or_default() }))
            }
            (None, None) if attribute.is_none() && values.is_none() => Err(A::Error::custom(format_args!(
                "an empty condition: expected one of {}",
                FIELDS.join(", ")
            ))),
            (None, None) => Err(A::Error::missing_field("op")),
        }
    }
}

fn set<T, E: Error>(slot: &mut Option<T>, value: T, name: &'static str) -> Result<(), E> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom(format_args!("`{name}`: one condition holds one group or one test"))),
    }
}
