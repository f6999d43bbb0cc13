//! Togglebit over HTTP: evaluation for applications, and management for people and their scripts.
//!
//! The routes for applications are a router of their own, without the dashboard's layers: no session, compression or trace
//! touches an evaluation.
#![deny(missing_docs)]

mod address;
mod ask;
mod auth;
mod body;
mod caching;
mod cors;
mod envelope;
mod etag;
mod eval;
mod events;
mod front;
mod health;
mod launchdarkly;
pub mod manage;
mod metrics;
mod ofrep;
pub mod openapi;
mod ruleset;
mod stream;

pub use envelope::Rejection;
pub use front::Front;

use axum::Router;
use axum::routing::{any, get, post};
use service::Services;

/// What the routes need.
#[derive(Clone)]
pub struct Api {
    /// The application.
    pub services: Services,
    /// How many steps the schema has that this binary was made for.
    pub schema_steps: u64,
    /// How many proxies stand in front, each of which adds an address to `X-Forwarded-For`.
    pub proxies: usize,
    /// For how many seconds caches in front may keep what browser keys in addresses are answered; 0 for not at all.
    pub shared_max_age: u32,
}

/// The routes for machines.
pub fn router(api: Api) -> Router {
    // Written out, without `nest` and without layers: each would cost every evaluation about a microsecond.
    let one = || cors::route(get(eval::one_by_query).post(eval::one_by_body));
    let all = || cors::route(get(eval::all_by_query).post(eval::all_by_body));
    let launchdarkly = get(launchdarkly::by_query).post(launchdarkly::by_body);
    Router::new()
        .route("/api/v1/eval/flags", all())
        .route("/api/v1/eval/flags/{key}", one())
        .route("/api/eval/flags", all())
        .route("/api/eval/flags/{key}", one())
        .route("/api/v1/environments/{env}/flags", cors::route(launchdarkly))
        .route("/api/v1/ruleset", cors::route(get(ruleset::send)))
        .route("/api/v1/stream", cors::route(get(stream::follow)))
        .route("/ofrep/v1/stream", cors::route(get(stream::hints)))
        .merge(ofrep::routes())
        .route("/api/v1/events", cors::route(post(events::report)))
        .route("/api/v1/openapi.json", get(openapi::send))
        .route("/api", any(envelope::unknown_route))
        .route("/api/", any(envelope::unknown_route))
        .route("/api/{*rest}", any(cors::unknown_route))
        .route("/health", get(health::alive))
        .route("/ready", get(health::ready))
        .route("/metrics", get(metrics::send))
        .method_not_allowed_fallback(envelope::wrong_method)
        .with_state(api)
}
