//! The one form that every error has: `{"error":{"code","message","details"}}`.

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::Error;
use serde::Serialize;
use serde_json::json;

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
        match error {
            Error::Unauthenticated => {
                let message = "a valid key or token is needed, as in `Authorization: Bearer KEY`";
                let response = respond(status, error.code(), message, &json!([]));
                ([(header::WWW_AUTHENTICATE, "Bearer")], response).into_response()
            }
            Error::TooMany { retry_after } => {
                let response = respond(status, error.code(), &error.to_string(), &json!([]));
                ([(header::RETRY_AFTER, retry_after)], response).into_response()
            }
            error => respond(status, error.code(), &error.to_string(), &details(&error)),
        }
    }
}

fn details(error: &Error) -> serde_json::Value {
    match error {
        Error::Invalid { details } => json!(details),
        Error::Conflict { seen: Some(seen), current: Some(current), .. } => {
            json!({"seen": seen, "current": current})
        }
        _ => json!([]),
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    code: &'a str,
    message: &'a str,
    details: &'a serde_json::Value,
}

fn respond(status: StatusCode, code: &str, message: &str, details: &serde_json::Value) -> Response {
    let body = axum::Json(Envelope { error: Body { code, message, details } });
    (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

/// A path that no route has.
pub(crate) async fn unknown_route(uri: Uri) -> Response {
    respond(StatusCode::NOT_FOUND, "not_found", &format!("there is no route {}", uri.path()), &json!([]))
}

/// A route that does not take this method.
pub(crate) async fn wrong_method(method: Method, uri: Uri) -> Response {
    let message = format!("{} does not take {method}", uri.path());
    respond(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &message, &json!([]))
}
