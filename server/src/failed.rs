//! Errors as pages, for those who look with a browser: what layers refuse would else be JSON on their screen.

use api::manage::who::RequestId;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use domain::Error;
use leptos::config::LeptosOptions;
use leptos_axum::render_app_async_with_context;

/// Shows a refusal as a page, where a page was asked for. Programs get what they always get.
pub(crate) async fn as_page(State(options): State<LeptosOptions>, request: Request, next: Next) -> Response {
    if !wants_page(request.uri().path(), request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    match response.extensions().get::<Error>().cloned() {
        Some(error) => page(options, asked, &error, response).await,
        None => response,
    }
}

/// Whether the answer is for the screen. Addresses of the API stay what they are, for those who look at it with a browser.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accepts.is_some_and(|accept| accept.contains("text/html")) && !path.starts_with("/api/")
}

async fn page(options: LeptosOptions, asked: Parts, error: &Error, response: Response) -> Response {
    let is_looked_at = asked.method == Method::GET;
    let id = asked.extensions.get::<RequestId>().map(|id| id.0.clone());
    let error = error.clone();
    let render = render_app_async_with_context(
        || {},
        move || app::failed(options.clone(), &error, id.clone(), is_looked_at),
    );
    let mut page = render(Request::from_parts(asked, Body::empty())).await;
    *page.status_mut() = response.status();
    // What it says of its body the page says of its own.
    let of_body = [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING];
    for (name, value) in response.headers().iter().filter(|(name, _)| !of_body.contains(name)) {
        page.headers_mut().append(name, value.clone());
    }
    page
}
