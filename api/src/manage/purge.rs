//! `/api/v1/manage/environments/{env}/purge`: what applications have kept.

use axum::Extension;
use axum::extract::State;
use domain::flags::{PurgeCaches, Purged};
use service::{Actor, Services};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::command::{Answer, Command, Path, ok, part};
use super::organization::InProject;
use crate::envelope::Result;
use crate::openapi::{Forbidden, NotFound};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(purge))
}

/// Makes applications drop what they have kept of an environment, or of one flag of it.
///
/// The environment gets another revision, so that no tag holds which a cache has kept. What it serves stays the same.
#[utoipa::path(
    post, path = "/environments/{env}/purge", operation_id = "purgeCaches", tag = "Targeting",
    params(InProject), request_body = PurgeCaches,
    responses(
        (status = OK, description = "The environment has another revision.", body = Purged),
        Forbidden, NotFound
    ),
)]
pub(super) async fn purge(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(env): Path<String>,
    Command(command): Command<PurgeCaches>,
) -> Result<Answer<Purged>> {
    let environment = part(&env, &format!("environment `{env}`"))?;
    Ok(ok(services.flags().purge(&actor, &project, environment, command).await?))
}
