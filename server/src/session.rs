//! Who is signed in: from the session's cookie to an actor, and the ways in and out.

use axum::Form;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Millis;
use domain::access::Role;
use serde::Deserialize;
use service::accounts::Sessions;
use service::{Actor, Services};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

/// How long a session lasts without being used.
const IDLE: Duration = Duration::days(14);

/// The session's entry that says when its time was last extended.
const EXTENDED_AT: &str = "extended_at";

/// How often the time of a session in use is extended: each time is a write.
const EXTEND_EVERY_MS: i64 = 24 * 60 * 60 * 1000;

/// Sessions by cookie, kept in the database.
pub(crate) fn layer(services: &Services, secure: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(services.accounts().sessions())
        .with_name("togglebit_session")
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(IDLE))
}

/// Puts the actor into the request. The role is read anew each time, so that what was taken away is gone at once.
pub(crate) async fn authenticate(
    State(services): State<Services>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    match actor(&services, &session).await {
        Ok(actor) => {
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Err(failure) => failure.into_response(),
    }
}

async fn actor(services: &Services, session: &Session) -> Result<Actor, Unavailable> {
    let Some(id) = session.id() else { return Ok(Actor::anonymous()) };
    match services.accounts().by_session(&id).await.map_err(Unavailable::new)? {
        Some(actor) => {
            extend(services, session).await?;
            Ok(actor)
        }
        None => Ok(Actor::anonymous()),
    }
}

/// Gives a session in use its full time again. One that did not change would end that long after it began.
async fn extend(services: &Services, session: &Session) -> Result<(), Unavailable> {
    let last = session.get::<Millis>(EXTENDED_AT).await.map_err(Unavailable::new)?;
    if last.is_none_or(|last| last.plus(EXTEND_EVERY_MS) <= services.now()) {
        session.insert(EXTENDED_AT, services.now()).await.map_err(Unavailable::new)?;
    }
    Ok(())
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
    session: Session,
    Form(form): Form<DemoSignIn>,
) -> Result<Redirect, Unavailable> {
    let Some(person) = service::demo::person(&services, form.role).await.map_err(Unavailable::new)? else {
        return Ok(Redirect::to("/sign-in"));
    };
    let actor = services.accounts().actor(person.id).await.map_err(Unavailable::new)?;
    begin(&services, &session, &actor).await?;
    Ok(Redirect::to("/"))
}

/// Makes the session that of somebody who proved who they are. Under a new id, so that one that was planted before is
/// worth nothing.
async fn begin(services: &Services, session: &Session, actor: &Actor) -> Result<(), Unavailable> {
    session.cycle_id().await.map_err(Unavailable::new)?;
    session.insert(EXTENDED_AT, services.now()).await.map_err(Unavailable::new)?;
    session.save().await.map_err(Unavailable::new)?;
    let Some(id) = session.id() else { return Err(Unavailable) };
    services.accounts().begin_session(actor, &id).await.map_err(Unavailable::new)?;
    Ok(())
}

/// Ends the session.
pub(crate) async fn sign_out(session: Session) -> Result<Redirect, Unavailable> {
    session.flush().await.map_err(Unavailable::new)?;
    Ok(Redirect::to("/sign-in"))
}

/// The front door: to the flags of whoever is signed in, and to the sign-in for everybody else.
pub(crate) async fn home(
    State(services): State<Services>,
    axum::Extension(actor): axum::Extension<Actor>,
) -> Result<Redirect, Unavailable> {
    let home = services.orgs().home(&actor).await.map_err(Unavailable::new)?;
    Ok(Redirect::to(&match home {
        Some(home) => format!("/o/{}/{}/flags", home.organization, home.project),
        None => "/sign-in".to_owned(),
    }))
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
        let text = "Togglebit cannot reach its database right now. Applications go on getting their flags.";
        (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
    }
}
