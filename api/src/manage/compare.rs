//! Environments beside each other, and from one to another: `/api/v1/manage/compare`, `/api/v1/manage/promote`.

use axum::Extension;
use axum::extract::State;
use domain::flags::{CompareEnvironments, Comparison, PromoteFlags, Promotion};
use service::{Actor, Services};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::command::{Answer, Command, ok};
use super::organization::InProject;
use crate::envelope::Result;
use crate::openapi::{Conflict, Forbidden, NotFound};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(compare)).routes(routes!(promote))
}

/// What flags do differently in two environments.
///
/// It changes nothing. Archived flags are left out.
#[utoipa::path(
    post, path = "/compare", operation_id = "compareEnvironments", tag = "Targeting",
    params(InProject),
    request_body(content = CompareEnvironments, example = json!({"from": "dev", "to": "prod"})),
    responses(
        (status = OK, description = "The flags, each with where it differs.", body = Comparison,
            example = json!({"from": "dev", "to": "prod", "flags": [{
                "flag": "checkout-v2", "status": "differs", "from_version": 4, "to_version": 2,
                "differences": [{"path": "enabled", "from": true, "to": false}],
            }]})),
        NotFound
    ),
)]
pub(super) async fn compare(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Command(command): Command<CompareEnvironments>,
) -> Result<Answer<Comparison>> {
    Ok(ok(services.flags().compare(&actor, &project, command).await?))
}

/// Makes flags do in one environment what they do in another, all or none of them.
///
/// Unless `fields` says otherwise, all but whether they are on is taken over. A flag that somebody changed in the
/// environment `to` is a conflict: one whose version there is not the one in `versions`; or, where that does not name it,
/// one that was changed there since it was last promoted there, or at all if it never was. `conflict` says what becomes of
/// it. With `dry_run` the answer says what would happen, conflicts too, and nothing does.
#[utoipa::path(
    post, path = "/promote", operation_id = "promoteFlags", tag = "Targeting",
    params(InProject),
    request_body(content = PromoteFlags, example = json!({
        "from": "dev", "to": "prod", "flags": ["checkout-v2"], "versions": {"checkout-v2": 2}, "comment": "release 4.2",
    })),
    responses(
        (status = OK, description = "What became of each flag, or would.", body = Promotion,
            example = json!({"from": "dev", "to": "prod", "dry_run": false, "revision": 43, "flags": [{
                "flag": "checkout-v2", "outcome": "promoted", "from_version": 4, "to_version": 2,
                "differences": [{"path": "fallthrough.variation", "from": "on", "to": "off"}],
            }]})),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn promote(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Command(command): Command<PromoteFlags>,
) -> Result<Answer<Promotion>> {
    Ok(ok(services.flags().promote(&actor, &project, command).await?))
}
