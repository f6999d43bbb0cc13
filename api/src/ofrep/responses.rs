//! The refusals of these routes, for the document.

use std::collections::BTreeMap;

use axum::http::header::RETRY_AFTER;
use domain::Error;
use serde_json::{Value, json};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{Object, Type};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::failure::Failure;
use crate::{auth, envelope};

/// What both routes refuse.
pub(super) struct Refused;

/// There is no flag with this key.
pub(super) struct NoSuchFlag;

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let of = |error: &Error, description: &str| {
            let example = json!({"errorCode": "GENERAL", "errorDetails": envelope::message(error)});
            (error.status(), response(description, example))
        };
        let header = |text: &str| {
            HeaderBuilder::new().schema(Object::with_type(Type::Integer)).description(Some(text)).build()
        };
        let bad =
            json!({"errorCode": "INVALID_CONTEXT", "errorDetails": "context: invalid type: integer `1`"});
        let bad = response("The body cannot be read, or a flag that was asked for alone.", bad);
        let elsewhere = Error::Forbidden { reason: auth::ELSEWHERE.to_owned() };
        let (status, often) =
            of(&Error::TooMany { retry_after: 1 }, "The key has asked as often in a second as it may.");
        let often = often
            .header(RETRY_AFTER.as_str(), header("After how many seconds."))
            .header("x-ratelimit-limit", header("How many requests it may make at once."))
            .header("x-ratelimit-remaining", header("How many it may make right now."));
        let all = [
            (400, bad),
            of(&Error::Unauthenticated, "No key, or one that is not valid."),
            of(&elsewhere, "The key may not be used from this address."),
            of(&Error::TooLarge { limit: crate::body::LIMIT as u64 }, "The body is larger than 1 MiB."),
            (status, often),
        ];
        all.into_iter().map(|(status, response)| (status.to_string(), response.build().into())).collect()
    }
}

impl IntoResponses for NoSuchFlag {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let details = "there is no such flag, or this key may not see it";
        let example = json!({"key": "nope", "errorCode": "FLAG_NOT_FOUND", "errorDetails": details});
        let response = response("There is no such flag, or the key may not see it.", example);
        BTreeMap::from([("404".to_owned(), response.build().into())])
    }
}

fn response(description: &str, example: Value) -> ResponseBuilder {
    let schema = Ref::from_schema_name(Failure::name());
    let content = Content::builder().schema(Some(schema)).example(Some(example)).build();
    ResponseBuilder::new().description(description).content("application/json", content)
}
