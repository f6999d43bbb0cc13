//! What the query of a list of flags says.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::flags::{FlagFilter, FlagSort, OwnerFilter};
use domain::ruleset::Kind;
use domain::{EnvironmentKey, Error, UserId};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::json;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Required, Schema};
use utoipa::{IntoParams, PartialSchema};
use uuid::Uuid;

use crate::envelope::{Rejection, Result};

/// How many flags a page has unless said.
const LIMIT: u32 = 50;

/// Which flags are listed, in which order, and which of them are shown.
pub(super) struct Asked {
    pub(super) filter: FlagFilter,
    pub(super) sort: FlagSort,
    pub(super) limit: u32,
    pub(super) cursor: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self> {
        let query = request.uri.query().unwrap_or_default();
        if percent_decode_str(query).decode_utf8().is_err() {
            return Err(Error::invalid("query", "is not UTF-8").into());
        }
        let mut asked =
            Self { filter: FlagFilter::default(), sort: FlagSort::default(), limit: LIMIT, cursor: None };
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name != "tag" && seen.contains(&name) {
                return Err(Error::invalid(name, "is there more than once").into());
            }
            asked.take(&name, &value)?;
            seen.push(name);
        }
        // By the names that they have here.
        asked.filter.check()?;
        domain::validate(&asked.filter).map_err(named)?;
        Ok(asked)
    }
}

impl Asked {
    fn take(&mut self, name: &str, value: &str) -> Result<()> {
        let filter = &mut self.filter;
        match name {
            "q" => filter.text = Some(value.to_owned()),
            "kind" => filter.kind = Some(word(name, value)?),
            "environment" => filter.environment = Some(parsed::<EnvironmentKey>(name, value)?),
            "state" => {
                filter.enabled = Some(match value {
                    "on" => true,
                    "off" => false,
                    _ => return Err(Error::invalid(name, "`on` or `off`").into()),
                });
            }
            "tag" => {
                let tags = value.split(',').map(str::trim).filter(|tag| !tag.is_empty());
                filter.tags.extend(tags.map(str::to_owned));
            }
            "owner" if value == "me" => filter.owner = Some(OwnerFilter::Me),
            "owner" => filter.owner = Some(OwnerFilter::User(UserId(parsed::<Uuid>(name, value)?))),
            "stale" => filter.stale = Some(parsed(name, value)?),
            "archived" => filter.archived = parsed(name, value)?,
            "sort" => self.sort = word(name, value)?,
            "limit" => match value.parse() {
                Ok(limit @ 1..=100) => self.limit = limit,
                _ => return Err(Error::invalid(name, "1 to 100").into()),
            },
            "cursor" => self.cursor = Some(value.to_owned()),
            other => return Err(Error::invalid(other, "there is no such field").into()),
        }
        Ok(())
    }
}

/// One of the words that a type has.
fn word<T: DeserializeOwned>(name: &str, value: &str) -> Result<T> {
    Ok(serde_json::from_value(json!(value)).map_err(|error| Error::invalid(name, error.to_string()))?)
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, value: &str) -> Result<T> {
    Ok(value.parse().map_err(|error: T::Err| Error::invalid(name, error.to_string()))?)
}

/// The fields of the filter by the names that they have in the query.
fn named(error: Error) -> Error {
    let Error::Invalid { mut details } = error else { return error };
    for detail in &mut details {
        detail.path = match detail.path.as_str() {
            "text" => "q".to_owned(),
            "tags" => "tag".to_owned(),
            path => path.to_owned(),
        };
    }
    Error::Invalid { details }
}

impl IntoParams for Asked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = || Object::builder().schema_type(Type::String);
        let one_of = |words: &[&str]| text().enum_values(Some(words.to_vec())).examples([words[0]]);
        let flag = |example: bool| Object::builder().schema_type(Type::Boolean).examples([example]);
        let number = Object::builder().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(100));
        let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        let sorts = ["key", "-key", "name", "-name", "created", "-created", "updated", "-updated"];
        let owner = text().examples(["me", "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84"]);
        vec![
            written(
                "q",
                "What the key, the name, the description or a tag contains, in whatever case.",
                text().max_length(Some(200)).examples(["checkout"]),
            ),
            written("kind", "The type: the preset that its shape follows.", one_of(&kinds)),
            parameter(
                "environment",
                "The environment that `state` is about. What flags do is told of it alone.",
                EnvironmentKey::schema(),
            ),
            written("state", "Whether it is on in that environment.", one_of(&["on", "off"])),
            written(
                "tag",
                "A tag that it has. For several, all of which it has: with commas between them, or the field more than once.",
                text().examples(["checkout"]),
            ),
            written("owner", "Who looks after it: a person's id, or `me`.", owner),
            written("stale", "Whether it is temporary and should be gone by now.", flag(true)),
            written(
                "archived",
                "Whether archived flags are listed instead of those that are served.",
                flag(false),
            ),
            written("sort", "The order: `key` unless given; with a `-` from the end.", one_of(&sorts)),
            written("limit", "How many flags a page has at most: 50 unless given.", number.examples([50])),
            written(
                "cursor",
                "The `next` of the page before, with the same filter and sort.",
                text().examples(["eyJvZiI6IjAxIn0"]),
            ),
        ]
    }
}

fn written(name: &str, description: &str, schema: ObjectBuilder) -> Parameter {
    parameter(name, description, RefOr::T(schema.build().into()))
}

fn parameter(name: &str, description: &str, schema: RefOr<Schema>) -> Parameter {
    let parameter = Parameter::builder().name(name).parameter_in(ParameterIn::Query);
    parameter.required(Required::False).description(Some(description)).schema(Some(schema)).build()
}
