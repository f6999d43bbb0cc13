//! The context of an evaluation: who asks, and under which circumstances.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::value::{Value, splits};

/// Attributes by name: a sorted slice over the request's bytes.
///
/// Names and texts without escapes are borrowed, and nested values are read only when a rule asks for them.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    entries: Vec<(Cow<'a, str>, Value<'a>)>,
    /// The place of the user's id.
    user: Option<usize>,
}

/// Up to so many attributes are looked through one by one.
const FEW: usize = 16;

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
        self.find_user();
    }

    /// The attribute with exactly this name.
    pub fn attribute(&self, name: &str) -> Option<&Value<'a>> {
        self.place(name).and_then(|place| self.entries.get(place)).map(|(_, value)| value)
    }

    fn place(&self, name: &str) -> Option<usize> {
        if self.entries.len() <= FEW {
            // Names differ in length more often than not, which makes this the fastest way.
            return self.entries.iter().position(|(other, _)| other.as_ref() == name);
        }
        self.entries.binary_search_by(|(other, _)| other.as_ref().cmp(name)).ok()
    }

    /// Calls `f` with the attribute at a dotted path, if there is one. A literal name with dots wins over the path that
    /// it could be, on every level.
    pub(crate) fn with<R>(&self, path: &str, f: impl FnOnce(&Value<'_>) -> R) -> Option<R> {
        match self.attribute(path) {
            Some(value) => Some(f(value)),
            None => {
                let inside = |(head, rest)| self.attribute(head)?.inside(rest);
                splits(path).find_map(inside).as_ref().map(f)
            }
        }
    }

    /// Calls `f` with the attribute at a path, or with the user's id without one.
    pub(crate) fn with_by<R>(&self, path: Option<&str>, f: impl FnOnce(&Value<'_>) -> R) -> Option<R> {
        match path {
            Some(path) => self.with(path, f),
            None => self.user().map(f),
        }
    }

    /// The user's id: `targetingKey`, else `userId`.
    pub fn user(&self) -> Option<&Value<'a>> {
        self.entries.get(self.user?).map(|(_, value)| value)
    }

    fn find_user(&mut self) {
        let present = |name| {
            let place = self.place(name)?;
            self.entries.get(place).is_some_and(|(_, value)| !matches!(value, Value::Null)).then_some(place)
        };
        self.user = present("targetingKey").or_else(|| present("userId"));
    }
}

impl<'a> From<&'a serde_json::Map<String, serde_json::Value>> for Context<'a> {
    fn from(map: &'a serde_json::Map<String, serde_json::Value>) -> Self {
        map.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), Value::from_tree(value))).collect()
    }
}

impl<'a> FromIterator<(Cow<'a, str>, Value<'a>)> for Context<'a> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Value<'a>)>>(pairs: I) -> Self {
        let mut entries: Vec<_> = pairs.into_iter().collect();
        // Stable, so that of equal names the later one stays last, and dedup keeps the first of a run: reverse twice.
        entries.reverse();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries.dedup_by(|(a, _), (b, _)| a == b);
        let mut context = Self { entries, user: None };
        context.find_user();
        context
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
                    pairs.push((name, Value::from_text(raw.get())));
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
