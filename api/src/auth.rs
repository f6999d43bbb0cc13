//! Who asks: a key from the `Authorization` header, looked up in memory.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use domain::Error;
use service::Delivery;
use service::delivery::Caller;

use crate::envelope::Result;

/// The holder of a valid key. One refusal for every cause: whether a key was ever valid is nobody's business.
pub(crate) fn caller(delivery: &Delivery, headers: &HeaderMap) -> Result<Arc<Caller>> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let caller = header.and_then(bearer).and_then(|raw| delivery.authenticate(raw));
    Ok(caller.ok_or(Error::Unauthenticated)?)
}

/// The token of `Bearer TOKEN`; the scheme's case does not matter (RFC 9110, 11.1).
pub(crate) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
