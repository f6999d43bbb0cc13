//! Looking into JSON text without making a tree of it: nothing is kept but what is asked for.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The member of an object with this name; of several the last. None where the text is no object.
pub(crate) fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut found = None;
    let visitor = Member { name, found: &mut found };
    let read = serde_json::Deserializer::from_str(object).deserialize_map(visitor);
    read.ok().and(found)
}

/// Calls `f` with each element of an array until it returns false. Nothing where the text is no array.
pub(crate) fn each_element<'a>(array: &'a str, f: impl FnMut(&'a str) -> bool) {
    // An element that cannot be read ends the array.
    let _ = serde_json::Deserializer::from_str(array).deserialize_seq(Elements(f));
}

struct Member<'n, 'f, 'a> {
    name: &'n str,
    found: &'f mut Option<&'a str>,
}

impl<'a> Visitor<'a> for Member<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(is_it) = map.next_key_seed(Is(self.name))? {
            match is_it {
                true => *self.found = Some(map.next_value::<&'a RawValue>()?.get()),
                false => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// Whether a name is this one.
struct Is<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

struct Elements<F>(F);

impl<'a, F: FnMut(&'a str) -> bool> Visitor<'a> for Elements<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element::<&'a RawValue>()? {
            if !(self.0)(element.get()) {
                break;
            }
        }
        Ok(())
    }
}
