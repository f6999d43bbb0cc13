//! `/api/v1/manage/segments`: reusable audiences.

mod audience;
mod upload;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::segments::{
    CreateSegment, DeleteSegment, ListSegments, SegmentUses, SegmentView, SegmentsPage, UpdateSegment,
};
use domain::{SegmentKey, Sort};
use service::{Actor, Services};
use utoipa::openapi::path::Parameter;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::command::{Answer, Command, Create, Path, created, ok, part};
use super::organization::InProject;
use super::query::{Described, Listed, field, text, word};
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Conflict, Done, Forbidden, Invalid, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, update, delete))
        .routes(routes!(uses))
        .routes(routes!(audience::show, audience::change, audience::replace))
        .routes(routes!(upload::upload))
}

impl Described for ListSegments {
    fn fields() -> Vec<Parameter> {
        vec![
            field(
                "q",
                "What the key or the name contains, in whatever case.",
                text("beta").max_length(Some(200)),
            ),
            field(
                "sort",
                "The order: `key` unless said; with a `-` from the end.",
                word(&Sort::ALL.map(Sort::as_str)),
            ),
        ]
    }
}

/// The segments of a project.
#[utoipa::path(
    get, path = "/segments", operation_id = "listSegments", tag = "Segments",
    params(InProject, Listed<ListSegments>),
    responses(
        (status = OK, description = "A page of segments, with how much each contains.", body = SegmentsPage),
        Invalid, NotFound, NotModified
    ),
)]
async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Listed(query, page): Listed<ListSegments>,
    headers: HeaderMap,
) -> Result<Response> {
    Ok(etag::answer(&headers, &services.segments().list(&actor, &project, &query, &page).await?))
}

/// Creates a segment.
///
/// It has the same contents in every environment of its project, and goes its own way in each from then on. Without a key it
/// gets one that says its name. Its versions go on where those of a deleted segment with the same key ended.
#[utoipa::path(
    post, path = "/segments", operation_id = "createSegment", tag = "Segments",
    params(InProject, Create<CreateSegment>), request_body = CreateSegment,
    responses(
        (status = CREATED, description = "The segment.", body = SegmentView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn create(
    State(services): State<Services>,
    InProject(project): InProject,
    Create(actor, command): Create<CreateSegment>,
) -> Result<Answer<SegmentView>> {
    Ok(created(services.segments().create(&actor, &project, command).await?))
}

/// A segment.
///
/// It says how much the segment contains in each environment; the contents have addresses of their own.
#[utoipa::path(
    get, path = "/segments/{segment}", operation_id = "getSegment", tag = "Segments", params(InProject),
    responses(
        (status = OK, description = "The segment, with how much it contains.", body = SegmentView),
        NotFound, NotModified
    ),
)]
async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(segment): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    Ok(etag::answer(&headers, &services.segments().read(&actor, &project, &key(&segment)?).await?))
}

/// Changes a segment's name or description.
///
/// The key stays: rules name it.
#[utoipa::path(
    patch, path = "/segments/{segment}", operation_id = "updateSegment", tag = "Segments",
    params(InProject), request_body = UpdateSegment,
    responses(
        (status = OK, description = "The segment as it is now.", body = SegmentView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn update(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(segment): Path<String>,
    Command(command): Command<UpdateSegment>,
) -> Result<Answer<SegmentView>> {
    Ok(ok(services.segments().update(&actor, &project, key(&segment)?, command).await?))
}

/// Deletes a segment.
///
/// It is refused while the rules of a flag or the condition of another segment name it, in whatever environment; archived
/// flags count. The history stays.
#[utoipa::path(
    delete, path = "/segments/{segment}", operation_id = "deleteSegment", tag = "Segments",
    params(InProject), request_body = DeleteSegment,
    responses(Done, Forbidden, NotFound, Conflict),
)]
async fn delete(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(segment): Path<String>,
    Command(command): Command<DeleteSegment>,
) -> Result<StatusCode> {
    services.segments().delete(&actor, &project, key(&segment)?, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What uses a segment: flags and other segments, in each environment.
#[utoipa::path(
    get, path = "/segments/{segment}/uses", operation_id = "getSegmentUses", tag = "Segments",
    params(InProject),
    responses(
        (status = OK, description = "The flags with the ids of the rules that name it, and the segments.", body = SegmentUses),
        NotFound, NotModified
    ),
)]
async fn uses(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(segment): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    Ok(etag::answer(&headers, &services.segments().uses(&actor, &project, &key(&segment)?).await?))
}

fn key(segment: &str) -> Result<SegmentKey> {
    part(segment, &format!("segment `{segment}`"))
}
