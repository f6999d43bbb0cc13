//! What flags serve, in LaunchDarkly's format: `/api/v1/environments/{env}/flags`, by GET or POST.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::Error;
use engine::Context;
use serde::Serialize;
use serde_json::value::RawValue;
use service::delivery::{Caller, Evaluated};
use utoipa::ToSchema;

use crate::ask::{self, Ask, Body};
use crate::auth::{Admitted, Asked};
use crate::envelope::Result;
use crate::openapi::{Elsewhere, Invalid, NotFound, NotModified, TooOften, Unauthenticated};
use crate::{Api, auth, body, caching, eval};

/// What a flag's value is for a context, as LaunchDarkly's clients read it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LaunchDarklyEvaluation)]
struct Answer<'a> {
    /// The flag's own version, as of what is served.
    #[schema(examples(9))]
    flag_version: u64,
    /// Whether each evaluation is to be reported. True only where that was imported or configured so.
    #[schema(examples(false))]
    track_events: bool,
    /// The served variation's value, any JSON.
    #[schema(value_type = Value, required)]
    value: &'a RawValue,
    /// The served variation's place among the flag's variations.
    #[schema(examples(1))]
    variation: usize,
    /// The flag's version in the environment.
    #[schema(examples(435))]
    version: u64,
}

/// All flags that the key may see, in LaunchDarkly's format.
///
/// The environment is the key's own. A flag that cannot be read is left out. What is answered can be imported: see
/// `importLaunchDarkly`.
#[utoipa::path(
    get, path = "/api/v1/environments/{env}/flags", operation_id = "evaluateLaunchDarkly",
    tag = "Evaluation", security(("environment_key" = []), ()), params(Ask),
    responses(
        (status = OK, description = "What they serve.", body = BTreeMap<String, Answer>),
        NotModified, Invalid, Unauthenticated, Elsewhere, NotFound, TooOften
    ),
)]
pub(crate) async fn by_query(State(api): State<Api>, request: Request) -> Asked {
    let (admitted, ask) = auth::admit_asking(&api, &request)?;
    expect_environment(&admitted.caller, &request)?;
    Ok(all(&api, &admitted, &ask.context()?, Some(request.headers())))
}

/// All flags that the key may see, in LaunchDarkly's format, with the context in the body.
///
/// The environment is the key's own. A flag that cannot be read is left out. What is answered can be imported: see
/// `importLaunchDarkly`.
#[utoipa::path(
    post, path = "/api/v1/environments/{env}/flags", operation_id = "evaluateLaunchDarklyByBody",
    tag = "Evaluation", security(("environment_key" = [])), request_body = Body,
    responses(
        (status = OK, description = "What they serve.", body = BTreeMap<String, Answer>),
        Unauthenticated, Elsewhere, NotFound, TooOften
    ),
)]
pub(crate) async fn by_body(State(api): State<Api>, request: Request) -> Asked {
    let admitted = auth::admit(&api, &request)?;
    expect_environment(&admitted.caller, &request)?;
    let (head, body) = request.into_parts();
    let body = body::read(body).await?;
    Ok(all(&api, &admitted, &Ask::body(&head.uri, &body)?.context()?, None))
}

/// A key is good for its own environment. What other environments there are is nothing that it may know.
fn expect_environment(caller: &Caller, request: &Request) -> Result<()> {
    match ask::environment(request.uri()) == caller.environment.key() {
        true => Ok(()),
        false => Err(Error::not_found("environment").into()),
    }
}

/// Answers about all flags. `get` are the headers of a request whose address says all that is asked.
fn all(api: &Api, admitted: &Admitted, context: &Context<'_>, get: Option<&HeaderMap>) -> Response {
    let (caller, now) = (&admitted.caller, api.services.delivery().now());
    caller.used(now);
    let snapshot = caller.environment.snapshot();
    let details = snapshot.evaluate_all(caller.kind, context, now.0);
    // A flag that nothing can be served of is not there: its clients take their own defaults either way.
    let answers = details.filter_map(|Evaluated { key, detail, .. }| {
        let flag = snapshot.compiled().flag(key)?;
        let answer = Answer {
            flag_version: flag.version()?,
            track_events: flag.tracks_events(),
            value: detail.value?,
            variation: detail.variation_index?,
            version: detail.version?,
        };
        Some((key, answer))
    });
    let answers: BTreeMap<_, _> = answers.collect();
    match get.filter(|_| caching::may_keep(caller)) {
        Some(headers) => caching::answer(api, headers, admitted, (snapshot.revision(), now), &answers),
        None => admitted.tell(eval::json(&answers)),
    }
}
