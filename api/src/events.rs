//! What applications have evaluated themselves: `/api/v1/events`.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use domain::Error;
use domain::usage::Report;

use crate::auth::Asked;
use crate::openapi::{Elsewhere, TooOften, Unauthenticated, Unavailable};
use crate::{Api, auth, body};

/// Reports what was evaluated without asking, in sums.
///
/// It counts as if it had been asked, for the environment of the key. A flag that is not there, or that the key may not see,
/// counts among all that are not; a variation that the flag does not have any more as none. It is written down within
/// seconds. A report with an `id` counts once, however often it is sent to one process.
#[utoipa::path(
    post, path = "/api/v1/events", operation_id = "reportUsage",
    tag = "Usage", security(("environment_key" = [])), request_body = Report,
    responses(
        (status = ACCEPTED, description = "It is counted."),
        Unauthenticated, Elsewhere, TooOften, Unavailable
    ),
)]
pub(crate) async fn report(State(api): State<Api>, request: Request) -> Asked {
    let admitted = auth::admit(&api, &request)?;
    let (head, body) = request.into_parts();
    if head.uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(Error::invalid("query", "belongs into the body of a POST").into());
    }
    let report: Report = domain::parse(&body::read(body).await?)?;
    report.check()?;
    let (caller, now) = (&admitted.caller, api.services.delivery().now());
    caller.used(now);
    caller.environment.report(caller.kind, &report, now)?;
    Ok(admitted.tell((StatusCode::ACCEPTED, [(CACHE_CONTROL, "no-store")]).into_response()))
}
