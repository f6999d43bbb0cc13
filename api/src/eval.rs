//! Evaluation: `/api/v1/eval/flags` and `/api/v1/eval/flags/{key}`, by GET or POST.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Instant;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::Error;
use engine::{Context, Detail, Value};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use service::Delivery;
use service::delivery::Caller;
use validator::Validate;

use axum::extract::State;

use crate::auth::Authenticated;
use crate::body::Body;
use crate::envelope::Result;

type KeyPath = std::result::Result<Path<String>, PathRejection>;
type Ask = std::result::Result<Query<AskByQuery>, QueryRejection>;

/// `?userId=…&context={…}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskByQuery {
    #[serde(rename = "userId")]
    user_id: Option<String>,
    context: Option<String>,
}

/// `{"userId": "…", "context": {…}}`
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct AskByBody {
    #[serde(default, rename = "userId")]
    user_id: Option<String>,
    #[serde(default)]
    context: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct Answer<'a> {
    key: &'a str,
    enabled: bool,
    value: Option<&'a RawValue>,
    variation: Option<&'a str>,
    reason: engine::Reason,
    rule: Option<&'a str>,
    version: Option<u64>,
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<f64>,
}

#[derive(Serialize)]
struct Answers<'a> {
    flags: BTreeMap<&'a str, Answer<'a>>,
    revision: u64,
    latency_ms: f64,
}

pub(crate) async fn one_by_query(
    Authenticated(caller): Authenticated,
    State(delivery): State<Delivery>,
    key: KeyPath,
    ask: Ask,
) -> Result<Response> {
    let (Path(key), Query(ask)) = (key?, ask?);
    let context = context(ask.user_id, ask.context.as_deref())?;
    Ok(one(&delivery, &caller, &key, &context))
}

pub(crate) async fn one_by_body(
    Authenticated(caller): Authenticated,
    State(delivery): State<Delivery>,
    key: KeyPath,
    Body(body): Body,
) -> Result<Response> {
    let (Path(key), ask) = (key?, read(&body)?);
    let context = context(ask.user_id, ask.context.as_deref().map(RawValue::get))?;
    Ok(one(&delivery, &caller, &key, &context))
}

pub(crate) async fn all_by_query(
    Authenticated(caller): Authenticated,
    State(delivery): State<Delivery>,
    ask: Ask,
) -> Result<Response> {
    let Query(ask) = ask?;
    let context = context(ask.user_id, ask.context.as_deref())?;
    Ok(all(&delivery, &caller, &context))
}

pub(crate) async fn all_by_body(
    Authenticated(caller): Authenticated,
    State(delivery): State<Delivery>,
    Body(body): Body,
) -> Result<Response> {
    let ask = read(&body)?;
    let context = context(ask.user_id, ask.context.as_deref().map(RawValue::get))?;
    Ok(all(&delivery, &caller, &context))
}

fn one(delivery: &Delivery, caller: &Caller, key: &str, context: &Context<'_>) -> Response {
    let started = Instant::now();
    let snapshot = caller.environment.snapshot();
    let detail = snapshot.evaluate(caller.kind, key, context, delivery.now().0);
    json(&Answer { latency_ms: Some(elapsed_ms(started)), ..Answer::new(key, &detail) })
}

fn all(delivery: &Delivery, caller: &Caller, context: &Context<'_>) -> Response {
    let started = Instant::now();
    let snapshot = caller.environment.snapshot();
    let details = snapshot.evaluate_all(caller.kind, context, delivery.now().0);
    let flags = details.iter().map(|(key, detail)| (*key, Answer::new(key, detail))).collect();
    json(&Answers { flags, revision: snapshot.compiled().revision(), latency_ms: elapsed_ms(started) })
}

impl<'a> Answer<'a> {
    fn new(key: &'a str, detail: &Detail<'a>) -> Self {
        Self {
            key,
            enabled: detail.enabled,
            value: detail.value,
            variation: detail.variation,
            reason: detail.reason,
            rule: detail.rule,
            version: detail.version,
            revision: detail.revision,
            latency_ms: None,
        }
    }
}

/// An empty body asks without a context.
fn read(body: &[u8]) -> Result<AskByBody> {
    match body {
        [] => Ok(AskByBody { user_id: None, context: None }),
        body => Ok(domain::parse(body)?),
    }
}

/// `userId` beside the context wins over one inside it.
fn context(user_id: Option<String>, json: Option<&str>) -> Result<Context<'_>> {
    let mut context = match json {
        None => Context::default(),
        Some(json) => Context::from_json(json.as_bytes())
            .map_err(|error| Error::invalid("context", error.to_string()))?,
    };
    if let Some(user_id) = user_id {
        context.set("userId", Value::Text(Cow::Owned(user_id)));
    }
    Ok(context)
}

/// Milliseconds that the evaluation took, with three decimals: microseconds.
fn elapsed_ms(started: Instant) -> f64 {
    (started.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

fn json(answer: &impl Serialize) -> Response {
    match serde_json::to_vec(answer) {
        Ok(body) => {
            let mut response = Response::new(body.into());
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        // An answer is made of numbers and of texts that were JSON before.
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
