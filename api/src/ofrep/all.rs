//! All flags, for pages, which keep what they are answered.

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;
use service::delivery::Evaluated;
use utoipa::ToSchema;

use super::answer::Answer;
use super::body::{self as sent, Body};
use super::credentials;
use super::failure::{Failure, Refusal};
use super::freshness::{self, Hints};
use super::responses::Refused;
use super::streams::{self, EventStream};
use crate::openapi::NotModified;
use crate::{Api, body, etag};

/// What the values of all flags are for a context, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepEvaluations)]
struct Answers<'a> {
    /// The flags, sorted by key.
    flags: Vec<Each<'a>>,
    metadata: Metadata<'a>,
    /// Where it is told that there is something new.
    #[serde(rename = "eventStreams")]
    event_streams: Vec<EventStream>,
}

/// What there is to say of one of all flags.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = OfrepEach)]
enum Each<'a> {
    Failed(Failure<'a>),
    Evaluated(Answer<'a>),
}

impl<'a> Each<'a> {
    fn of(evaluated: Evaluated<'a>) -> Self {
        Answer::of(evaluated.key, &evaluated.detail).map_or_else(Self::Failed, Self::Evaluated)
    }
}

/// What there is to say of all flags together.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepFlagSet)]
struct Metadata<'a> {
    /// The environment's key.
    #[serde(rename = "flagSetId")]
    #[schema(examples("dev"))]
    flag_set_id: &'a str,
}

/// All flags that the key may see, for providers of OpenFeature.
///
/// The tag is that of the whole answer: it stays the same until a flag that the key may see answers the context otherwise, or
/// has another version; and until midnight (UTC), when the stream has another address.
#[utoipa::path(
    post, path = "/ofrep/v1/evaluate/flags", operation_id = "evaluateOpenFeatureFlags",
    tag = "OpenFeature", security(("environment_key" = []), ("environment_key_header" = [])), params(Hints),
    request_body = Body,
    responses((status = OK, description = "What they serve, and why.", body = Answers), NotModified, Refused),
)]
pub(crate) async fn evaluate(State(api): State<Api>, request: Request) -> Response {
    answer(&api, request).await.unwrap_or_else(|refusal| refusal.answer(None))
}

async fn answer(api: &Api, request: Request) -> Result<Response, Refusal> {
    let admitted = credentials::admit(api, &request)?;
    let (head, body) = request.into_parts();
    let body = body::read(body).await?;
    let context = sent::context(&body)?;
    let (delivery, caller) = (api.services.delivery(), &admitted.caller);
    if let Some(revision) = freshness::revision(&head.uri, || delivery.epoch()) {
        delivery.reach(&caller.environment, revision).await;
    }
    let now = delivery.now();
    caller.used(now);
    let snapshot = caller.environment.snapshot();
    let evaluated = snapshot.evaluate_all(caller.kind, &context, now.0);
    let answers = Answers {
        flags: evaluated.map(Each::of).collect(),
        metadata: Metadata { flag_set_id: caller.environment.key() },
        event_streams: streams::event_streams(api, caller),
    };
    Ok(admitted.tell(etag::answer(&head.headers, &answers)))
}
