//! What the query of an address says: with exactly its fields, each once, and by its own rules.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{Error, Page};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use validator::Validate;

use crate::envelope::{Rejection, Result};
pub(super) use crate::openapi::parameters::{
    field, needed, number, parameter, parameter_of, text, truth, word,
};

/// The one field that may be there more than once: as if it were there once, with commas.
const REPEATED: &str = "tag";

/// The fields of a query.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a request.
    pub(super) fn of(request: &Parts) -> Result<Self> {
        let query = request.uri.query().unwrap_or_default();
        if percent_decode_str(query).decode_utf8().is_err() {
            return Err(Error::invalid("query", "is not UTF-8").into());
        }
        let (repeated, mut fields): (Vec<_>, Vec<_>) =
            form_urlencoded::parse(query.as_bytes()).into_owned().partition(|(name, _)| name == REPEATED);
        let mut seen = BTreeSet::new();
        if let Some((name, _)) = fields.iter().find(|(name, _)| !seen.insert(name.as_str())) {
            return Err(Error::invalid(name, "is there more than once").into());
        }
        if !repeated.is_empty() {
            let values: Vec<_> = repeated.into_iter().map(|(_, value)| value).collect();
            fields.push((REPEATED.to_owned(), values.join(",")));
        }
        Ok(Self(fields))
    }

    /// What they are called.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Takes some of the fields out.
    pub(super) fn take(&mut self, names: &[&str]) -> Self {
        let all = std::mem::take(&mut self.0);
        let (taken, rest) = all.into_iter().partition(|(name, _)| names.contains(&name.as_str()));
        self.0 = rest;
        Self(taken)
    }

    /// Reads the fields.
    pub(super) fn read<T: DeserializeOwned + Validate>(self) -> Result<T> {
        let fields = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let parsed = form_urlencoded::parse(text.as_bytes());
        let value = domain::read(serde_urlencoded::Deserializer::new(parsed))?;
        domain::validate(&value)?;
        Ok(value)
    }
}

/// What a query asks, as a handler takes it.
pub(super) struct Asked<T>(pub(super) T);

/// What a query asks of a list, and which part of it.
pub(super) struct Listed<T>(pub(super) T, pub(super) Page);

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

impl<S: Send + Sync, T: DeserializeOwned + Validate> FromRequestParts<S> for Listed<T> {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self> {
        let mut fields = Fields::of(request)?;
        let page = fields.take(&Page::FIELDS).read()?;
        Ok(Self(fields.read()?, page))
    }
}

impl<T: Described> IntoParams for Asked<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        T::fields()
    }
}

impl<T: Described> IntoParams for Listed<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        T::fields().into_iter().chain(Page::fields()).collect()
    }
}

impl Described for Page {
    fn fields() -> Vec<Parameter> {
        let limit = number(50).minimum(Some(1)).maximum(Some(100));
        let cursor = text("eyJhZnRlciI6NDIsImxpc3QiOiIwMSJ9").min_length(Some(1));
        vec![
            field("limit", "How many there are in one answer at most; 50 unless said.", limit),
            field(
                "cursor",
                "Where the answer begins: `next` of the one before, with the same filter and order.",
                cursor,
            ),
        ]
    }
}
