//! The one form that every error has: `{"error":{"code","message","details"}}`.

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::{Error, FieldError};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// An error on its way out.
#[derive(Debug)]
pub struct Rejection(pub(crate) Error);

pub(crate) type Result<T> = std::result::Result<T, Rejection>;

impl Rejection {
    /// What it says.
    pub fn into_error(self) -> Error {
        self.0
    }
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<service::Error> for Rejection {
    fn from(error: service::Error) -> Self {
        Self(error.expose())
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = mark(&error, respond(status, error.code(), &message(&error), details(&error)));
        // For whoever shows it in another form, such as a page.
        response.extensions_mut().insert(error);
        response
    }
}

/// Says of an error what is said in headers.
pub(crate) fn mark(error: &Error, response: Response) -> Response {
    match error {
        Error::Unauthenticated => ([(header::WWW_AUTHENTICATE, "Bearer")], response).into_response(),
        Error::TooMany { retry_after } => ([(header::RETRY_AFTER, *retry_after)], response).into_response(),
        _ => response,
    }
}

/// The form that every error has.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct Envelope<'a> {
    error: Body<'a>,
}

/// An error.
#[derive(Serialize, ToSchema)]
#[schema(as = ErrorBody)]
struct Body<'a> {
    /// What went wrong, for programs. There may be more codes in the future.
    #[schema(examples("invalid", "not_found", "conflict"))]
    code: &'a str,
    /// What went wrong, for people. The words may change.
    message: &'a str,
    /// Where, as far as that can be said.
    details: Details<'a>,
}

/// What more there is to say of an error.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ErrorDetails)]
enum Details<'a> {
    /// The places in the input that are wrong; empty where the error is not about the input.
    Fields(&'a [FieldError]),
    /// The versions that clash.
    Versions {
        /// The version that the author saw.
        seen: i64,
        /// The version that is there now.
        current: i64,
    },
}

/// What an error looks like.
pub(crate) fn example(error: &Error) -> serde_json::Value {
    json!(Envelope { error: Body { code: error.code(), message: &message(error), details: details(error) } })
}

/// What an error says to people.
pub(crate) fn message(error: &Error) -> String {
    match error {
        Error::Unauthenticated => {
            "a valid key or token is needed, as in `Authorization: Bearer KEY`".to_owned()
        }
        error => error.to_string(),
    }
}

fn details(error: &Error) -> Details<'_> {
    match error {
        Error::Invalid { details } => Details::Fields(details),
        Error::Conflict { seen: Some(seen), current: Some(current), .. } => {
            Details::Versions { seen: *seen, current: *current }
        }
        _ => Details::Fields(&[]),
    }
}

fn respond(status: StatusCode, code: &str, message: &str, details: Details<'_>) -> Response {
    let body = axum::Json(Envelope { error: Body { code, message, details } });
    (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

/// A path that no route has.
pub(crate) async fn unknown_route(uri: Uri) -> Response {
    respond(
        StatusCode::NOT_FOUND,
        "not_found",
        &format!("there is no route {}", uri.path()),
        Details::Fields(&[]),
    )
}

/// A route that does not take this method.
pub(crate) async fn wrong_method(method: Method, uri: Uri) -> Response {
    let message = format!("{} does not take {method}", uri.path());
    respond(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &message, Details::Fields(&[]))
}
