//! What layers refuse, in the form that every error has.

use std::any::Any;

use api::Rejection;
use axum::response::{IntoResponse, Response};
use domain::Error;
use tower_http_csrf::csrf::ProtectionError;

/// Another site's page made a browser send this, with whatever session its user has here.
pub(crate) fn elsewhere(error: ProtectionError) -> Response {
    tracing::info!(error.cause = %error, "a request of another site was refused");
    Rejection::from(Error::Forbidden { reason: app::ANOTHER_SITE.to_owned() }).into_response()
}

/// The code has a fault. The log has it under the id in the message.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let cause = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    let id = service::random_token();
    tracing::error!(error.id = id, error.cause = cause.unwrap_or("unknown"), "a request panicked");
    Rejection::from(Error::Internal { id }).into_response()
}
