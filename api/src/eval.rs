//! Evaluation: `/api/v1/eval/flags` and `/api/v1/eval/flags/{key}`, by GET or POST.

use std::collections::BTreeMap;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use engine::{Context, Detail};
use serde::Serialize;
use serde_json::value::RawValue;
use service::Delivery;
use service::delivery::Caller;

use crate::ask::{self, Ask};
use crate::envelope::Result;
use crate::{auth, body};

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

pub(crate) async fn one_by_query(State(delivery): State<Delivery>, request: Request) -> Result<Response> {
    let caller = auth::caller(&delivery, request.headers())?;
    let (key, ask) = (ask::key(request.uri())?, Ask::query(request.uri())?);
    Ok(one(&delivery, &caller, &key, &ask.context()?))
}

pub(crate) async fn one_by_body(State(delivery): State<Delivery>, request: Request) -> Result<Response> {
    let caller = auth::caller(&delivery, request.headers())?;
    let (head, body) = request.into_parts();
    let key = ask::key(&head.uri)?;
    let body = body::read(body).await?;
    Ok(one(&delivery, &caller, &key, &Ask::body(&head.uri, &body)?.context()?))
}

pub(crate) async fn all_by_query(State(delivery): State<Delivery>, request: Request) -> Result<Response> {
    let caller = auth::caller(&delivery, request.headers())?;
    Ok(all(&delivery, &caller, &Ask::query(request.uri())?.context()?))
}

pub(crate) async fn all_by_body(State(delivery): State<Delivery>, request: Request) -> Result<Response> {
    let caller = auth::caller(&delivery, request.headers())?;
    let (head, body) = request.into_parts();
    let body = body::read(body).await?;
    Ok(all(&delivery, &caller, &Ask::body(&head.uri, &body)?.context()?))
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

/// Milliseconds that the evaluation took, with three decimals: microseconds.
fn elapsed_ms(started: Instant) -> f64 {
    (started.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// Most answers about one flag have fewer bytes.
const USUAL_SIZE: usize = 256;

fn json(answer: &impl Serialize) -> Response {
    let mut body = Vec::with_capacity(USUAL_SIZE);
    if serde_json::to_writer(&mut body, answer).is_err() {
        // An answer is made of numbers and of texts that were JSON before.
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
