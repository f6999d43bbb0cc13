//! `/api/v1/me`: one's own account.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use domain::accounts::{
    AccountExport, AccountView, ChangeName, ChangePassword, CreateToken, DeleteAccount, NewToken,
    SessionView, TokenView, VerifyEmail,
};
use domain::{SignInId, TokenId};
use serde::Serialize;
use service::{Actor, Services};
use tower_sessions::Session;
use utoipa::ToSchema;
use uuid::Uuid;

use super::command::{Answer, Command, Create, Path, created, ok, part};
use super::who;
use crate::envelope::Result;
use crate::openapi::{Conflict, Done, Forbidden, NotFound, TooMany};

/// A person's tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct Tokens {
    /// The tokens, the newest first.
    tokens: Vec<TokenView>,
}

/// A person's sessions.
#[derive(Serialize, ToSchema)]
pub(super) struct Sessions {
    /// The sessions, the newest first.
    sessions: Vec<SessionView>,
}

/// One's account.
#[utoipa::path(
    get, path = "/", operation_id = "getAccount", tag = "Account",
    responses((status = OK, description = "The account.", body = AccountView)),
)]
pub(super) async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<AccountView>> {
    Ok(ok(services.accounts().account(&actor).await?))
}

/// Changes the name that others see.
#[utoipa::path(
    patch, path = "/", operation_id = "renameAccount", tag = "Account", request_body = ChangeName,
    responses(Done, Forbidden),
)]
pub(super) async fn rename(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(command): Command<ChangeName>,
) -> Result<StatusCode> {
    services.accounts().rename(&actor, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes one's account.
///
/// What one did stays in the logs, without what says who it was. The last owner of an organization has to hand it over or
/// delete it first. Takes a session: a personal token may not.
#[utoipa::path(
    delete, path = "/", operation_id = "deleteAccount", tag = "Account", request_body = DeleteAccount,
    responses(Done, Forbidden, Conflict),
)]
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

/// Everything that is stored about oneself.
#[utoipa::path(
    get, path = "/export", operation_id = "exportAccount", tag = "Account",
    responses((status = OK, description = "The account and all that belongs to it.", body = AccountExport)),
)]
pub(super) async fn export(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<AccountExport>> {
    Ok(ok(services.accounts().export(&actor).await?))
}

/// Changes one's password, or sets the first one.
///
/// All other sessions end. Takes a session: a personal token may not.
#[utoipa::path(
    post, path = "/password", operation_id = "changePassword", tag = "Account", request_body = ChangePassword,
    responses(Done, Forbidden, Conflict, TooMany),
)]
pub(super) async fn change_password(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(command): Command<ChangePassword>,
) -> Result<StatusCode> {
    services.accounts().change_password(&actor, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has an e-mail sent by which one proves that one's address is one's own.
///
/// Takes a session: a personal token may not. 403 where the instance sends no e-mail.
#[utoipa::path(
    post,
    path = "/verification",
    operation_id = "requestVerification",
    tag = "Account",
    responses(Done, Forbidden, Conflict, TooMany)
)]
pub(super) async fn request_verification(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<StatusCode> {
    services.accounts().request_verification(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Proves that one's address is one's own, by the link of an e-mail.
///
/// Takes a session of the account that the e-mail is about: a personal token may not.
#[utoipa::path(
    post, path = "/verify", operation_id = "verifyAddress", tag = "Account", request_body = VerifyEmail,
    responses(Done, Forbidden),
)]
pub(super) async fn verify(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(command): Command<VerifyEmail>,
) -> Result<StatusCode> {
    services.accounts().verify_email(&actor, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's personal tokens, the newest first.
#[utoipa::path(
    get, path = "/tokens", operation_id = "listTokens", tag = "Account",
    responses((status = OK, description = "The tokens, without their secrets.", body = Tokens)),
)]
pub(super) async fn tokens(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<Tokens>> {
    Ok(ok(Tokens { tokens: services.accounts().tokens(&actor).await? }))
}

/// Makes a personal token.
///
/// The answer is the only time that it is seen whole. Takes a session: a personal token may not. A person has 100 at most.
#[utoipa::path(
    post, path = "/tokens", operation_id = "createToken", tag = "Account",
    params(Create<CreateToken>), request_body = CreateToken,
    responses((status = CREATED, description = "The token.", body = NewToken), Forbidden, Conflict),
)]
pub(super) async fn create_token(
    State(services): State<Services>,
    Create(actor, command): Create<CreateToken>,
) -> Result<Answer<NewToken>> {
    Ok(created(services.accounts().create_token(&actor, command).await?))
}

/// Revokes a personal token, at once.
///
/// Takes a session: a personal token may not.
#[utoipa::path(
    delete,
    path = "/tokens/{token}",
    operation_id = "revokeToken",
    tag = "Account",
    responses(Done, Forbidden, NotFound)
)]
pub(super) async fn revoke_token(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(token): Path<String>,
) -> Result<StatusCode> {
    let id = TokenId(part::<Uuid>(&token, "token")?);
    services.accounts().revoke_token(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's sessions, the newest first.
#[utoipa::path(
    get, path = "/sessions", operation_id = "listSessions", tag = "Account",
    responses((status = OK, description = "The sessions.", body = Sessions)),
)]
pub(super) async fn sessions(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<Sessions>> {
    Ok(ok(Sessions { sessions: services.accounts().sign_ins(&actor).await? }))
}

/// Ends one of one's sessions.
///
/// Takes a session: a personal token may not.
#[utoipa::path(
    delete,
    path = "/sessions/{session}",
    operation_id = "endSession",
    tag = "Account",
    responses(Done, Forbidden, NotFound)
)]
pub(super) async fn end_session(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(session): Path<String>,
) -> Result<StatusCode> {
    let id = SignInId(part::<Uuid>(&session, "session")?);
    services.accounts().end_session(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of one's sessions but the one that asks.
///
/// Takes a session: a personal token may not.
#[utoipa::path(
    post,
    path = "/sessions/end-others",
    operation_id = "endOtherSessions",
    tag = "Account",
    responses(Done, Forbidden)
)]
pub(super) async fn end_other_sessions(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<StatusCode> {
    services.accounts().end_other_sessions(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
