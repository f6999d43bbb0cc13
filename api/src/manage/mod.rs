//! Managing over HTTP: accounts, organizations, invitations. Whoever asks is a person: by their session's cookie, or by a
//! token in the `Authorization` header.
//!
//! These routes lie behind the session's layers, apart from those for applications.

mod auth;
mod command;
mod invitations;
mod me;
mod members;
mod orgs;
pub mod who;

use axum::Router;
use axum::routing::{any, delete, get, patch, post};
use service::Services;

use crate::envelope;

/// The routes for people and their scripts. They need [`who::identify`] around them.
pub fn router(services: Services) -> Router {
    let auth = Router::new()
        .route("/register", post(auth::register))
        .route("/login", post(auth::login))
        .route("/logout", post(auth::logout))
        .route("/reset", post(auth::reset));
    let me = Router::new()
        .route("/", get(me::show).patch(me::rename).delete(me::delete))
        .route("/export", get(me::export))
        .route("/password", post(me::change_password))
        .route("/tokens", get(me::tokens).post(me::create_token))
        .route("/tokens/{token}", delete(me::revoke_token))
        .route("/sessions", get(me::sessions))
        .route("/sessions/end-others", post(me::end_other_sessions))
        .route("/sessions/{session}", delete(me::end_session));
    let orgs = Router::new()
        .route("/", get(orgs::list).post(orgs::create))
        .route("/{org}", get(orgs::show).patch(orgs::rename).delete(orgs::delete))
        .route("/{org}/me", get(members::me))
        .route("/{org}/leave", post(members::leave))
        .route("/{org}/members", get(members::list))
        .route("/{org}/members/{user}", patch(members::change_role).delete(members::remove))
        .route("/{org}/invitations", get(invitations::list).post(invitations::create))
        .route("/{org}/invitations/{invitation}", delete(invitations::revoke));
    let invitations = Router::new()
        .route("/", get(invitations::mine))
        .route("/accept", post(invitations::accept_link))
        .route("/{invitation}/accept", post(invitations::accept_mine));
    Router::new()
        .nest("/api/v1/auth", auth)
        .nest("/api/v1/me", me)
        .nest("/api/v1/orgs", orgs)
        .nest("/api/v1/invitations", invitations)
        .route("/api/v1/auth/{*rest}", any(envelope::unknown_route))
        .method_not_allowed_fallback(envelope::wrong_method)
        .with_state(services)
}
