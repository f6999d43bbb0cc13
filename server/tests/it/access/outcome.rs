//! What an answer says: done, or why not.

use app::flash::Flash;
use app::server::FLASH;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use domain::Error;
use serde_json::Value;

use super::case::Surface;
use crate::client::Answer;

/// How a refusal is known: its code, and what is said.
pub(super) type Refusal = (String, String);

/// A refusal as every surface shows it.
pub(super) fn refusal(error: &Error) -> Refusal {
    (error.code().to_owned(), error.to_string())
}

/// What came of a request.
pub(super) fn of(surface: Surface, script: bool, answer: &Answer) -> Result<(), Refusal> {
    match surface {
        Surface::Form => of_form(answer),
        Surface::Function if script => of_function(answer),
        Surface::Function => of_plain_function(answer),
        Surface::Rest => of_route(answer),
    }
}

/// What a form's answer has to say on the page that it leads to.
pub(super) fn flash(answer: &Answer) -> Option<Flash> {
    let text = percent_encoding::percent_decode_str(answer.cookie(FLASH)?).decode_utf8().unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn of_form(answer: &Answer) -> Result<(), Refusal> {
    match (answer.status, flash(answer)) {
        // The page that leads to a provider.
        (StatusCode::OK, None) => Ok(()),
        (StatusCode::SEE_OTHER, Some(Flash { error: Some(error), .. })) => Err(refusal(&error)),
        (StatusCode::SEE_OTHER, Some(_)) => Ok(()),
        // Whoever signs out or deletes their account is led there too, and loses a cookie.
        (StatusCode::SEE_OTHER, None)
            if answer.location().is_some_and(|to| to == "/sign-in" || to.starts_with("/sign-in?next="))
                && !answer.touches_cookies() =>
        {
            Err(refusal(&Error::Unauthenticated))
        }
        (StatusCode::SEE_OTHER, None) => Ok(()),
        _ => panic!("no answer to a form: {answer:?}"),
    }
}

fn rejected(error: &Value) -> Error {
    serde_json::from_value(error["Rejected"].clone()).unwrap_or_else(|_| panic!("no refusal: {error}"))
}

fn of_function(answer: &Answer) -> Result<(), Refusal> {
    if answer.status.is_success() {
        return Ok(());
    }
    let error = rejected(&serde_json::from_str(&answer.body).unwrap());
    assert_eq!(answer.status, error.status(), "{answer:?}");
    Err(refusal(&error))
}

/// A server function as the address of a form: the page that it leads back to has the error in its address.
fn of_plain_function(answer: &Answer) -> Result<(), Refusal> {
    assert_eq!(answer.status, StatusCode::FOUND, "{answer:?}");
    let location = answer.location().unwrap();
    if location == "/sign-in" {
        return Err(refusal(&Error::Unauthenticated));
    }
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "__err");
    let Some((_, error)) = found else { return Ok(()) };
    let error = URL_SAFE.decode(error.as_bytes()).unwrap();
    Err(refusal(&rejected(&serde_json::from_slice(&error).unwrap())))
}

fn of_route(answer: &Answer) -> Result<(), Refusal> {
    if answer.status.is_success() {
        return Ok(());
    }
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"));
    let text = |name: &str| body["error"][name].as_str().unwrap_or_default().to_owned();
    match text("code") {
        // In words of its own, which name the header.
        code if code == "unauthenticated" => Err(refusal(&Error::Unauthenticated)),
        code => Err((code, text("message"))),
    }
}
