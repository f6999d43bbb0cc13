//! API keys.

use service::Services;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
}
