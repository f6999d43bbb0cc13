//! Managing over HTTP: accounts, organizations and their people, projects, flags, segments, templates, API keys, the audit
//! log. Whoever asks is a person: by their session's cookie, or by a token in the `Authorization` header.
//!
//! These routes lie behind the session's layers, apart from those for applications.

mod api_keys;
mod audit;
mod auth;
mod bulk;
mod command;
mod compare;
mod configurations;
mod environments;
mod flags;
mod history;
mod invitations;
mod launchdarkly;
mod me;
mod members;
mod organization;
mod orgs;
mod projects;
mod purge;
mod query;
mod segments;
mod taken;
mod templates;
mod transfer;
mod usage;
pub mod who;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use service::Services;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::envelope;
pub use audit::download as download_audit_log;
use taken::Taken;
pub use transfer::{download as download_project, read_project};

/// The routes for people and their scripts. They need [`who::identify`] around them.
pub fn router(services: Services) -> Router {
    let (router, document) = routes().split_for_parts();
    router
        .route_layer(from_fn_with_state(Taken::of(&document), taken::check))
        .route("/api/v1/auth/{*rest}", any(envelope::unknown_route))
        .method_not_allowed_fallback(envelope::wrong_method)
        .with_state(services)
}

/// The routes with what the document says of them. `routes!` takes none that says nothing.
pub(crate) fn routes() -> OpenApiRouter<Services> {
    let auth = OpenApiRouter::new()
        .routes(routes!(auth::register))
        .routes(routes!(auth::login))
        .routes(routes!(auth::logout))
        .routes(routes!(auth::forgot))
        .routes(routes!(auth::reset));
    let me = OpenApiRouter::new()
        .routes(routes!(me::show, me::rename, me::delete))
        .routes(routes!(me::export))
        .routes(routes!(me::change_password))
        .routes(routes!(me::request_verification))
        .routes(routes!(me::verify))
        .routes(routes!(me::tokens, me::create_token))
        .routes(routes!(me::revoke_token))
        .routes(routes!(me::sessions))
        .routes(routes!(me::end_other_sessions))
        .routes(routes!(me::end_session));
    let orgs = OpenApiRouter::new()
        .routes(routes!(orgs::list, orgs::create))
        .routes(routes!(orgs::show, orgs::rename, orgs::delete))
        .routes(routes!(members::me))
        .routes(routes!(members::leave))
        .routes(routes!(members::list))
        .routes(routes!(members::change_role, members::remove))
        .routes(routes!(members::narrow))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::revoke));
    let invitations = OpenApiRouter::new()
        .routes(routes!(invitations::mine))
        .routes(routes!(invitations::accept_link))
        .routes(routes!(invitations::accept_mine));
    let manage = OpenApiRouter::new()
        .routes(routes!(organization::show))
        .merge(api_keys::routes())
        .merge(audit::routes())
        .merge(bulk::routes())
        .merge(compare::routes())
        .merge(configurations::routes())
        .merge(environments::routes())
        .merge(flags::routes())
        .merge(history::routes())
        .merge(launchdarkly::routes())
        .merge(projects::routes())
        .merge(segments::routes())
        .merge(templates::routes())
        .merge(transfer::routes())
        .merge(usage::routes());
    OpenApiRouter::new()
        .nest("/api/v1/manage", manage)
        .nest("/api/v1/auth", auth)
        .nest("/api/v1/me", me)
        .nest("/api/v1/orgs", orgs)
        .nest("/api/v1/invitations", invitations)
}
