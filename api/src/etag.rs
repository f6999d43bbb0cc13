//! Entity tags: what somebody has already need not be sent again.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Whether a tag is among those of `If-None-Match`, which are compared weakly (RFC 9110, 13.1.2).
pub(crate) fn is_known(request: &HeaderMap, tag: &HeaderValue) -> bool {
    let tags =
        request.get_all(IF_NONE_MATCH).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    tags.map(<[u8]>::trim_ascii)
        .any(|known| known == b"*" || known.strip_prefix(b"W/").unwrap_or(known) == tag.as_bytes())
}

/// A tag that tells these bytes from others: half of their SHA-256.
pub(crate) fn of(bytes: &[u8]) -> HeaderValue {
    let digest: String = Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::try_from(format!("\"{digest}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Answers with JSON and its tag; with 304 where the sender has it. Only they may keep it, and have to ask each time.
pub(crate) fn answer(request: &HeaderMap, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => answer_text(request, body),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The same of JSON that is written already.
pub(crate) fn answer_text(request: &HeaderMap, body: Vec<u8>) -> Response {
    let tag = of(&body);
    let is_known = is_known(request, &tag);
    let headers = [(CACHE_CONTROL, HeaderValue::from_static("private, no-cache")), (ETAG, tag)];
    match is_known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => {
            (headers, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
        }
    }
}
