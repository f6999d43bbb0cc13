//! Forms that work without script: each does one thing and leads to a page, which says how it went.

mod account;
mod api_keys;
mod entrance;
mod environments;
mod flag;
mod flags;
mod imports;
mod letters;
mod new_template;
mod organization;
mod project;
mod projects;
mod providers;
mod segments;
mod sent;
mod templates;

use std::pin::Pin;
use std::sync::Arc;

use app::flash::Flash;
use axum::Router;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use identity::Providers;
use service::Services;

pub(crate) use sent::{Answer, Sent};

/// Renders the page at an address, with what a form has to say there.
pub(crate) type Pages =
    Arc<dyn Fn(Parts, Flash) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// What the forms need.
#[derive(Clone)]
pub(crate) struct Forms {
    pub(crate) services: Services,
    /// Whether cookies are for TLS alone.
    pub(crate) secure: bool,
    /// The identity providers.
    pub(crate) providers: Providers,
    /// For what is too long to be said after a redirect.
    pub(crate) pages: Pages,
}

/// The forms' addresses.
pub(crate) fn router(forms: Forms) -> Router {
    Router::new()
        .route("/sign-in", post(entrance::sign_in))
        .route("/sign-up", post(entrance::sign_up))
        .route("/sign-out", post(entrance::sign_out))
        .route("/forgot-password", post(letters::forgot_password))
        .route("/reset-password", post(entrance::reset_password))
        .route("/verify-email", post(letters::verify_email))
        .route("/invitations/accept", post(entrance::accept_invitation))
        .route("/organizations", post(entrance::create_organization))
        .route("/auth/{provider}", post(providers::leave))
        .route("/auth/{provider}/callback", get(providers::come_back))
        .route("/account/disconnect", post(account::disconnect))
        .route("/account/name", post(account::rename))
        .route("/account/password", post(account::change_password))
        .route("/account/verification", post(letters::request_verification))
        .route("/account/tokens", post(account::create_token))
        .route("/account/tokens/revoke", post(account::revoke_token))
        .route("/account/sessions/end", post(account::end_session))
        .route("/account/sessions/end-others", post(account::end_other_sessions))
        .route("/account/delete", post(account::delete))
        .route("/o/{organization}/{project}/flags/new", post(flags::create))
        .route("/o/{organization}/{project}/templates", post(new_template::create))
        .route("/o/{organization}/{project}/flags/{key}/kill", post(flag::kill))
        .route("/o/{organization}/{project}/flags/{key}/enable", post(flag::enable))
        .route("/o/{organization}/{project}/flags/{key}/rollback", post(flag::roll_back))
        .route("/o/{organization}/{project}/flags/{key}/update", post(flag::update))
        .route("/o/{organization}/{project}/flags/{key}/variations", post(flag::change_values))
        .route("/o/{organization}/{project}/flags/{key}/copy", post(flag::copy))
        .route("/o/{organization}/{project}/flags/{key}/archive", post(flag::archive))
        .route("/o/{organization}/{project}/flags/{key}/restore", post(flag::restore))
        .route("/o/{organization}/{project}/flags/{key}/delete", post(flag::delete))
        .route("/o/{organization}/{project}/flags/{key}", post(flag::configure))
        .route("/o/{organization}/settings/rename", post(organization::rename))
        .route("/o/{organization}/settings/leave", post(organization::leave))
        .route("/o/{organization}/settings/members/role", post(organization::change_role))
        .route("/o/{organization}/settings/members/narrow", post(organization::narrow_role))
        .route("/o/{organization}/settings/members/remove", post(organization::remove_member))
        .route("/o/{organization}/settings/invitations", post(organization::invite))
        .route("/o/{organization}/settings/invitations/revoke", post(organization::revoke_invitation))
        .route("/o/{organization}/settings/delete", post(organization::delete))
        .route("/o/{organization}/settings/projects", post(projects::create))
        .route("/o/{organization}/{project}/settings/rename", post(projects::rename))
        .route("/o/{organization}/{project}/settings/delete", post(projects::delete))
        .route("/o/{organization}/{project}/settings", post(imports::bring))
        .route("/o/{organization}/{project}/settings/templates/rename", post(templates::rename))
        .route("/o/{organization}/{project}/settings/templates/delete", post(templates::delete))
        .route("/o/{organization}/{project}/keys", post(api_keys::create))
        .route("/o/{organization}/{project}/keys/{id}/update", post(api_keys::update))
        .route("/o/{organization}/{project}/keys/{id}/rotate", post(api_keys::rotate))
        .route("/o/{organization}/{project}/keys/{id}/revoke", post(api_keys::revoke))
        .route("/o/{organization}/{project}/environments", post(environments::create))
        .route("/o/{organization}/{project}/environments/{key}/move", post(environments::shift))
        .route("/o/{organization}/{project}/environments/{key}/update", post(environments::update))
        .route("/o/{organization}/{project}/environments/{key}/protect", post(environments::protect))
        .route("/o/{organization}/{project}/environments/{key}/purge", post(environments::purge))
        .route("/o/{organization}/{project}/environments/{key}/delete", post(environments::delete))
        .route("/o/{organization}/{project}/segments/new", post(segments::create))
        .route("/o/{organization}/{project}/segments/{segment}/update", post(segments::update))
        .route("/o/{organization}/{project}/segments/{segment}/keys", post(segments::keys))
        .route("/o/{organization}/{project}/segments/{segment}/roll-back", post(segments::roll_back))
        .route("/o/{organization}/{project}/segments/{segment}/delete", post(segments::delete))
        .with_state(forms)
}
