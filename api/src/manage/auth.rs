//! `/api/v1/auth`: signing up, in and out.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use domain::accounts::{Person, ResetPassword, SignIn, SignUp};
use serde::Serialize;
use service::{Actor, Services};
use tower_sessions::Session;

use super::command::{Answer, Command, created, ok};
use super::who;
use crate::envelope::Result;

/// Who signed in, and the session's token for those who keep no cookies.
#[derive(Serialize)]
pub(super) struct SignedIn {
    person: Person,
    token: Option<String>,
}

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

pub(super) async fn login(
    State(services): State<Services>,
    Extension(asker): Extension<Actor>,
    session: Session,
    Command(command): Command<SignIn>,
) -> Result<Answer<SignedIn>> {
    let actor = services.accounts().check_password(&asker, command).await?;
    signed_in(&services, &session, &actor).await.map(ok)
}

pub(super) async fn logout(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    session: Session,
) -> Result<StatusCode> {
    who::end(&services, &session, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn reset(
    State(services): State<Services>,
    Extension(asker): Extension<Actor>,
    Command(command): Command<ResetPassword>,
) -> Result<StatusCode> {
    services.accounts().reset_password(&asker, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn signed_in(services: &Services, session: &Session, actor: &Actor) -> Result<SignedIn> {
    who::begin(services, session, actor).await?;
    let person = actor.person().cloned().ok_or(domain::Error::Unauthenticated)?;
    Ok(SignedIn { person, token: who::token(session) })
}
