//! Going back to an old version, by a new one.

use axum::Extension;
use axum::extract::State;
use domain::history::{RollBack, RolledBack};
use domain::segments::{AudienceView, SegmentPlace};
use service::{Actor, Services};

use super::super::command::{Answer, Command, Path, ok, part};
use super::super::organization::InProject;
use super::example;
use crate::envelope::Result;
use crate::openapi::{Conflict, Forbidden, NotFound};

/// Makes a new version of a flag that does what an old one did.
///
/// It is on or off as it was then. What cannot be done any more is refused with its path, such as serving a variation that is
/// gone.
#[utoipa::path(
    post, path = "/flags/{key}/environments/{env}/rollback", operation_id = "rollBackFlag", tag = "History",
    params(InProject), request_body = RollBack,
    responses(
        (status = OK, description = "The new version.", body = RolledBack, example = json!(example::rolled_back())),
        Forbidden, NotFound, Conflict
    ),
)]
pub(in super::super) async fn flag(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((key, env)): Path<(String, String)>,
    Command(command): Command<RollBack>,
) -> Result<Answer<RolledBack>> {
    let key = part(&key, &format!("flag `{key}`"))?;
    let environment = super::env(&env)?;
    Ok(ok(services.history().roll_back_flag(&actor, &project, key, environment, command).await?))
}

/// Makes a new version of a segment that contains what an old one did.
#[utoipa::path(
    post, path = "/segments/{segment}/environments/{env}/rollback", operation_id = "rollBackSegment",
    tag = "History", params(InProject), request_body = RollBack,
    responses(
        (status = OK, description = "The contents as they are now.", body = AudienceView),
        Forbidden, NotFound, Conflict
    ),
)]
pub(in super::super) async fn segment(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((segment, env)): Path<(String, String)>,
    Command(command): Command<RollBack>,
) -> Result<Answer<AudienceView>> {
    let segment = part(&segment, &format!("segment `{segment}`"))?;
    let place = SegmentPlace { project, segment, environment: super::env(&env)? };
    Ok(ok(services.history().roll_back_segment(&actor, place, command).await?))
}
