//! The ways in which providers send a key: whatever their user wrote into the headers.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::failure::Refusal;
use crate::Api;
use crate::auth::{self, Admitted};

/// The holder of a valid key, who asks from where and as often as they may. The key is in `Authorization`, as
/// `Bearer KEY` or alone, or in `X-API-Key`: where a proxy in front has the former for itself, the latter is left.
pub(super) fn admit(api: &Api, request: &Request) -> Result<Admitted, Refusal> {
    let delivery = api.services.delivery();
    let caller = keys(request.headers()).find_map(|key| delivery.authenticate(key));
    Ok(auth::admit_caller(api, request, caller)?)
}

fn keys(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let authorization = text(AUTHORIZATION.as_str());
    let authorization = authorization.map(|value| auth::bearer(value).unwrap_or_else(|| value.trim()));
    authorization.into_iter().chain(text("x-api-key").map(str::trim))
}
