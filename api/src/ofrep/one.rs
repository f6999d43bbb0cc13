//! One flag, for servers, which ask each time.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::answer::Answer;
use super::body::{self as sent, Body};
use super::credentials;
use super::failure::{ErrorCode, Refusal};
use super::responses::{NoSuchFlag, Refused};
use crate::{Api, ask, body, eval};

/// One flag, for providers of OpenFeature.
///
/// A flag that is off, or serves nobody yet, has a value too: that of its off variation.
#[utoipa::path(
    post, path = "/ofrep/v1/evaluate/flags/{key}", operation_id = "evaluateOpenFeatureFlag",
    tag = "OpenFeature", security(("environment_key" = []), ("environment_key_header" = [])), request_body = Body,
    responses((status = OK, description = "What it serves, and why.", body = Answer), NoSuchFlag, Refused),
)]
pub(crate) async fn evaluate(State(api): State<Api>, request: Request) -> Response {
    let key = ask::any_key(request.uri()).into_owned();
    answer(&api, &key, request).await.unwrap_or_else(|refusal| refusal.answer(Some(&key)))
}

async fn answer(api: &Api, key: &str, request: Request) -> Result<Response, Refusal> {
    let admitted = credentials::admit(api, &request)?;
    let body = body::read(request.into_body()).await?;
    let context = sent::context(&body)?;
    let (caller, now) = (&admitted.caller, api.services.delivery().now());
    caller.used(now);
    let snapshot = caller.environment.snapshot();
    let detail = snapshot.evaluate(caller.kind, key, &context, now.0).detail;
    Ok(admitted.tell(match Answer::of(key, &detail) {
        Ok(answer) => eval::json(&answer.alone(caller.environment.key(), detail.revision)),
        Err(failure) => failure.respond(match failure.code {
            ErrorCode::FlagNotFound => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        }),
    }))
}
