//! Objects are read from objects alone.
//!
//! What serde derives takes a list for a struct's fields in their order, at every depth; a list that was sent by mistake
//! would be read as something else than it says. Everything passes through, but a struct is asked for as a map.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

/// Around a deserializer, a visitor, a seed or an access: whatever comes out of it is wrapped as well.
pub(super) struct Objects<T>(pub(super) T);

macro_rules! pass_on {
    ($($method:ident($($argument:ident: $kind:ty),*))+) => {
        $(
            fn $method<V: Visitor<'de>>(self, $($argument: $kind,)* visitor: V) -> Result<V::Value, D::Error> {
                self.0.$method($($argument,)* Objects(visitor))
            }
        )+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Objects(visitor))
    }

    pass_on! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_char() deserialize_str() deserialize_string()
        deserialize_bytes() deserialize_byte_buf() deserialize_option() deserialize_unit() deserialize_seq()
        deserialize_map() deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! visit {
    ($($method:ident: $kind:ty,)+) => {
        $(
            fn $method<E: Error>(self, value: $kind) -> Result<V::Value, E> {
                self.0.$method(value)
            }
        )+
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Objects<V> {
    type Value = V::Value;

    visit! {
        visit_bool: bool,
        visit_i8: i8,
        visit_i16: i16,
        visit_i32: i32,
        visit_i64: i64,
        visit_i128: i128,
        visit_u8: u8,
        visit_u16: u16,
        visit_u32: u32,
        visit_u64: u64,
        visit_u128: u128,
        visit_f32: f32,
        visit_f64: f64,
        visit_char: char,
        visit_str: &str,
        visit_borrowed_str: &'de str,
        visit_string: String,
        visit_bytes: &[u8],
        visit_borrowed_bytes: &'de [u8],
        visit_byte_buf: Vec<u8>,
    }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Objects(inner))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Objects(inner))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Objects(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Objects(fields))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Objects(variant))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Objects(inner))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Objects(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Objects<A> {
    type Error = A::Error;
    type Variant = Objects<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Objects<A::Variant>), A::Error> {
        let (value, variant) = self.0.variant_seed(Objects(seed))?;
        Ok((value, Objects(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Objects(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(length, Objects(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        // Asked for by its fields, it would be taken from a list, too.
        self.0.newtype_variant_seed(Map(visitor))
    }
}

/// Reads a map with a visitor.
struct Map<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Map<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        inner.deserialize_map(Objects(self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use crate::{Error, read};

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Whole {
        part: Part,
        maybe: Option<Part>,
        list: Vec<Part>,
        by_key: BTreeMap<String, Part>,
        pair: (u8, Part),
        named: Named,
        one: One,
        any: Value,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Part {
        #[serde(default)]
        number: i64,
        #[serde(default)]
        text: String,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Named(Part);

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum One {
        #[default]
        Nothing,
        Wrapped(Part),
        Pair(u8, Part),
        Fields {
            #[serde(default)]
            number: i64,
        },
    }

    fn refusal(value: &Value) -> String {
        let mut paths = Vec::new();
        let text = value.to_string();
        let mut from_text = serde_json::Deserializer::from_str(&text);
        for read in [read::<Whole, _>(value), read(&mut from_text)] {
            let Err(Error::Invalid { details }) = read else { panic!("{value} was taken: {read:?}") };
            assert!(details[0].message.contains("sequence"), "{details:?}");
            paths.push(details[0].path.clone());
        }
        assert_eq!(paths[0], paths[1]);
        paths.remove(0)
    }

    /// A list is never taken for an object, wherever it is, and the refusal says where.
    #[test]
    fn a_list_is_no_object() {
        for (value, path) in [
            (json!([]), ""),
            (json!({"part": []}), "part"),
            (json!({"part": [1, "a"]}), "part"),
            (json!({"maybe": [1, "a"]}), "maybe"),
            (json!({"list": [{}, [1]]}), "list[1]"),
            (json!({"by_key": {"a": [1, "a"]}}), "by_key.a"),
            (json!({"pair": [1, [1, "a"]]}), "pair[1]"),
            (json!({"named": [1, "a"]}), "named"),
            (json!({"one": {"wrapped": [1, "a"]}}), "one.wrapped"),
            (json!({"one": {"pair": [1, [1, "a"]]}}), "one.pair[1]"),
            (json!({"one": {"fields": [1]}}), "one.fields"),
        ] {
            assert_eq!(refusal(&value), path, "{value}");
        }
    }

    /// Everything else is what it was without.
    #[test]
    fn everything_else_is_taken() {
        let part = json!({"number": -1, "text": "a"});
        for value in [
            json!({}),
            json!({"part": part, "maybe": part, "list": [part, {}], "by_key": {"a": part}}),
            json!({"pair": [1, part], "named": part, "maybe": null, "any": [1, [2.5], {"a": [null]}]}),
            json!({"one": "nothing"}),
            json!({"one": {"wrapped": part}}),
            json!({"one": {"pair": [1, part]}}),
            json!({"one": {"fields": {"number": 7}}}),
        ] {
            let expected: Whole = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(read::<Whole, _>(&value).unwrap(), expected, "{value}");
            let text = value.to_string();
            let mut from_text = serde_json::Deserializer::from_str(&text);
            assert_eq!(read::<Whole, _>(&mut from_text).unwrap(), expected, "{value}");
        }
    }
}
