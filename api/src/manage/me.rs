//! `/api/v1/me`: one's own account.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::accounts::{
    AccountView, ChangeName, ChangePassword, CreateToken, DeleteAccount, NewToken, SessionView, TokenView,
};
use domain::{SignInId, TokenId};
use serde::Serialize;
use service::accounts::AccountExport;
use service::{Actor, Services};
use tower_sessions::Session;
use uuid::Uuid;

use super::command::{Answer, Command, created, ok, part};
use super::who;
use crate::envelope::Result;

#[derive(Serialize)]
pub(super) struct Tokens {
    tokens: Vec<TokenView>,
}

#[derive(Serialize)]
pub(super) struct Sessions {
    sessions: Vec<SessionView>,
}

pub(super) async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<AccountView>> {
    Ok(ok(services.accounts().account(&actor).await?))
}

pub(super) async fn rename(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(command): Command<ChangeName>,
) -> Result<StatusCode> {
    services.accounts().rename(&actor, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn delete(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    session: Session,
    Command(command): Command<DeleteAccount>,
) -> Result<StatusCode> {
    services.accounts().delete(&actor, command).await?;
    who::end(&services, &session, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn export(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<AccountExport>> {
    Ok(ok(services.accounts().export(&actor).await?))
}

pub(super) async fn change_password(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(command): Command<ChangePassword>,
) -> Result<StatusCode> {
    services.accounts().change_password(&actor, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn tokens(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<Tokens>> {
    Ok(ok(Tokens { tokens: services.accounts().tokens(&actor).await? }))
}

pub(super) async fn create_token(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(command): Command<CreateToken>,
) -> Result<Answer<NewToken>> {
    Ok(created(services.accounts().create_token(&actor, command).await?))
}

pub(super) async fn revoke_token(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(token): Path<String>,
) -> Result<StatusCode> {
    let id = TokenId(part::<Uuid>(&token, "token")?);
    services.accounts().revoke_token(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn sessions(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<Sessions>> {
    Ok(ok(Sessions { sessions: services.accounts().sign_ins(&actor).await? }))
}

pub(super) async fn end_session(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(session): Path<String>,
) -> Result<StatusCode> {
    let id = SignInId(part::<Uuid>(&session, "session")?);
    services.accounts().end_session(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn end_other_sessions(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<StatusCode> {
    services.accounts().end_other_sessions(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
