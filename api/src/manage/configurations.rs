//! What flags do in each environment: `/api/v1/manage/flags/{key}/environments/{env}`.

use service::Services;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
}
