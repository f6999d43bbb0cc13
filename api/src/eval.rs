//! Evaluation: `/api/v1/eval/flags` and `/api/v1/eval/flags/{key}`, by GET or POST.

use std::collections::BTreeMap;
use std::time::Instant;

use axum::body::Body as Sent;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Request};
use axum::response::{IntoResponse, Response};
use engine::{Context, Detail, Reason};
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use service::delivery::Evaluated;
use utoipa::ToSchema;
use utoipa::openapi::{Object, Type};

use crate::ask::{self, Ask, Body};
use crate::auth::{Admitted, Asked};
use crate::openapi::{Elsewhere, Invalid, NotModified, TooOften, Unauthenticated};
use crate::{Api, auth, body, caching};

/// Where all flags are asked for; one by its key below it.
pub(crate) const PATHS: [&str; 2] = ["/api/v1/eval/flags", "/api/eval/flags"];

/// What a flag's value is for a context, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = Evaluation)]
pub(crate) struct Answer<'a> {
    /// The key that was asked for.
    #[schema(examples("checkout-v2"))]
    key: &'a str,
    /// False exactly where the off variation, or nothing, was served.
    #[schema(examples(true))]
    enabled: bool,
    /// The served variation's value, any JSON; null where nothing was served.
    #[schema(value_type = Value, required)]
    value: Option<&'a RawValue>,
    /// The served variation's key; null where nothing was served.
    #[schema(required, examples("on"))]
    variation: Option<&'a str>,
    #[schema(schema_with = reason)]
    reason: Reason,
    /// The id of the rule that held, where one did.
    #[schema(required)]
    rule: Option<&'a str>,
    /// The flag's version in the environment; null where the flag is not there or cannot be read.
    #[schema(required, examples(2))]
    version: Option<u64>,
    /// The environment's revision that was evaluated.
    #[schema(examples(24))]
    revision: u64,
    /// Milliseconds that the evaluation took, to the microsecond, without reading the request. Not there where all flags
    /// were asked for, which have one time for all, and in what caches may keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    latency_ms: Option<f64>,
}

/// What the values of all flags are for a context, and why. Written by [`write_all`].
#[derive(ToSchema)]
#[schema(as = Evaluations)]
#[expect(dead_code, reason = "the document describes it")]
struct Answers<'a> {
    /// The flags by key.
    flags: BTreeMap<&'a str, Answer<'a>>,
    /// The environment's revision that was evaluated, the same for all.
    #[schema(examples(24))]
    revision: u64,
    /// Milliseconds that the evaluation took, to the microsecond, without reading the request. Not there in what caches may
    /// keep.
    #[schema(nullable = false, examples(0.159))]
    latency_ms: Option<f64>,
}

/// The names of today's reasons as examples, the usual one first: a client that took them for all would break on a new
/// one.
fn reason() -> Object {
    let description = "Why. There may be more reasons in the future.";
    let others = Reason::ALL.into_iter().filter(|reason| *reason != Reason::Boolean);
    let reasons = std::iter::once(Reason::Boolean).chain(others).map(|reason| json!(reason));
    Object::builder().schema_type(Type::String).description(Some(description)).examples(reasons).build()
}

/// One flag.
///
/// A flag that does not exist is an answer too: its value is null, which means to use one's own default.
#[utoipa::path(
    get, path = "/api/v1/eval/flags/{key}", operation_id = "evaluateFlag",
    tag = "Evaluation", security(("environment_key" = []), ()), params(Ask),
    responses((status = OK, description = "What it serves, and why.", body = Answer), NotModified, Invalid, Unauthenticated, Elsewhere, TooOften),
)]
pub(crate) async fn one_by_query(State(api): State<Api>, request: Request<Sent>) -> Asked {
    one_asked(&api, &request)
}

/// One flag, with the context in the body.
///
/// A flag that does not exist is an answer too: its value is null, which means to use one's own default.
#[utoipa::path(
    post, path = "/api/v1/eval/flags/{key}", operation_id = "evaluateFlagByBody",
    tag = "Evaluation", security(("environment_key" = [])), request_body = Body,
    responses((status = OK, description = "What it serves, and why.", body = Answer), Unauthenticated, Elsewhere, TooOften),
)]
pub(crate) async fn one_by_body(State(api): State<Api>, request: Request<Sent>) -> Asked {
    let admitted = auth::admit(&api, &request)?;
    let (head, body) = request.into_parts();
    let key = ask::key(&head.uri)?;
    let body = body::read(body).await?;
    Ok(one(&api, &admitted, &key, &Ask::body(&head.uri, &body)?.context()?, None))
}

/// All flags that the key may see.
///
/// All flags of one answer are of the same revision.
#[utoipa::path(
    get, path = "/api/v1/eval/flags", operation_id = "evaluateFlags",
    tag = "Evaluation", security(("environment_key" = []), ()), params(Ask),
    responses((status = OK, description = "What they serve, and why.", body = Answers), NotModified, Invalid, Unauthenticated, Elsewhere, TooOften),
)]
pub(crate) async fn all_by_query(State(api): State<Api>, request: Request<Sent>) -> Asked {
    all_asked(&api, &request)
}

/// All flags that the key may see, with the context in the body.
///
/// All flags of one answer are of the same revision.
#[utoipa::path(
    post, path = "/api/v1/eval/flags", operation_id = "evaluateFlagsByBody",
    tag = "Evaluation", security(("environment_key" = [])), request_body = Body,
    responses((status = OK, description = "What they serve, and why.", body = Answers), Unauthenticated, Elsewhere, TooOften),
)]
pub(crate) async fn all_by_body(State(api): State<Api>, request: Request<Sent>) -> Asked {
    let admitted = auth::admit(&api, &request)?;
    let (head, body) = request.into_parts();
    let body = body::read(body).await?;
    Ok(all(&api, &admitted, &Ask::body(&head.uri, &body)?.context()?, None))
}

/// Answers about the flag that a request's address asks for.
pub(crate) fn one_asked<B>(api: &Api, request: &Request<B>) -> Asked {
    let (admitted, ask) = auth::admit_asking(api, request)?;
    let key = ask::key(request.uri())?;
    Ok(one(api, &admitted, &key, &ask.context()?, Some(request.headers())))
}

/// Answers about all flags, as a request's address asks.
pub(crate) fn all_asked<B>(api: &Api, request: &Request<B>) -> Asked {
    let (admitted, ask) = auth::admit_asking(api, request)?;
    Ok(all(api, &admitted, &ask.context()?, Some(request.headers())))
}

/// Answers about one flag. `get` are the headers of a request whose address says all that is asked.
fn one(
    api: &Api,
    admitted: &Admitted,
    key: &str,
    context: &Context<'_>,
    get: Option<&HeaderMap>,
) -> Response {
    let started = Instant::now();
    let (caller, now) = (&admitted.caller, api.services.delivery().now());
    caller.used(now);
    let snapshot = caller.environment.snapshot();
    let flag = snapshot.evaluate(caller.kind, key, context, now.0);
    match get.filter(|_| caching::may_keep(caller)) {
        Some(headers) => {
            let text = write_one(&flag, None);
            caching::answer_text(api, headers, admitted, (snapshot.revision(), now), text)
        }
        None => admitted.tell(unkept(write_one(&flag, Some(started)))),
    }
}

/// Answers about all flags. `get` are the headers of a request whose address says all that is asked.
fn all(api: &Api, admitted: &Admitted, context: &Context<'_>, get: Option<&HeaderMap>) -> Response {
    let started = Instant::now();
    let (caller, now) = (&admitted.caller, api.services.delivery().now());
    caller.used(now);
    let snapshot = caller.environment.snapshot();
    let all = snapshot.evaluate_all(caller.kind, context, now.0);
    match get.filter(|_| caching::may_keep(caller)) {
        Some(headers) => {
            let text = write_all(all, snapshot.revision(), None);
            caching::answer_text(api, headers, admitted, (snapshot.revision(), now), text)
        }
        None => {
            let text = write_all(all, snapshot.revision(), Some(started));
            admitted.tell(unkept(text))
        }
    }
}

/// What [`Answer`] says of one flag, by hand: it is there already, most often.
fn write_one(flag: &Evaluated<'_>, started: Option<Instant>) -> Vec<u8> {
    let mut text = Vec::with_capacity(USUAL_SIZE);
    match flag.written(member) {
        Some(written) => {
            // A flag's key, which stands before the answer, is as long as it looks: it has nothing to escape.
            let key = "\"\":".len() + flag.key.len();
            text.extend_from_slice(written.get(key..).unwrap_or_default());
        }
        None => write_answer(&mut text, flag.key, &flag.detail),
    }
    end(&mut text, started);
    text
}

/// What [`Answers`] says, by hand: what is said of each flag is there already, most often.
fn write_all<'s>(
    all: impl Iterator<Item = Evaluated<'s>>,
    revision: u64,
    started: Option<Instant>,
) -> Vec<u8> {
    let mut text = Vec::with_capacity(USUAL_SIZE * all.size_hint().1.unwrap_or_default());
    text.extend(b"{\"flags\":{");
    for (place, flag) in all.enumerate() {
        if place > 0 {
            text.push(b',');
        }
        match flag.written(member) {
            Some(written) => text.extend_from_slice(written),
            None => text.extend(member(flag.key, &flag.detail)),
        }
    }
    text.extend(format!("}},\"revision\":{revision}}}").as_bytes());
    end(&mut text, started);
    text
}

/// Says at the end of an object how many milliseconds the evaluation took, to the microsecond, where it is said.
fn end(object: &mut Vec<u8>, started: Option<Instant>) {
    let Some(started) = started else { return };
    object.pop();
    object.extend(b",\"latency_ms\":");
    // Numbers can be written, and a vector takes them.
    let _ = serde_json::to_writer(&mut *object, &elapsed_ms(started));
    object.push(b'}');
}

/// A flag's key and its answer, as they stand among all. They are made of numbers and of texts that were JSON before.
fn member(key: &str, detail: &Detail<'_>) -> Vec<u8> {
    let mut text = Vec::with_capacity(USUAL_SIZE);
    let _ = serde_json::to_writer(&mut text, key);
    text.push(b':');
    write_answer(&mut text, key, detail);
    text
}

fn write_answer(text: &mut Vec<u8>, key: &str, detail: &Detail<'_>) {
    let _ = serde_json::to_writer(text, &Answer::new(key, detail));
}

impl<'a> Answer<'a> {
    pub(crate) fn new(key: &'a str, detail: &Detail<'a>) -> Self {
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

/// Milliseconds that the evaluation took, with three decimals: microseconds.
fn elapsed_ms(started: Instant) -> f64 {
    (started.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// Most answers about one flag have fewer bytes.
const USUAL_SIZE: usize = 256;

/// An answer that nobody may keep.
pub(crate) fn json(answer: &impl Serialize) -> Response {
    let mut body = Vec::with_capacity(USUAL_SIZE);
    if serde_json::to_writer(&mut body, answer).is_err() {
        // An answer is made of numbers and of texts that were JSON before.
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    unkept(body)
}

fn unkept(body: Vec<u8>) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
