//! `/api/v1/auth`: signing up, in and out.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use domain::accounts::{Person, RequestReset, ResetPassword, SignIn, SignUp};
use serde::Serialize;
use service::{Actor, Services};
use tower_sessions::Session;
use utoipa::ToSchema;

use super::command::{Answer, Command, created, ok};
use super::who;
use crate::envelope::Result;
use crate::openapi::{BadCredentials, Conflict, Done, Forbidden, NotFound, TooMany};

/// Who signed in, and the session's token for those who keep no cookies.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    /// The person.
    person: Person,
    /// The session's token.
    #[schema(required, examples("tbs_oJrDR9fUQzyaKTyXxu7n0A"))]
    token: Option<String>,
}

/// Creates an account for oneself, and signs in.
///
/// With the token of an invitation one joins its organization too, whatever the instance's policy says of signing up.
#[utoipa::path(
    post, path = "/register", operation_id = "register", tag = "Signing in", security(()), request_body = SignUp,
    responses(
        (status = CREATED, description = "The account is there, and its person is signed in.", body = SignedIn,
            headers(("set-cookie" = String, description = "The session's cookie."))),
        Forbidden, NotFound, Conflict, TooMany
    ),
)]
pub(super) async fn register(
    State(services): State<Services>,
    Extension(asker): Extension<Actor>,
    session: Session,
    Command(command): Command<SignUp>,
) -> Result<Answer<SignedIn>> {
    let person = services.accounts().sign_up(&asker, command).await?;
    let actor = services.accounts().actor(person.id).await?.from_where(&asker);
    signed_in(&services, &session, &actor).await.map(created)
}

/// Signs in with a password.
///
/// After five wrong passwords for an account each further attempt has to wait.
#[utoipa::path(
    post, path = "/login", operation_id = "signIn", tag = "Signing in", security(()), request_body = SignIn,
    responses(
        (status = OK, description = "The person is signed in.", body = SignedIn,
            headers(("set-cookie" = String, description = "The session's cookie."))),
        BadCredentials, Forbidden, TooMany
    ),
)]
pub(super) async fn login(
    State(services): State<Services>,
    Extension(asker): Extension<Actor>,
    session: Session,
    Command(command): Command<SignIn>,
) -> Result<Answer<SignedIn>> {
    let actor = services.accounts().check_password(&asker, command).await?;
    signed_in(&services, &session, &actor).await.map(ok)
}

/// Signs out: ends the session that asks.
///
/// Without a session, nothing happens.
#[utoipa::path(
    post, path = "/logout", operation_id = "signOut",
    tag = "Signing in", security((), ("session" = []), ("token" = [])),
    responses(Done),
)]
pub(super) async fn logout(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    session: Session,
) -> Result<StatusCode> {
    who::end(&services, &session, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Chooses a new password by a link.
///
/// Such links, all sessions and all personal tokens of the person end. A link that was mailed proves the address, too.
#[utoipa::path(
    post, path = "/reset", operation_id = "resetPassword", tag = "Signing in",
    security(()), request_body = ResetPassword,
    responses(Done, Forbidden, TooMany),
)]
pub(super) async fn reset(
    State(services): State<Services>,
    Extension(asker): Extension<Actor>,
    Command(command): Command<ResetPassword>,
) -> Result<StatusCode> {
    services.accounts().reset_password(&asker, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has an e-mail sent with a link to choose a new password.
///
/// The answer is the same whether there is an account with the address or not. Where the instance sends no e-mail, its
/// operator makes such links.
#[utoipa::path(
    post, path = "/forgot", operation_id = "requestPasswordReset", tag = "Signing in",
    security(()), request_body = RequestReset,
    responses(Done, Forbidden, TooMany),
)]
pub(super) async fn forgot(
    State(services): State<Services>,
    Extension(asker): Extension<Actor>,
    Command(command): Command<RequestReset>,
) -> Result<StatusCode> {
    services.accounts().request_reset(&asker, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn signed_in(services: &Services, session: &Session, actor: &Actor) -> Result<SignedIn> {
    who::begin(services, session, actor).await?;
    let person = actor.person().cloned().ok_or(domain::Error::Unauthenticated)?;
    Ok(SignedIn { person, token: who::token(session) })
}
