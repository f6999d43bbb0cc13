//! The context of an evaluation: who asks, and under which circumstances.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Attributes by name: a sorted slice over the request's bytes.
///
/// Names and texts without escapes are borrowed, and nested values are read only when a rule asks for them.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    entries: Vec<(Cow<'a, str>, Value<'a>)>,
}

/// The value of an attribute.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// Like a missing attribute. Also a number too large for a 64-bit float.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(Cow<'a, str>),
    /// An array or an object as JSON text, read when asked for.
    Json(&'a str),
    /// An array or an object that was read already.
    Tree(Cow<'a, serde_json::Value>),
}

/// A number in one canonical form, so that 1, 1.0 and 1e0 are the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number. Literals beyond 128 bits and those with a fraction or an exponent go through a 64-bit float.
    Int(i128),
    /// A finite number with a fraction.
    Float(f64),
}

/// Why a context could not be read.
#[derive(Debug)]
pub struct ContextError(serde_json::Error);

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ContextError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

impl<'a> Context<'a> {
    /// Reads a JSON object. Where a name occurs twice the later value counts.
    ///
    /// # Errors
    /// When the bytes are not one JSON object in UTF-8.
    pub fn from_json(bytes: &'a [u8]) -> Result<Self, ContextError> {
        serde_json::from_slice(bytes).map_err(ContextError)
    }

    /// Sets one attribute, replacing what was there.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: Value<'a>) {
        let name = name.into();
        match self.entries.binary_search_by(|(other, _)| other.as_ref().cmp(name.as_ref())) {
            Ok(found) => {
                if let Some(entry) = self.entries.get_mut(found) {
                    entry.1 = value;
                }
            }
            Err(place) => self.entries.insert(place, (name, value)),
        }
    }

    /// The attribute with exactly this name.
    pub fn attribute(&self, name: &str) -> Option<&Value<'a>> {
        let found = self.entries.binary_search_by(|(other, _)| other.as_ref().cmp(name)).ok()?;
        self.entries.get(found).map(|(_, value)| value)
    }

    /// The attribute at a dotted path. A literal name with dots wins over the path that it could be, on every level.
    pub fn get(&self, path: &str) -> Option<Value<'_>> {
        if let Some(value) = self.attribute(path) {
            return Some(value.borrowed());
        }
        path.match_indices('.').find_map(|(dot, _)| {
            let (head, rest) = (path.get(..dot)?, path.get(dot + 1..)?);
            let tree = self.attribute(head)?.tree()?;
            step(&tree, rest).map(|value| Value::from_tree(Cow::Owned(value.clone())))
        })
    }

    /// The user's id: `targetingKey`, else `userId`.
    pub fn user(&self) -> Option<&Value<'a>> {
        let present = |name| self.attribute(name).filter(|value| !matches!(value, Value::Null));
        present("targetingKey").or_else(|| present("userId"))
    }
}

fn step<'v>(tree: &'v serde_json::Value, path: &str) -> Option<&'v serde_json::Value> {
    let object = tree.as_object()?;
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    path.match_indices('.').find_map(|(dot, _)| step(object.get(path.get(..dot)?)?, path.get(dot + 1..)?))
}

impl Value<'_> {
    pub(crate) fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(*value),
            Self::Text(value) => Value::Text(Cow::Borrowed(value)),
            Self::Json(value) => Value::Json(value),
            Self::Tree(value) => Value::Tree(Cow::Borrowed(value)),
        }
    }

    /// The value as a tree, where it is an array or an object.
    pub(crate) fn tree(&self) -> Option<Cow<'_, serde_json::Value>> {
        match self {
            Self::Json(text) => serde_json::from_str(text).ok().map(Cow::Owned),
            Self::Tree(tree) => Some(Cow::Borrowed(tree)),
            _ => None,
        }
    }

    /// The text that is hashed for a bucket and compared with an override: texts as they are, whole numbers in decimal.
    /// None for everything else, and for the empty text, which names nobody.
    pub(crate) fn identity(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
            Self::Number(Number::Int(int)) => Some(Cow::Owned(int.to_string())),
            _ => None,
        }
    }

    /// The text that rules compare: like [`Self::identity`], and also empty texts, booleans and fractions.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Bool(true) => Some(Cow::Borrowed("true")),
            Self::Bool(false) => Some(Cow::Borrowed("false")),
            Self::Number(Number::Int(int)) => Some(Cow::Owned(int.to_string())),
            Self::Number(Number::Float(float)) => Some(Cow::Owned(float.to_string())),
            Self::Null | Self::Json(_) | Self::Tree(_) => None,
        }
    }

    /// The value as a number, numeric texts included.
    pub(crate) fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => Number::parse(text),
            _ => None,
        }
    }
}

impl<'a> Value<'a> {
    pub(crate) fn from_tree(tree: Cow<'a, serde_json::Value>) -> Self {
        match tree {
            Cow::Borrowed(serde_json::Value::String(text)) => Self::Text(Cow::Borrowed(text)),
            Cow::Owned(serde_json::Value::String(text)) => Self::Text(Cow::Owned(text)),
            tree => match tree.as_ref() {
                serde_json::Value::Bool(value) => Self::Bool(*value),
                serde_json::Value::Number(number) => {
                    Number::parse(&number.to_string()).map_or(Self::Null, Self::Number)
                }
                serde_json::Value::Array(_) | serde_json::Value::Object(_) => Self::Tree(tree),
                serde_json::Value::Null | serde_json::Value::String(_) => Self::Null,
            },
        }
    }

    fn from_raw(raw: &'a RawValue) -> Self {
        let text = raw.get();
        match text.as_bytes() {
            [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => {
                Self::Text(Cow::Borrowed(text.get(1..text.len() - 1).unwrap_or_default()))
            }
            [b'"', ..] => serde_json::from_str(text).map_or(Self::Null, |text| Self::Text(Cow::Owned(text))),
            [b't', ..] => Self::Bool(true),
            [b'f', ..] => Self::Bool(false),
            [b'{' | b'[', ..] => Self::Json(text),
            _ => Number::parse(text).map_or(Self::Null, Self::Number),
        }
    }
}

impl Number {
    /// Reads a decimal number. None for anything else, and for what is beyond a 64-bit float.
    pub fn parse(text: &str) -> Option<Self> {
        // A JSON number, except that zeros may lead. Rust also reads "inf", "nan", "+1", ".5" and "1.".
        let mut digits = text.strip_prefix('-').unwrap_or(text).split('.');
        if !digits.all(|part| part.starts_with(|first: char| first.is_ascii_digit())) {
            return None;
        }
        if let Ok(int) = text.parse() {
            return Some(Self::Int(int));
        }
        let float: f64 = text.parse().ok()?;
        float.is_finite().then(|| Self::from_float(float))
    }

    #[expect(clippy::cast_possible_truncation, reason = "bounded by the check before it")]
    fn from_float(float: f64) -> Self {
        if float.fract() == 0.0 && float.abs() < 1e38 { Self::Int(float as i128) } else { Self::Float(float) }
    }

    #[expect(clippy::cast_precision_loss, reason = "only where one side is a float already")]
    fn as_float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.partial_cmp(b),
            (a, b) => a.as_float().partial_cmp(&b.as_float()),
        }
    }
}

impl<'a> From<&'a serde_json::Map<String, serde_json::Value>> for Context<'a> {
    fn from(map: &'a serde_json::Map<String, serde_json::Value>) -> Self {
        map.iter()
            .map(|(name, value)| (Cow::Borrowed(name.as_str()), Value::from_tree(Cow::Borrowed(value))))
            .collect()
    }
}

impl<'a> FromIterator<(Cow<'a, str>, Value<'a>)> for Context<'a> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Value<'a>)>>(pairs: I) -> Self {
        let mut entries: Vec<_> = pairs.into_iter().collect();
        // Stable, so that of equal names the later one stays last, and dedup keeps the first of a run: reverse twice.
        entries.reverse();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries.dedup_by(|(a, _), (b, _)| a == b);
        Self { entries }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Context<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ContextVisitor;
        impl<'de> Visitor<'de> for ContextVisitor {
            type Value = Context<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object of attributes")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Context<'de>, A::Error> {
                let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(8));
                while let Some(Name(name)) = map.next_key()? {
                    let raw: &'de RawValue = map.next_value()?;
                    pairs.push((name, Value::from_raw(raw)));
                }
                Ok(pairs.into_iter().collect())
            }
        }
        deserializer.deserialize_map(ContextVisitor)
    }
}

/// A name that is borrowed where it has no escapes; `Cow` alone always copies.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an attribute's name")
            }
            fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}
