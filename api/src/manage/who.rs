//! Who asks: from a cookie or a token to an actor, and from where.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Error, SignInId};
use service::accounts::SESSION_LASTS_MS;
use service::{Actor, Origin, Services};
use tower_sessions::cookie::time::Duration;
use tower_sessions::session::Id;
use tower_sessions::{Expiry, Session};

use crate::address;
use crate::auth::bearer;
use crate::envelope::Rejection;

/// What the token of a session starts with: the session's id, for those who keep no cookies.
const SESSION_PREFIX: &str = "tbs_";

/// The id of a request, which its answer and the log show.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// What [`identify`] needs.
#[derive(Clone)]
pub struct Identify {
    /// The application.
    pub services: Services,
    /// How many proxies stand in front, each of which adds an address to `X-Forwarded-For`.
    pub proxies: usize,
}

/// Puts the [`Actor`] into the request. Roles are read anew each time, so that what was taken away is gone at once.
pub async fn identify(
    State(state): State<Identify>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let origin = Arc::new(origin(&request, state.proxies));
    match actor(&state.services, &session, request.headers()).await {
        Ok(actor) => {
            request.extensions_mut().insert(actor.from(origin));
            next.run(request).await
        }
        Err(rejection) => rejection.into_response(),
    }
}

async fn actor(services: &Services, session: &Session, headers: &HeaderMap) -> Result<Actor, Rejection> {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = token {
        // A token that is none is refused, even if there is a cookie: its sender means to be somebody.
        let actor = by_token(services, bearer(token).unwrap_or_default()).await?;
        return Ok(actor.ok_or(Error::Unauthenticated)?);
    }
    let Some(id) = session.id() else { return Ok(Actor::anonymous()) };
    Ok(services.accounts().by_session(&id).await?.unwrap_or_else(Actor::anonymous))
}

async fn by_token(services: &Services, token: &str) -> Result<Option<Actor>, Rejection> {
    match token.strip_prefix(SESSION_PREFIX) {
        Some(id) => match id.parse::<Id>() {
            Ok(id) => Ok(services.accounts().by_session(&id).await?),
            Err(_) => Ok(None),
        },
        None => Ok(services.accounts().by_token(token).await?),
    }
}

/// Makes the session that of somebody who proved who they are. Under a new id, so that one that was planted before is
/// worth nothing. Its cookie lasts as long as a session can: whether it is over earlier is known here alone.
///
/// # Errors
/// When the database fails.
pub async fn begin(services: &Services, session: &Session, actor: &Actor) -> Result<SignInId, Rejection> {
    let before = session.id();
    session.cycle_id().await.map_err(unavailable)?;
    session.set_expiry(Some(Expiry::OnInactivity(Duration::milliseconds(SESSION_LASTS_MS))));
    session.save().await.map_err(unavailable)?;
    let id = session.id().ok_or(Error::Unauthenticated)?;
    Ok(services.accounts().begin_session(actor, &id, before.as_ref()).await?)
}

/// The session's token, for those who keep no cookies. It is worth what the cookie is.
pub(super) fn token(session: &Session) -> Option<String> {
    session.id().map(|id| format!("{SESSION_PREFIX}{id}"))
}

/// Ends the session that asks, and takes its cookie away.
///
/// # Errors
/// When the database fails.
pub async fn end(services: &Services, session: &Session, actor: &Actor) -> Result<(), Rejection> {
    services.accounts().end_own_session(actor).await?;
    session.flush().await.map_err(unavailable)
}

/// Sessions cannot be read or written. The cause is in the log.
fn unavailable(error: tower_sessions::session::Error) -> Rejection {
    service::Error::Session(error).into()
}

/// Where a request comes from.
fn origin(request: &Request, proxies: usize) -> Origin {
    let text =
        |name| request.headers().get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let address = address::of(request.extensions(), request.headers(), proxies);
    Origin {
        // All whose address is not known share what one address may do.
        address: Some(address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())),
        user_agent: text(USER_AGENT).map(str::to_owned),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    }
}
