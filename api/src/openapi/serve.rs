//! `/api/v1/openapi.json`, and whatever else the program carries whole.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::etag;

/// A file that the program carries. Who has it already is told so instead of sent it again.
pub struct Embedded {
    bytes: Bytes,
    kind: HeaderValue,
    tag: HeaderValue,
}

impl Embedded {
    /// A file of a content type.
    pub fn new(kind: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let tag = etag::of(&bytes);
        Self { bytes, kind: HeaderValue::from_static(kind), tag }
    }

    /// The answer to a request with these headers. Names stay the same over releases, so browsers ask each time.
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let headers = [(CACHE_CONTROL, HeaderValue::from_static("no-cache")), (ETAG, self.tag.clone())];
        match etag::is_known(request, &self.tag) {
            true => (StatusCode::NOT_MODIFIED, headers).into_response(),
            false => (headers, [(CONTENT_TYPE, self.kind.clone())], self.bytes.clone()).into_response(),
        }
    }
}

/// The document, which is the same for everybody and as long as the program runs.
static DOCUMENT: LazyLock<Embedded> = LazyLock::new(|| {
    let json = serde_json::to_vec(&super::document());
    // It is made of texts and numbers.
    Embedded::new("application/json", json.unwrap_or_default())
});

/// This document.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", operation_id = "getOpenApi", tag = "Service", security(()),
    responses(
        (status = OK, description = "The OpenAPI document of this API.", body = Object,
            headers(("etag" = String, description = "The document's tag, for `If-None-Match`.")),
            example = json!({"openapi": "3.1.0"})),
        (status = NOT_MODIFIED, description = "The document is the one whose tag was sent."),
    ),
)]
pub(crate) async fn send(headers: HeaderMap) -> Response {
    DOCUMENT.answer(&headers)
}
