//! Pages of other origins read what applications are answered, and nothing else.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY, WWW_AUTHENTICATE,
};
use axum::http::{Method, Request};
use serde_json::Value;
use testkit::each;

use crate::client::{Answer, Client};
use crate::manage::{Manage, Who};

/// The paths of applications.
const OPEN: [&str; 8] = [
    "/api/v1/eval",
    "/api/eval",
    "/api/v1/environments",
    "/api/v1/events",
    "/api/v1/ruleset",
    "/api/v1/stream",
    "/ofrep",
    "//ofrep",
];

/// Whether a path is for applications.
pub(crate) fn is_open(path: &str) -> bool {
    let is_below =
        |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    OPEN.into_iter().any(is_below)
}

/// Asserts that pages of other origins may read an answer to an application, and no other. Each answer of each test comes
/// by here, whatever its status.
pub(crate) fn check(path: &str, answer: &Answer) {
    let (origin, exposed) = match is_open(path) {
        true => (
            Some("*".to_owned()),
            Some("ETag, Retry-After, Date, X-RateLimit-Limit, X-RateLimit-Remaining".to_owned()),
        ),
        false => (None, None),
    };
    assert_eq!(header(answer, ACCESS_CONTROL_ALLOW_ORIGIN.as_str()), origin, "{path}: {answer:?}");
    assert_eq!(header(answer, ACCESS_CONTROL_EXPOSE_HEADERS.as_str()), exposed, "{path}: {answer:?}");
    assert_eq!(header(answer, ACCESS_CONTROL_ALLOW_CREDENTIALS.as_str()), None, "{path}: {answer:?}");
    let allows = [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_MAX_AGE];
    let is_preflight = answer.status == 204 && origin.is_some();
    assert!(
        is_preflight || allows.iter().all(|name| !answer.headers.contains_key(name)),
        "{path}: {answer:?}"
    );
}

fn header(answer: &Answer, name: &str) -> Option<String> {
    let mut values = answer.headers.get_all(name).iter();
    let value = values.next().map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(values.next(), None, "{name} is there twice");
    value
}

/// What a browser asks before a request with these headers.
fn preflight(path: &str, method: &str, headers: Option<&str>) -> Request<Body> {
    let request = Request::builder().method(Method::OPTIONS).uri(path);
    let request =
        request.header(ORIGIN, "https://shop.example").header(ACCESS_CONTROL_REQUEST_METHOD, method);
    let request = match headers {
        Some(headers) => request.header(ACCESS_CONTROL_REQUEST_HEADERS, headers),
        None => request,
    };
    request.body(Body::empty()).unwrap()
}

const ROUTES: [&str; 9] = [
    "/api/v1/eval/flags",
    "/api/v1/eval/flags/menu",
    "/api/eval/flags",
    "/api/eval/flags/menu",
    "/api/v1/environments/dev/flags",
    "/ofrep/v1/evaluate/flags",
    "/ofrep/v1/evaluate/flags/menu",
    "//ofrep/v1/evaluate/flags",
    "//ofrep/v1/evaluate/flags/menu",
];

/// A browser asks without a key, and is let to send whatever headers its page wants to, on routes that there are and on
/// those that there are not: else the page would see no 404.
#[tokio::test]
async fn a_browser_asks_before_without_a_key() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let followed = ["/api/v1/ruleset", "/api/v1/stream", "/ofrep/v1/stream"];
        let nowhere =
            ["/api/v1/eval", "/api/eval/nope", "/api/v1/environments/dev", "/ofrep", "/ofrep/v2/flags"];
        for path in ROUTES.into_iter().chain(followed).chain(nowhere) {
            for asked in
                [None, Some("authorization"), Some("x-api-key,content-type,if-none-match,x-anything")]
            {
                let answer = client.send(preflight(path, "POST", asked)).await;
                assert_eq!((answer.status.as_u16(), &answer.body), (204, &Value::Null), "{path}");
                assert_eq!(header(&answer, "access-control-allow-methods").unwrap(), "GET, HEAD, POST");
                assert_eq!(header(&answer, "access-control-allow-headers").as_deref(), asked, "{path}");
                assert_eq!(header(&answer, "access-control-max-age").unwrap(), "300");
                assert_eq!(header(&answer, VARY.as_str()).unwrap(), "Access-Control-Request-Headers");
                assert!(!answer.headers.contains_key(WWW_AUTHENTICATE));
            }
        }
    })
    .await;
}

/// Answers to a page of another origin are those that everybody gets: a cache may give one's to another.
#[tokio::test]
async fn an_origin_changes_nothing() {
    each(async |kit| {
        let client = Client::over(kit).await;
        for path in &ROUTES[4..] {
            let plain = client.request(Method::POST, path, Body::empty());
            let mut foreign = client.request(Method::POST, path, Body::empty());
            foreign.headers_mut().insert(ORIGIN, "https://shop.example".parse().unwrap());
            let (plain, foreign) = (client.send(plain).await, client.send(foreign).await);
            assert_eq!(plain.status, 200);
            assert_eq!(plain, foreign);
        }
    })
    .await;
}

/// What is not for applications tells no page of another origin anything, whoever asks.
#[tokio::test]
async fn nothing_else_is_open() {
    each(async |kit| {
        let client = Client::over(kit).await;
        for path in ["/health", "/ready", "/api/v1/openapi.json", "/api/v1/nope", "/api/v1/evaluate", "/api"]
        {
            client.get(path).await;
            let answer = client.send(preflight(path, "POST", Some("authorization"))).await;
            assert!([404, 405].contains(&answer.status.as_u16()), "{path}: {answer:?}");
        }
        let manage = Manage::over(client.kit);
        let owner = manage.register("owner@example.com").await;
        for path in ["/api/v1/manage/flags", "/api/v1/me", "/api/v1/orgs", "/api/v1/auth/login"] {
            for who in [&owner, &Who::Nobody] {
                let origin = [("origin", "https://shop.example")];
                manage.get_with(who, &origin, path).await;
                let asked = [origin[0], ("access-control-request-method", "POST")];
                let answer = manage.ask_with(who, &asked, "OPTIONS", path, None).await;
                assert!([401, 405].contains(&answer.status.as_u16()), "{path}: {answer:?}");
            }
        }
    })
    .await;
}
