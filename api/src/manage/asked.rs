//! What the query of an address asks, as a handler takes it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Object, RefOr, Required};
use validator::Validate;

use super::query::{Fields, parameter};
use crate::envelope::{Rejection, Result};

/// The fields of a query.
pub(super) struct Asked<T>(pub(super) T);

/// What the document says of a query's fields.
pub(super) trait Described {
    /// The fields.
    fn fields() -> Vec<Parameter>;
}

impl<S: Send + Sync, T: DeserializeOwned + Validate> FromRequestParts<S> for Asked<T> {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self> {
        Ok(Self(Fields::of(request)?.read()?))
    }
}

impl<T: Described> IntoParams for Asked<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        T::fields()
    }
}

/// A field that may be there.
pub(super) fn field(name: &str, description: &str, schema: ObjectBuilder) -> Parameter {
    parameter(name, description, RefOr::T(schema.build().into()))
}

/// A field that must be there.
pub(super) fn needed(name: &str, description: &str, schema: ObjectBuilder) -> Parameter {
    let mut field = field(name, description, schema);
    field.required = Required::True;
    field
}

/// A text, and an example of it.
pub(super) fn text(example: &str) -> ObjectBuilder {
    Object::builder().schema_type(Type::String).examples([example])
}

/// One of some words.
pub(super) fn word(words: &[&str]) -> ObjectBuilder {
    text(words.first().copied().unwrap_or_default()).enum_values(Some(words.to_vec()))
}

/// A whole number, and an example of it.
pub(super) fn number(example: i64) -> ObjectBuilder {
    Object::builder().schema_type(Type::Integer).examples([example])
}

/// How many a page has.
pub(super) fn limit() -> Parameter {
    let number = number(50).minimum(Some(1)).maximum(Some(100));
    field("limit", "How many there are in one answer at most; 50 unless said.", number)
}

/// Where a page begins.
pub(super) fn cursor() -> Parameter {
    let description = "Where the answer begins: `next` of the one before, with the same filter and order.";
    field("cursor", description, text("W1sic2VnbWVudHMiLCJrZXkiLG51bGxdLFsiYSIsImEiXV0"))
}
