//! Paths and methods that there are not.

use axum::body::Body;
use axum::http::{Method, Request};
use testkit::each;

use crate::client::{Client, PREFIXES};

/// A path below `/api` that has no route answers in the form of errors, with a key and without.
#[tokio::test]
async fn an_unknown_path_is_not_found() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let paths = [
            "/api/nope",
            "/api/v1",
            "/api/v1/eval",
            "/api/v1/eval/",
            "/api/v1/eval/flags/",
            "/api/v1/eval/flags/menu/",
            "/api/v1/eval/flags/menu/more",
            "/api/v2/eval/flags",
            "/api/v1/eval/Flags",
            "/api/eval/flags/a/b",
        ];
        for path in paths {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                client
                    .send(client.request(method.clone(), path, Body::empty()))
                    .await
                    .error(404, "not_found");
                let anonymous = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
                client.send(anonymous).await.error(404, "not_found");
            }
        }
    })
    .await;
}

/// A method that a route does not take answers in the form of errors, and names the ones that it takes.
#[tokio::test]
async fn a_wrong_method_is_refused() {
    each(async |kit| {
        let client = Client::over(kit).await;
        for prefix in PREFIXES {
            for path in ["/flags", "/flags/menu"] {
                for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
                    let request = client.request(method, &format!("{prefix}{path}"), Body::empty());
                    let answer = client.send(request).await;
                    answer.error(405, "method_not_allowed");
                    assert_eq!(answer.headers["allow"], "GET,HEAD,POST,OPTIONS");
                }
            }
        }
        for path in ["/health", "/ready"] {
            client
                .send(client.request(Method::POST, path, Body::empty()))
                .await
                .error(405, "method_not_allowed");
        }
    })
    .await;
}
