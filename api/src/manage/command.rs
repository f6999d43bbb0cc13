//! From a request to a command, and from a result to an answer.

use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use domain::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use validator::Validate;

use crate::body;
use crate::envelope::{Rejection, Result};

/// A command that was sent as JSON: with exactly its fields, and by its own rules.
pub(super) struct Command<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Validate> FromRequest<S> for Command<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let bytes = body::read(request.into_body()).await?;
        Ok(Self(domain::parse(&bytes)?))
    }
}

/// The variable parts of the path. What is no text names nothing.
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Self> {
        match extract::Path::from_request_parts(request, state).await {
            Ok(extract::Path(parts)) => Ok(Self(parts)),
            Err(_) => Err(Error::not_found("path").into()),
        }
    }
}

/// A part of the path, as a key or an id.
pub(super) fn part<T: std::str::FromStr>(text: &str, what: &str) -> Result<T> {
    // What cannot be a name names nothing.
    Ok(text.parse().map_err(|_| Error::not_found(what))?)
}

/// An answer that nobody may keep.
pub(super) type Answer<T> = (StatusCode, [(HeaderName, &'static str); 1], axum::Json<T>);

/// Answers with 200.
pub(super) fn ok<T: Serialize>(value: T) -> Answer<T> {
    with(StatusCode::OK, value)
}

/// Answers with 201.
pub(super) fn created<T: Serialize>(value: T) -> Answer<T> {
    with(StatusCode::CREATED, value)
}

fn with<T: Serialize>(status: StatusCode, value: T) -> Answer<T> {
    (status, [(header::CACHE_CONTROL, "no-store")], axum::Json(value))
}
