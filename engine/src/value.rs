//! The value of an attribute.

use std::borrow::Cow;

use crate::json;
use crate::number::Number;

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
    Tree(&'a serde_json::Value),
}

impl<'a> Value<'a> {
    /// Reads JSON text that is known to be well-formed. Texts without escapes are borrowed, arrays and objects left as
    /// they are.
    pub(crate) fn from_text(text: &'a str) -> Self {
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

    pub(crate) fn from_tree(tree: &'a serde_json::Value) -> Self {
        match tree {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => Number::from_json(number).map_or(Self::Null, Self::Number),
            serde_json::Value::String(text) => Self::Text(Cow::Borrowed(text)),
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => Self::Tree(tree),
        }
    }

    /// What lies at a path inside. A literal name with dots wins over the path that it could be, on every level.
    pub(crate) fn inside(&self, path: &str) -> Option<Value<'_>> {
        match self {
            Self::Json(text) => inside_text(text, path).map(Value::from_text),
            Self::Tree(tree) => inside_tree(tree, path).map(Value::from_tree),
            _ => None,
        }
    }

    /// Whether `f` holds for the value, or for any element where it is an array. An object has none.
    pub(crate) fn any(&self, mut f: impl FnMut(&Value<'_>) -> bool) -> bool {
        match self {
            Self::Json(text) => {
                let mut found = false;
                json::each_element(text, |element| {
                    found = f(&Value::from_text(element));
                    !found
                });
                found
            }
            Self::Tree(tree) => tree
                .as_array()
                .is_some_and(|elements| elements.iter().any(|element| f(&Value::from_tree(element)))),
            scalar => f(scalar),
        }
    }

    /// Calls `f` with the text that is hashed for a bucket and compared with an override: texts as they are, whole
    /// numbers in decimal. None for everything else, and for the empty text, which names nobody.
    #[inline]
    pub(crate) fn with_identity<R>(&self, f: impl FnOnce(&str) -> R) -> Option<R> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(f(text)),
            Self::Number(number @ Number::Int(_)) => Some(number.with_text(f)),
            _ => None,
        }
    }

    /// Calls `f` with the text that rules compare: like [`Self::with_identity`], and also empty texts, booleans and
    /// fractions.
    pub(crate) fn with_text<R>(&self, f: impl FnOnce(&str) -> R) -> Option<R> {
        match self {
            Self::Text(text) => Some(f(text)),
            Self::Bool(true) => Some(f("true")),
            Self::Bool(false) => Some(f("false")),
            Self::Number(number) => Some(number.with_text(f)),
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

/// The ways to split a path at one dot, from the first on.
pub(crate) fn splits(path: &str) -> impl Iterator<Item = (&str, &str)> {
    path.match_indices('.').filter_map(|(dot, _)| Some((path.get(..dot)?, path.get(dot + 1..)?)))
}

fn inside_text<'a>(text: &'a str, path: &str) -> Option<&'a str> {
    if !text.starts_with('{') {
        return None;
    }
    json::member(text, path)
        .or_else(|| splits(path).find_map(|(head, rest)| inside_text(json::member(text, head)?, rest)))
}

fn inside_tree<'v>(tree: &'v serde_json::Value, path: &str) -> Option<&'v serde_json::Value> {
    let object = tree.as_object()?;
    object.get(path).or_else(|| splits(path).find_map(|(head, rest)| inside_tree(object.get(head)?, rest)))
}
