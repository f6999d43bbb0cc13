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
    entries: Vec<Entry<'a>>,
    index: Index,
    /// The place of the user's id.
    user: Option<usize>,
}

/// One attribute.
#[derive(Clone, Debug)]
struct Entry<'a> {
    stamp: u64,
    name: Cow<'a, str>,
    value: Value<'a>,
}

/// The places of few entries by their stamps: a table with open addressing that is at most half full.
#[derive(Clone, Copy, Debug)]
struct Index([u8; SLOTS]);

const SLOTS: usize = 32;
/// Up to so many entries have an index; more are found by binary search.
const FEW: usize = SLOTS / 2;
const EMPTY: u8 = u8::MAX;

impl Default for Index {
    fn default() -> Self {
        Self([EMPTY; SLOTS])
    }
}

impl Index {
    fn of(entries: &[Entry<'_>]) -> Self {
        let mut index = Self::default();
        if entries.len() > FEW {
            return index;
        }
        for (place, entry) in (0..).zip(entries) {
            let free = probe(entry.stamp).find(|slot| index.0.get(*slot) == Some(&EMPTY));
            if let Some(slot) = free.and_then(|slot| index.0.get_mut(slot)) {
                *slot = place;
            }
        }
        index
    }

    /// The places that entries with this stamp may have.
    #[inline]
    fn places(&self, stamp: u64) -> impl Iterator<Item = usize> {
        let place = |slot| self.0.get(slot).copied().filter(|place| *place != EMPTY).map(usize::from);
        probe(stamp).map_while(place)
    }
}

/// The slots to try for a stamp, by multiplicative hashing: Knuth, The Art of Computer Programming 3, 6.4.
#[inline]
fn probe(stamp: u64) -> impl Iterator<Item = usize> {
    let first = (stamp.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 59) as usize;
    (first..first + SLOTS).map(|slot| slot % SLOTS)
}

/// The path of an attribute, ready to be looked up: as a document names it, or borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path<T = Box<str>> {
    text: T,
    stamp: u64,
}

impl<T: AsRef<str>> Path<T> {
    pub(crate) fn new(text: T) -> Self {
        Self { stamp: stamp(text.as_ref()), text }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.as_ref()
    }
}

/// The bytes that a stamp holds whole.
const STAMPED: usize = 7;

/// A name's length and first bytes: to compare numbers is several times as fast as to compare texts, and of short names
/// says everything.
fn stamp(name: &str) -> u64 {
    let length = u8::try_from(name.len()).unwrap_or(u8::MAX);
    name.bytes().take(STAMPED).fold(u64::from(length), |stamp, byte| (stamp << 8) | u64::from(byte))
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
        match self.entries.binary_search_by(|entry| entry.name.as_ref().cmp(name.as_ref())) {
            Ok(found) => {
                if let Some(entry) = self.entries.get_mut(found) {
                    entry.value = value;
                }
            }
            Err(place) => {
                self.entries.insert(place, Entry { stamp: stamp(&name), name, value });
                self.index = Index::of(&self.entries);
            }
        }
        self.find_user();
    }

    /// The attribute with exactly this name.
    pub fn attribute(&self, name: &str) -> Option<&Value<'a>> {
        self.find(&Path::new(name)).map(|(_, entry)| &entry.value)
    }

    /// All attributes in the order of their names.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.entries.iter().map(|entry| (entry.name.as_ref(), &entry.value))
    }

    #[inline]
    fn find(&self, path: &Path<impl AsRef<str>>) -> Option<(usize, &Entry<'a>)> {
        if self.entries.len() > FEW {
            return self.search(path.as_str());
        }
        let is_it = |entry: &&Entry<'_>| {
            let name = path.as_str();
            entry.stamp == path.stamp && (name.len() <= STAMPED || entry.name.as_ref() == name)
        };
        let mut candidates = self.index.places(path.stamp);
        candidates.find_map(|place| self.entries.get(place).filter(is_it).map(|entry| (place, entry)))
    }

    #[inline(never)]
    fn search(&self, name: &str) -> Option<(usize, &Entry<'a>)> {
        let place = self.entries.binary_search_by(|entry| entry.name.as_ref().cmp(name)).ok()?;
        self.entries.get(place).map(|entry| (place, entry))
    }

    /// Calls `f` with the attribute at a dotted path, if there is one. A literal name with dots wins over the path that
    /// it could be, on every level.
    #[inline]
    pub(crate) fn with<R>(&self, path: &Path<impl AsRef<str>>, f: impl FnOnce(&Value<'_>) -> R) -> Option<R> {
        let inside;
        let value = match self.find(path) {
            Some((_, entry)) => &entry.value,
            None => {
                inside = self.inside(path.as_str())?;
                &inside
            }
        };
        Some(f(value))
    }

    #[inline(never)]
    fn inside(&self, path: &str) -> Option<Value<'_>> {
        splits(path).find_map(|(head, rest)| self.attribute(head)?.inside(rest))
    }

    /// Calls `f` with the attribute at a path, or with the user's id without one.
    #[inline]
    pub(crate) fn with_by<R>(&self, path: Option<&Path>, f: impl FnOnce(&Value<'_>) -> R) -> Option<R> {
        match path {
            Some(path) => self.with(path, f),
            None => self.user().map(f),
        }
    }

    /// The user's id: `targetingKey`, else `userId`.
    pub fn user(&self) -> Option<&Value<'a>> {
        self.entries.get(self.user?).map(|entry| &entry.value)
    }

    fn find_user(&mut self) {
        let present = |name: &str| {
            let (place, entry) = self.find(&Path::new(name))?;
            (!matches!(entry.value, Value::Null)).then_some(place)
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
        let entry = |(name, value): (Cow<'a, str>, _)| Entry { stamp: stamp(&name), name, value };
        let mut entries: Vec<_> = pairs.into_iter().map(entry).collect();
        // Stable, so that of equal names the later one stays last, and dedup keeps the first of a run: reverse twice.
        entries.reverse();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries.dedup_by(|a, b| a.name == b.name);
        let mut context = Self { index: Index::of(&entries), entries, user: None };
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
