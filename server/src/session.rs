//! Who is signed in: from the session's cookie to an actor, and the ways in and out.

use api::Rejection;
use api::manage::who;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use domain::access::Role;
use serde::Deserialize;
use service::accounts::{SESSION_LASTS_MS, Sessions};
use service::{Actor, Services};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

/// Sessions by cookie.
pub(crate) fn layer(services: &Services, secure: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(services.accounts().sessions())
        .with_name(cookie_name(secure))
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(Duration::milliseconds(SESSION_LASTS_MS)))
}

/// Whom the demo's visitor wants to be.
#[derive(Deserialize)]
pub(crate) struct DemoSignIn {
    role: Role,
}

/// Signs in as one of the demo's people, or sends the visitor back where there is none with this role. The route exists
/// only where the demo is on.
pub(crate) async fn sign_in_to_demo(
    State(services): State<Services>,
    Extension(asker): Extension<Actor>,
    session: Session,
    Form(form): Form<DemoSignIn>,
) -> Result<Redirect, Unavailable> {
    let Some(person) = service::demo::person(&services, form.role).await.map_err(Unavailable::new)? else {
        return Ok(Redirect::to("/sign-in"));
    };
    let actor = services.accounts().actor(person.id).await.map_err(Unavailable::new)?;
    who::begin(&services, &session, &actor.from_where(&asker)).await.map_err(|_| Unavailable)?;
    Ok(Redirect::to("/"))
}

/// Takes the session's cookie away. The session layer's own removal is none to a browser where the name demands `Secure`.
pub(crate) fn removal(secure: bool) -> [(HeaderName, String); 1] {
    let (name, secure) = (cookie_name(secure), if secure { "; Secure" } else { "" });
    [(SET_COOKIE, format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}"))]
}

/// The prefix keeps others of the same domain from planting one; it takes TLS.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-togglebit" } else { "togglebit" }
}

/// What a form says of a session that could not begin.
pub(crate) fn refused(rejection: Rejection) -> domain::Error {
    rejection.into_error()
}

/// Where the front door leads whoever is signed in: to their flags.
pub(crate) async fn home(services: &Services, actor: &Actor) -> Result<Redirect, Unavailable> {
    let home = services.orgs().home(actor).await.map_err(Unavailable::new)?;
    Ok(Redirect::to(&match home {
        Some(home) => format!("/o/{}/{}/flags", home.organization, home.project),
        None => "/welcome".to_owned(),
    }))
}

/// Where an organization's address leads: to the flags of its first project; to the front door where there is no such
/// organization for whoever asks.
pub(crate) async fn organization(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
) -> Result<Redirect, Unavailable> {
    let Ok(slug) = organization.parse() else { return Ok(Redirect::to("/")) };
    match services.projects().named(&actor, &slug, None).await {
        Ok(first) => Ok(Redirect::to(&format!("/o/{}/{}/flags", first.organization, first.project))),
        Err(service::Error::Refused(_)) => Ok(Redirect::to("/")),
        Err(error) => Err(Unavailable::new(error)),
    }
}

/// Sessions cannot be read or written. The cause is in the log.
pub(crate) struct Unavailable;

impl Unavailable {
    fn new(error: impl std::error::Error) -> Self {
        tracing::error!(error.causes = service::causes(&error), "a session failed");
        Self
    }
}

impl IntoResponse for Unavailable {
    fn into_response(self) -> Response {
        let reason = "the database cannot be reached right now: try again".to_owned();
        Rejection::from(domain::Error::Unavailable { reason }).into_response()
    }
}
