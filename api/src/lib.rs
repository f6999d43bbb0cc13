//! Togglebit over HTTP for machines.
//!
//! These routes are a router of their own, without the dashboard's layers: no session, compression or trace touches an
//! evaluation.
#![deny(missing_docs)]

mod auth;
mod envelope;
mod eval;
mod health;

use axum::Router;
use axum::routing::{any, get};
use service::{Delivery, Services};

/// What the routes need.
#[derive(Clone)]
pub struct Api {
    /// The application.
    pub services: Services,
    /// How many steps the schema has that this binary was made for.
    pub schema_steps: u64,
}

impl axum::extract::FromRef<Api> for Delivery {
    fn from_ref(api: &Api) -> Self {
        api.services.delivery().clone()
    }
}

/// The routes for machines.
pub fn router(api: Api) -> Router {
    let eval = Router::new()
        .route("/flags", get(eval::all_by_query).post(eval::all_by_body))
        .route("/flags/{key}", get(eval::one_by_query).post(eval::one_by_body))
        .layer(axum::extract::DefaultBodyLimit::max(eval::BODY_LIMIT));
    Router::new()
        .nest("/api/v1/eval", eval.clone())
        .nest("/api/eval", eval)
        .route("/api", any(envelope::unknown_route))
        .route("/api/{*rest}", any(envelope::unknown_route))
        .route("/health", get(health::alive))
        .route("/ready", get(health::ready))
        .method_not_allowed_fallback(envelope::wrong_method)
        .with_state(api)
}
