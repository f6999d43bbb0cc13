//! `/api/v1/manage/flags/bulk`: one thing to many flags.

use axum::Extension;
use axum::extract::State;
use domain::flags::{BulkResult, ChangeFlags, FlagsChange};
use service::{Actor, Services};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::command::{Answer, Command, ok};
use super::organization::InProject;
use crate::envelope::Result;
use crate::openapi::{Forbidden, NotFound};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(change))
}

/// Does one thing to many flags: tags them, switches them in an environment, archives them.
///
/// It is one change with an entry of the log for each flag. What cannot be done to one flag does not keep it from the others:
/// the answer has what came of each. Whoever may not do it at all, or says too little for a protected environment, changes
/// none.
#[utoipa::path(
    post, path = "/flags/bulk", operation_id = "changeFlags", tag = "Flags", params(InProject),
    request_body = FlagsChange,
    responses(
        (status = OK, description = "What came of it, for each flag.", body = BulkResult),
        Forbidden, NotFound
    ),
)]
async fn change(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Command(change): Command<FlagsChange>,
) -> Result<Answer<BulkResult>> {
    Ok(ok(services.flags().change_many(&actor, ChangeFlags { project, change }).await?))
}
