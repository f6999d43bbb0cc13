//! What was, and why: versions, past rulesets, explanations.

mod example;
mod moment;
mod rollback;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::Page;
use domain::history::{FlagVersion, SegmentVersion, VersionsPage};
use service::history::Subject;
use service::{Actor, Services};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::command::{Path, part};
use super::organization::InProject;
use super::query::Asked;
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Invalid, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(of_flag))
        .routes(routes!(flag_version))
        .routes(routes!(rollback::flag))
        .routes(routes!(of_segment))
        .routes(routes!(segment_version))
        .routes(routes!(rollback::segment))
        .routes(routes!(moment::ruleset))
        .routes(routes!(moment::explain))
}

/// The versions of a flag in one environment, the newest first.
///
/// Each says who made it, when and why, and what is different from the one before. Archived and deleted flags have theirs
/// too: archiving and deleting are entries without a version.
#[utoipa::path(
    get, path = "/flags/{key}/environments/{env}/history", operation_id = "listFlagVersions", tag = "History",
    params(InProject, Asked<Page>),
    responses(
        (status = OK, description = "A page of versions.", body = VersionsPage),
        Invalid, NotFound, NotModified
    ),
)]
async fn of_flag(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((key, env)): Path<(String, String)>,
    Asked(page): Asked<Page>,
    headers: HeaderMap,
) -> Result<Response> {
    let (subject, environment) = (flag(&key)?, self::env(&env)?);
    let page = services.history().versions(&actor, &project, &subject, &environment, &page).await?;
    Ok(etag::answer(&headers, &page))
}

/// A version of a flag in one environment, with what it said.
#[utoipa::path(
    get, path = "/flags/{key}/environments/{env}/history/{version}", operation_id = "getFlagVersion",
    tag = "History", params(InProject),
    responses(
        (status = OK, description = "The version.", body = FlagVersion, example = json!(example::flag_version())),
        NotFound, NotModified
    ),
)]
async fn flag_version(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((key, env, version)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (subject, environment) = (flag(&key)?, self::env(&env)?);
    let number = part(&version, &format!("version {version}"))?;
    let (version, document) =
        services.history().version(&actor, &project, &subject, &environment, number).await?;
    Ok(etag::answer(&headers, &FlagVersion { version, document }))
}

/// The versions of a segment in one environment, the newest first.
///
/// As those of flags. Keys of its lists that came and went are named each, the first 200.
#[utoipa::path(
    get, path = "/segments/{segment}/environments/{env}/history", operation_id = "listSegmentVersions",
    tag = "History", params(InProject, Asked<Page>),
    responses(
        (status = OK, description = "A page of versions.", body = VersionsPage),
        Invalid, NotFound, NotModified
    ),
)]
async fn of_segment(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((segment, env)): Path<(String, String)>,
    Asked(page): Asked<Page>,
    headers: HeaderMap,
) -> Result<Response> {
    let (subject, environment) = (self::segment(&segment)?, self::env(&env)?);
    let page = services.history().versions(&actor, &project, &subject, &environment, &page).await?;
    Ok(etag::answer(&headers, &page))
}

/// A version of a segment in one environment, with what it contained: the whole lists.
#[utoipa::path(
    get, path = "/segments/{segment}/environments/{env}/history/{version}", operation_id = "getSegmentVersion",
    tag = "History", params(InProject),
    responses(
        (status = OK, description = "The version.", body = SegmentVersion, example = json!(example::segment_version())),
        NotFound, NotModified
    ),
)]
async fn segment_version(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((segment, env, version)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (subject, environment) = (self::segment(&segment)?, self::env(&env)?);
    let number = part(&version, &format!("version {version}"))?;
    let (version, document) =
        services.history().version(&actor, &project, &subject, &environment, number).await?;
    Ok(etag::answer(&headers, &SegmentVersion { version, document }))
}

fn flag(key: &str) -> Result<Subject> {
    Ok(Subject::Flag(part(key, &format!("flag `{key}`"))?))
}

fn segment(key: &str) -> Result<Subject> {
    Ok(Subject::Segment(part(key, &format!("segment `{key}`"))?))
}

fn env(key: &str) -> Result<domain::EnvironmentKey> {
    part(key, &format!("environment `{key}`"))
}
