//! Who asks: a key from the `Authorization` header, looked up in memory.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use domain::Error;
use service::Delivery;
use service::delivery::Caller;

use crate::envelope::Rejection;

/// The holder of a valid key. One refusal for every cause: whether a key was ever valid is nobody's business.
pub(crate) struct Authenticated(pub(crate) Arc<Caller>);

impl<S> FromRequestParts<S> for Authenticated
where
    Delivery: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let caller = header.and_then(bearer).and_then(|raw| Delivery::from_ref(state).authenticate(raw));
        caller.map(Self).ok_or(Rejection(Error::Unauthenticated))
    }
}

/// The token of `Bearer TOKEN`; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
