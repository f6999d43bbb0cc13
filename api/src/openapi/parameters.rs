//! The fields of queries, as the document has them.

use utoipa::PartialSchema;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, Required};

/// A field that may be there.
pub(crate) fn field(name: &str, description: &str, schema: ObjectBuilder) -> Parameter {
    parameter(name, description, RefOr::T(schema.build().into()))
}

/// A field that must be there.
pub(crate) fn needed(name: &str, description: &str, schema: ObjectBuilder) -> Parameter {
    let mut field = field(name, description, schema);
    field.required = Required::True;
    field
}

/// A text, and an example of it.
pub(crate) fn text(example: &str) -> ObjectBuilder {
    Object::builder().schema_type(Type::String).examples([example])
}

/// One of some words.
pub(crate) fn word(words: &[&str]) -> ObjectBuilder {
    text(words.first().copied().unwrap_or_default()).enum_values(Some(words.to_vec()))
}

/// A whole number, and an example of it.
pub(crate) fn number(example: i64) -> ObjectBuilder {
    Object::builder().schema_type(Type::Integer).examples([example])
}

/// Whether something is so, and an example of it.
pub(crate) fn truth(example: bool) -> ObjectBuilder {
    Object::builder().schema_type(Type::Boolean).examples([example])
}

/// A field of a query, as the document has it.
pub(crate) fn parameter(name: &str, description: &str, schema: RefOr<Schema>) -> Parameter {
    let parameter = Parameter::builder().name(name).parameter_in(ParameterIn::Query);
    parameter.required(Required::False).description(Some(description)).schema(Some(schema)).build()
}

/// The same for a type that has a schema of its own.
pub(crate) fn parameter_of<T: PartialSchema>(name: &str, description: &str) -> Parameter {
    parameter(name, description, T::schema())
}
