//! What caches may keep of the answers to browser keys: browsers to ask again with its tag, and caches in front for a while.
//!
//! Caches in front tell answers apart by their address alone, many of them whatever `Vary` says. So they keep what was asked
//! with the key in the address, and nothing else.

use std::fmt::Write;

use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Millis;
use domain::api_keys::KeyKind;
use serde::Serialize;
use service::delivery::Caller;

use crate::auth::{Admitted, Place};
use crate::{Api, cors, etag};

/// How the answer came about (RFC 9211): caches in front add to it what they did.
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// What names the answer to caches, so that they can be told to forget it: in the words of Fastly and Varnish, and of
/// Cloudflare and others.
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
const CACHE_TAG: HeaderName = HeaderName::from_static("cache-tag");

/// Whether what the holder of a key is answered on `GET` may be kept: their key is public.
pub(crate) fn may_keep(caller: &Caller) -> bool {
    caller.kind == KeyKind::Browser
}

/// An answer of a revision that may be kept.
pub(crate) fn answer(
    api: &Api,
    request: &HeaderMap,
    admitted: &Admitted,
    (revision, now): (u64, Millis),
    value: &impl Serialize,
) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => answer_text(api, request, admitted, (revision, now), text),
        // It is made of numbers and of texts that were JSON before.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The same, written already.
pub(crate) fn answer_text(
    api: &Api,
    request: &HeaderMap,
    admitted: &Admitted,
    (revision, now): (u64, Millis),
    text: Vec<u8>,
) -> Response {
    let mut response = etag::answer_text(request, text);
    let ttl = match admitted.place {
        Place::Header => 0,
        Place::Address => admitted.caller.same_for(now).min(i64::from(api.shared_max_age)),
    };
    let headers = response.headers_mut();
    let mut status = format!("Togglebit; hit; detail=\"revision {revision}\"");
    if ttl == 0 {
        headers.insert(VARY, HeaderValue::from_static("authorization"));
        insert(headers, CACHE_STATUS, &status);
        return admitted.tell(response);
    }
    let tag = admitted.caller.environment.cache_tag();
    // Writing into a text does not fail.
    let _ = write!(status, "; ttl={ttl}");
    insert(headers, CACHE_CONTROL, &format!("public, max-age=0, s-maxage={ttl}"));
    insert(headers, SURROGATE_KEY, &tag);
    insert(headers, CACHE_TAG, &tag);
    insert(headers, CACHE_STATUS, &status);
    // What is left to the key is another number for the next who is answered from the cache.
    cors::open(headers);
    response
}

/// Sets a header to what is made of numbers, letters and hyphens.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}
