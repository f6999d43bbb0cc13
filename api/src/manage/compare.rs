//! Environments beside each other, and from one to another.

use service::Services;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
}
