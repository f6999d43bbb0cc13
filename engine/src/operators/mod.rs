//! What one attribute is compared with, compiled: everything that depends on the rule alone is done once.

mod moment;
mod network;
mod one_of;
mod order;
mod pattern;
mod text;
mod version;

use serde_json::Value as Json;

use crate::ruleset::{Operator, Test};
use crate::value::Value;

pub(crate) use pattern::Patterns;

/// What one value must be like.
#[derive(Debug)]
pub(crate) enum Matcher {
    Exists,
    OneOf(one_of::OneOf),
    Text(text::Text),
    Pattern(pattern::AnyPattern),
    Number(order::Ordered<crate::number::Number>),
    Moment(order::Ordered<moment::Moment>),
    Version(order::Ordered<version::Version<Box<str>>>),
    Network(network::Networks),
}

/// What a value was to a matcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    No,
    /// The value is not of a kind that the operator compares.
    NotComparable,
}

impl From<bool> for Match {
    fn from(held: bool) -> Self {
        if held { Self::Yes } else { Self::No }
    }
}

impl From<Option<bool>> for Match {
    fn from(held: Option<bool>) -> Self {
        held.map_or(Self::NotComparable, Self::from)
    }
}

impl Matcher {
    /// Compiles a test of an attribute.
    ///
    /// # Errors
    /// A sentence that says what cannot be compiled.
    pub(crate) fn compile(test: &Test, patterns: &mut Patterns) -> Result<Self, String> {
        use order::Order::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
        if test.op.takes_values() == test.values.is_empty() {
            let needs = if test.op.takes_values() { "needs" } else { "takes no" };
            return Err(format!("`{}` {needs} values", test.op.as_str()));
        }
        match test.op {
            Operator::Exists | Operator::NotExists => Ok(Self::Exists),
            Operator::Eq | Operator::Neq | Operator::In | Operator::NotIn => {
                one_of::OneOf::compile(test).map(Self::OneOf)
            }
            Operator::Contains | Operator::NotContains => {
                text::Text::compile(test, text::Part::Anywhere).map(Self::Text)
            }
            Operator::StartsWith => text::Text::compile(test, text::Part::Start).map(Self::Text),
            Operator::EndsWith => text::Text::compile(test, text::Part::End).map(Self::Text),
            Operator::Matches => patterns.compile(test).map(Self::Pattern),
            Operator::Gt => order::numbers(test, Greater).map(Self::Number),
            Operator::Gte => order::numbers(test, GreaterOrEqual).map(Self::Number),
            Operator::Lt => order::numbers(test, Less).map(Self::Number),
            Operator::Lte => order::numbers(test, LessOrEqual).map(Self::Number),
            Operator::Before => order::moments(test, Less).map(Self::Moment),
            Operator::After => order::moments(test, Greater).map(Self::Moment),
            Operator::SemverEq => order::versions(test, Equal).map(Self::Version),
            Operator::SemverGt => order::versions(test, Greater).map(Self::Version),
            Operator::SemverGte => order::versions(test, GreaterOrEqual).map(Self::Version),
            Operator::SemverLt => order::versions(test, Less).map(Self::Version),
            Operator::SemverLte => order::versions(test, LessOrEqual).map(Self::Version),
            Operator::InCidr => network::Networks::compile(test).map(Self::Network),
            Operator::InSegment | Operator::NotInSegment => {
                Err(format!("`{}` takes no attribute", test.op.as_str()))
            }
        }
    }

    /// Whether it holds for the value, or for any element where that is an array.
    #[inline(always)]
    pub(crate) fn holds(&self, value: &Value<'_>) -> bool {
        match (value, self) {
            // The most frequent of all tests, without the calls that the others need. Always inline: see BENCHMARKS.md.
            (Value::Text(text), Self::OneOf(set)) => set.has_text(text),
            (value, matcher) => matcher.any_holds(value),
        }
    }

    #[inline(never)]
    fn any_holds(&self, value: &Value<'_>) -> bool {
        match (value, self) {
            (Value::Json(_) | Value::Tree(_), Self::Exists) => true,
            (Value::Json(_) | Value::Tree(_), matcher) => {
                value.any(|value| matcher.compare(value) == Match::Yes)
            }
            (scalar, matcher) => matcher.compare(scalar) == Match::Yes,
        }
    }

    /// Compares one value that is no array.
    #[inline]
    pub(crate) fn compare(&self, value: &Value<'_>) -> Match {
        match self {
            Self::Exists => Match::from(!matches!(value, Value::Null)),
            Self::OneOf(set) => set.compare(value),
            Self::Text(text) => value.with_text(|value| text.holds(value)).into(),
            Self::Pattern(pattern) => value.with_text(|value| pattern.holds(value)).into(),
            Self::Number(bounds) => value.number().map(|number| bounds.hold(&number)).into(),
            Self::Moment(bounds) => moment::Moment::of(value).map(|moment| bounds.hold(&moment)).into(),
            Self::Version(bounds) => value
                .with_text(|text| version::Version::parse(text).map(|version| bounds.hold(&version)))
                .flatten()
                .into(),
            Self::Network(networks) => networks.compare(value),
        }
    }
}

/// What is said of a rule's value that an operator has no use for.
fn unusable(test: &Test, value: &Json) -> String {
    let mut shown = value.to_string();
    if let Some((end, _)) = shown.char_indices().nth(100) {
        shown.truncate(end);
        shown.push('…');
    }
    format!("`{}` cannot compare with {shown}", test.op.as_str())
}

/// Each of a rule's values, read.
fn values<T>(test: &Test, mut read: impl FnMut(&Json) -> Option<T>) -> Result<Box<[T]>, String> {
    test.values.iter().map(|value| read(value).ok_or_else(|| unusable(test, value))).collect()
}
