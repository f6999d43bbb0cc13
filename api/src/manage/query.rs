//! What the query of an address says: with exactly its fields, each once, and by its own rules.

use std::collections::BTreeSet;

use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Error;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::PartialSchema;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{Object, Schema, Type};
use utoipa::openapi::{RefOr, Required};
use validator::Validate;

use crate::envelope::Result;

/// The fields of a query.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a request.
    pub(super) fn of(request: &Parts) -> Result<Self> {
        let query = request.uri.query().unwrap_or_default();
        let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let mut seen = BTreeSet::new();
        match fields.iter().find(|(name, _)| !seen.insert(name.as_str())) {
            Some((name, _)) => Err(Error::invalid(name, "is there more than once").into()),
            None => Ok(Self(fields)),
        }
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

/// Which part of a list is asked for.
#[derive(Clone, Debug, Deserialize, Validate)]
pub(super) struct Part {
    #[serde(default)]
    cursor: Option<String>,
    /// How many things the part has at most.
    #[serde(default = "fifty")]
    #[validate(range(min = 1, max = 100, message = "1 to 100"))]
    pub(super) limit: u64,
}

const fn fifty() -> u64 {
    50
}

/// What a cursor holds: where its part begins, and in which list.
#[derive(Serialize, Deserialize)]
struct Cursor<K> {
    after: K,
    list: String,
}

impl Part {
    /// The names of its fields.
    pub(super) const FIELDS: [&str; 2] = ["cursor", "limit"];

    /// Where the part begins, in the list that this says: its filter, and in which order it is.
    pub(super) fn begin<K: DeserializeOwned>(&self, list: &impl Serialize) -> Result<Option<K>> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let read = |text: &String| -> Option<Cursor<K>> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
        };
        match read(text) {
            Some(cursor) if cursor.list == name(list) => Ok(Some(cursor.after)),
            Some(_) => Err(Error::invalid("cursor", "it is one of another list").into()),
            None => Err(Error::invalid("cursor", "it is none that was answered").into()),
        }
    }

    /// The cursor of the part that begins after something, in the list that this says.
    pub(super) fn cursor(after: impl Serialize, list: &impl Serialize) -> String {
        let cursor = serde_json::to_vec(&Cursor { after, list: name(list) });
        URL_SAFE_NO_PAD.encode(cursor.unwrap_or_default())
    }

    /// What the document says of its fields.
    pub(super) fn parameters() -> Vec<Parameter> {
        let text = Object::builder().schema_type(Type::String).min_length(Some(1));
        let number = Object::builder().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(100));
        vec![
            parameter(
                "limit",
                "How many there are in one answer at most; 50 unless said.",
                RefOr::T(number.examples([50]).build().into()),
            ),
            parameter(
                "cursor",
                "Where the answer begins: `next` of the one before, with the same filter.",
                RefOr::T(text.examples(["eyJhZnRlciI6NDIsImxpc3QiOiIwMSJ9"]).build().into()),
            ),
        ]
    }
}

/// Tells lists apart: half of the SHA-256 of what is said of one.
fn name(list: &impl Serialize) -> String {
    let said = serde_json::to_vec(list).unwrap_or_default();
    Sha256::digest(said).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A field of a query, as the document has it.
pub(super) fn parameter(name: &str, description: &str, schema: RefOr<Schema>) -> Parameter {
    let parameter = Parameter::builder().name(name).parameter_in(ParameterIn::Query);
    parameter.required(Required::False).description(Some(description)).schema(Some(schema)).build()
}

/// The same for a type that has a schema of its own.
pub(super) fn parameter_of<T: PartialSchema>(name: &str, description: &str) -> Parameter {
    parameter(name, description, T::schema())
}
