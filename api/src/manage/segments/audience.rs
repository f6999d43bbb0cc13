//! What a segment contains in one environment.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::orgs::ProjectRef;
use domain::segments::{AudienceView, ChangeAudience, ReplaceAudience, SegmentPlace};
use service::{Actor, Services};

use super::super::command::{Answer, Command, Path, ok, part};
use super::super::organization::InProject;
use super::key;
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Conflict, Forbidden, NotFound, NotModified};

/// What a segment contains in one environment.
///
/// Lists may have a million keys. Of each the first 1 000 are shown, and how many there are.
#[utoipa::path(
    get, path = "/segments/{segment}/environments/{env}", operation_id = "getSegmentAudience", tag = "Segments",
    params(InProject),
    responses((status = OK, description = "The contents.", body = AudienceView), NotFound, NotModified),
)]
pub(in super::super) async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((segment, env)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let place = place(project, &segment, &env)?;
    Ok(etag::answer(&headers, &services.segments().audience(&actor, place).await?))
}

/// Changes what a segment contains in one environment, field by field.
///
/// A list that is given replaces the one that is there; long ones are uploaded. What would take a rule of some flag out of
/// service is refused, with the flag's name.
#[utoipa::path(
    patch, path = "/segments/{segment}/environments/{env}", operation_id = "changeSegmentAudience",
    tag = "Segments", params(InProject), request_body = ChangeAudience,
    responses(
        (status = OK, description = "The contents as they are now.", body = AudienceView),
        Forbidden, NotFound, Conflict
    ),
)]
pub(in super::super) async fn change(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((segment, env)): Path<(String, String)>,
    Command(command): Command<ChangeAudience>,
) -> Result<Answer<AudienceView>> {
    let place = place(project, &segment, &env)?;
    Ok(ok(services.segments().configure(&actor, place, command).await?))
}

/// Replaces what a segment contains in one environment.
///
/// What is absent is empty afterwards.
#[utoipa::path(
    put, path = "/segments/{segment}/environments/{env}", operation_id = "replaceSegmentAudience",
    tag = "Segments", params(InProject), request_body = ReplaceAudience,
    responses(
        (status = OK, description = "The contents as they are now.", body = AudienceView),
        Forbidden, NotFound, Conflict
    ),
)]
pub(in super::super) async fn replace(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((segment, env)): Path<(String, String)>,
    Command(command): Command<ReplaceAudience>,
) -> Result<Answer<AudienceView>> {
    let place = place(project, &segment, &env)?;
    Ok(ok(services.segments().replace(&actor, place, command).await?))
}

/// A segment in an environment, as the path has it.
pub(in super::super) fn place(project: ProjectRef, segment: &str, env: &str) -> Result<SegmentPlace> {
    let environment = part(env, &format!("environment `{env}`"))?;
    Ok(SegmentPlace { project, segment: key(segment)?, environment })
}
