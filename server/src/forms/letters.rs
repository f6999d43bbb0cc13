//! What goes by letters: choosing another password, and proving an address.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Error;
use domain::accounts::{RequestReset, VerifyEmail};
use service::Actor;

use super::sent::encoded;
use super::{Answer, Forms, Sent};

pub(crate) async fn forgot_password(
    State(forms): State<Forms>,
    Extension(asker): Extension<Actor>,
    sent: Sent,
) -> Response {
    const FORM: &str = "/forgot-password";
    let requested = async {
        let command: RequestReset = sent.command()?;
        forms.services.accounts().request_reset(&asker, command).await.map_err(service::Error::expose)
    };
    match requested.await {
        // The same whether there is one or not.
        Ok(()) => {
            Answer::done(FORM, FORM, "If there is an account with this address, an e-mail is on its way.")
        }
        Err(error) => Answer::refused(FORM, FORM, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn verify_email(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    let token = sent.take("token").unwrap_or_default();
    let page = format!("/verify-email?token={}", encoded(&token));
    let verified = forms.services.accounts().verify_email(&actor, VerifyEmail { token }).await;
    match verified.map_err(service::Error::expose) {
        Ok(()) => Answer::done("/account", "/verify-email", "Your address is confirmed.").respond(&forms),
        // After that they come back here.
        Err(Error::Unauthenticated) => {
            Redirect::to(&format!("/sign-in?next={}", encoded(&page))).into_response()
        }
        Err(error) => Answer::refused(page, "/verify-email", sent, error).respond(&forms),
    }
}

pub(crate) async fn request_verification(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    sent: Sent,
) -> Response {
    const FORM: &str = "/account/verification";
    match forms.services.accounts().request_verification(&actor).await.map_err(service::Error::expose) {
        Ok(()) => {
            let notice = "The e-mail is sent. Follow its link in this browser.";
            Answer::done("/account", FORM, notice)
        }
        Err(error) => Answer::refused("/account", FORM, sent, error),
    }
    .respond(&forms)
}
