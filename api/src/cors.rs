//! Pages of other origins: that they may read what applications are answered, and what their browsers ask before.
//!
//! By hand, where answers are made: tower-http's layer would cost each evaluation as much as all of its routing does.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;

use crate::{Api, envelope};

/// What scripts may read beside what browsers let them read anyway.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("ETag, Retry-After, Date, X-RateLimit-Limit, X-RateLimit-Remaining");

/// What routes for applications take.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST");

/// For how many seconds a browser need not ask again.
const MAX_AGE: HeaderValue = HeaderValue::from_static("300");

/// Lets pages of all origins read an answer. Whether one asked does not matter, so that whatever a cache keeps is right for
/// everybody. Cookies count for nothing here, and no browser sends any.
pub(crate) fn open(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}

/// A route for applications: what it answers beside what its methods do.
pub(crate) fn route(methods: MethodRouter<Api>) -> MethodRouter<Api> {
    methods.options(preflight).fallback(wrong_method)
}

async fn wrong_method(method: Method, uri: Uri) -> Response {
    opened(envelope::wrong_method(method, uri).await)
}

/// A path below `/api` that no route has.
pub(crate) async fn unknown_route(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    match is_for_applications(uri.path()) {
        true if is_preflight(&method, &headers) => preflight(headers).await,
        true => opened(envelope::unknown_route(uri).await),
        false => envelope::unknown_route(uri).await,
    }
}

fn is_for_applications(path: &str) -> bool {
    let is_below =
        |base| path.strip_prefix(base).is_some_and(|rest: &str| rest.is_empty() || rest.starts_with('/'));
    [
        "/api/v1/eval",
        "/api/eval",
        "/api/v1/environments",
        "/api/v1/events",
        "/api/v1/ruleset",
        "/api/v1/stream",
    ]
    .into_iter()
    .any(is_below)
}

fn opened(mut response: Response) -> Response {
    open(response.headers_mut());
    response
}

/// Answers what a browser asks before a page's request that carries a key. It has none itself.
pub(crate) async fn preflight(headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let answered = response.headers_mut();
    open(answered);
    answered.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    answered.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    answered.insert(VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    // Clients send headers that only they know of, and none of them is refused.
    if let Some(asked) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        answered.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    response
}

/// Whether a request is what a browser asks before another.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}
