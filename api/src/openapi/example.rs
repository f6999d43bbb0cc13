//! Examples of whole bodies, put together from the examples of their fields.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Object, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// An example of what the schema allows; none where a field that is needed has none. Optional fields without an example
/// are left out, nullable ones are null.
pub(super) fn of(schema: &RefOr<Schema>, schemas: &Schemas) -> Option<Value> {
    match schema {
        RefOr::Ref(Ref { ref_location, .. }) => of(schemas.get(ref_location.rsplit('/').next()?)?, schemas),
        RefOr::T(Schema::Object(object)) => of_object(object, schemas),
        RefOr::T(Schema::Array(array)) => match (array.examples.first(), &array.items) {
            (Some(example), _) => Some(example.clone()),
            (None, ArrayItems::RefOrSchema(item)) => Some(Value::Array(vec![of(item, schemas)?])),
            (None, ArrayItems::False) => None,
        },
        // An optional reference is null or what it refers to.
        RefOr::T(Schema::OneOf(one)) => one.items.iter().rev().find_map(|item| of(item, schemas)),
        RefOr::T(_) => None,
    }
}

fn of_object(object: &Object, schemas: &Schemas) -> Option<Value> {
    if let Some(example) = object.examples.first().or(object.enum_values.iter().flatten().next()) {
        return Some(example.clone());
    }
    let allows = |wanted: Type| match &object.schema_type {
        SchemaType::Type(kind) => *kind == wanted,
        SchemaType::Array(kinds) => kinds.contains(&wanted),
        // Whatever is allowed: what flags mostly are.
        SchemaType::AnyValue => wanted == Type::Boolean,
    };
    if allows(Type::Null) {
        return Some(Value::Null);
    }
    if allows(Type::Boolean) {
        return Some(Value::Bool(true));
    }
    if !allows(Type::Object) {
        return None;
    }
    let mut fields = Map::new();
    for (name, schema) in &object.properties {
        let is_required = object.required.contains(name);
        match of(schema, schemas) {
            Some(Value::Null) if !is_required => {}
            Some(example) => {
                fields.insert(name.clone(), example);
            }
            None if is_required => return None,
            None => {}
        }
    }
    if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref() {
        let value = of(values, schemas)?;
        // What is kept by key says its key, too.
        let key = value.get("key").and_then(Value::as_str).unwrap_or("key").to_owned();
        fields.insert(key, value);
    }
    Some(Value::Object(fields))
}
