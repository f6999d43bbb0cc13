//! `/docs`: the API's reference as a page, by Swagger UI.

use std::sync::LazyLock;

use api::openapi::Embedded;
use axum::Router;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::get;

/// The page's own files and what it asks for, nothing else. `data:` is for the icons in Swagger UI's stylesheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

static PAGE: LazyLock<Embedded> =
    LazyLock::new(|| Embedded::new("text/html; charset=utf-8", include_str!("page.html")));
static START: LazyLock<Embedded> =
    LazyLock::new(|| Embedded::new("text/javascript; charset=utf-8", include_str!("start.js")));
static SCRIPT: LazyLock<Embedded> = LazyLock::new(|| {
    let script = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js"));
    Embedded::new("text/javascript; charset=utf-8", script.as_slice())
});
static STYLE: LazyLock<Embedded> = LazyLock::new(|| {
    let style = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css"));
    Embedded::new("text/css; charset=utf-8", style.as_slice())
});

/// Swagger UI is under the Apache License 2.0, which goes where its code goes.
static LICENCE: LazyLock<Embedded> = LazyLock::new(|| {
    let notice = include_bytes!(concat!(env!("OUT_DIR"), "/NOTICE"));
    let licence = include_bytes!(concat!(env!("OUT_DIR"), "/LICENSE"));
    Embedded::new("text/plain; charset=utf-8", [notice.as_slice(), b"\n\n", licence].concat())
});

/// The page and its files. They are the same for everybody, so nobody is asked who they are.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/docs", get(async |headers: HeaderMap| page(&headers)))
        .route("/docs/licence.txt", get(async |headers: HeaderMap| LICENCE.answer(&headers)))
        .route("/docs/start.js", get(async |headers: HeaderMap| START.answer(&headers)))
        .route("/docs/swagger-ui-bundle.js", get(async |headers: HeaderMap| SCRIPT.answer(&headers)))
        .route("/docs/swagger-ui.css", get(async |headers: HeaderMap| STYLE.answer(&headers)))
}

fn page(headers: &HeaderMap) -> Response {
    let mut response = PAGE.answer(headers);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
    use axum::http::{Request, StatusCode};
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str, tag: Option<&HeaderValue>) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::get(path);
        if let Some(tag) = tag {
            request = request.header(IF_NONE_MATCH, tag);
        }
        let answer = router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = to_bytes(body, 10_000_000).await.unwrap();
        (head.status, head.headers, String::from_utf8(body.into()).unwrap())
    }

    #[tokio::test]
    async fn the_page_has_its_files_and_nothing_inline() {
        let (status, headers, page) = get("/docs", None).await;
        assert_eq!(
            (status, &headers[CONTENT_SECURITY_POLICY]),
            (StatusCode::OK, &HeaderValue::from_static(POLICY))
        );
        assert!(!page.contains("style=") && !page.contains("<style") && !page.contains("<script>"), "{page}");
        let files = page.split('"').filter(|text| text.starts_with("/docs/"));
        let mut found = 0;
        for file in files {
            let (status, headers, text) = get(file, None).await;
            assert_eq!(status, StatusCode::OK, "{file}");
            assert!(!text.is_empty(), "{file}");
            assert_ne!(headers[CONTENT_TYPE], "text/html; charset=utf-8", "{file}");
            let (status, _, text) = get(file, Some(&headers[ETAG])).await;
            assert_eq!((status, text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{file}");
            found += 1;
        }
        assert_eq!(found, 4);
    }
}
