//! One's own account.

use api::manage::who;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{ChangeName, ChangePassword, CreateToken, DeleteAccount};
use domain::{Error, SignInId, TokenId};
use service::Actor;
use tower_sessions::Session;

use super::{Answer, Forms, Sent};

const PAGE: &str = "/account";

/// Where the page says how it went.
fn answer(forms: &Forms, form: &str, sent: Sent, notice: &str, outcome: Result<(), Error>) -> Response {
    match outcome {
        Ok(()) => Answer::done(PAGE, form, notice),
        Err(error) => Answer::refused(PAGE, form, sent, error),
    }
    .respond(forms)
}

pub(crate) async fn rename(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    sent: Sent,
) -> Response {
    let outcome = async {
        let command: ChangeName = sent.command()?;
        forms.services.accounts().rename(&actor, command).await.map_err(service::Error::expose)
    };
    let outcome = outcome.await;
    answer(&forms, "/account/name", sent, "Your name is changed.", outcome)
}

pub(crate) async fn change_password(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    // For password managers only.
    sent.take("username");
    let outcome = async {
        let command: ChangePassword = sent.command()?;
        forms.services.accounts().change_password(&actor, command).await.map_err(service::Error::expose)
    };
    let outcome = outcome.await;
    answer(
        &forms,
        "/account/password",
        sent,
        "Your password is changed, and your other sessions ended.",
        outcome,
    )
}

pub(crate) async fn disconnect(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    let provider = sent.take("provider").unwrap_or_default().replace('\0', "");
    let outcome =
        forms.services.accounts().disconnect(&actor, provider).await.map_err(service::Error::expose);
    answer(&forms, "/account", sent, "The provider is disconnected.", outcome)
}

pub(crate) async fn create_token(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    const FORM: &str = "/account/tokens";
    let days = sent.take("days");
    let made = async {
        let days = days.map(|days| domain::number("days", &days)).transpose()?;
        let command = CreateToken { days, ..sent.command()? };
        forms.services.accounts().create_token(&actor, command).await.map_err(service::Error::expose)
    };
    match made.await {
        Ok(made) => Answer::done(PAGE, FORM, "The token is made.").with_secret(made.raw),
        Err(error) => Answer::refused(PAGE, FORM, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn revoke_token(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    let id = sent.take("token").and_then(|id| id.parse().ok()).map(TokenId);
    let outcome = match id {
        Some(id) => forms.services.accounts().revoke_token(&actor, id).await.map_err(service::Error::expose),
        None => Err(Error::not_found("token")),
    };
    answer(&forms, "/account/tokens", sent, "The token is revoked.", outcome)
}

pub(crate) async fn end_session(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    let id = sent.take("session").and_then(|id| id.parse().ok()).map(SignInId);
    let outcome = match id {
        Some(id) => forms.services.accounts().end_session(&actor, id).await.map_err(service::Error::expose),
        None => Err(Error::not_found("session")),
    };
    answer(&forms, "/account/sessions", sent, "The session is ended.", outcome)
}

pub(crate) async fn end_other_sessions(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    sent: Sent,
) -> Response {
    let outcome = forms.services.accounts().end_other_sessions(&actor).await.map_err(service::Error::expose);
    answer(&forms, "/account/sessions", sent, "All other sessions are ended.", outcome)
}

pub(crate) async fn delete(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    session: Session,
    sent: Sent,
) -> Response {
    let outcome = async {
        let command: DeleteAccount = sent.command()?;
        forms.services.accounts().delete(&actor, command).await.map_err(service::Error::expose)
    };
    match outcome.await {
        Ok(()) => match who::end(&forms.services, &session, &actor).await {
            Ok(()) => (crate::session::removal(forms.secure), Redirect::to("/sign-in")).into_response(),
            Err(rejection) => rejection.into_response(),
        },
        Err(error) => Answer::refused(PAGE, "/account/delete", sent, error).respond(&forms),
    }
}
