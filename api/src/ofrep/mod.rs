//! OFREP, the OpenFeature Remote Evaluation Protocol, version 0.3.0: what providers of OpenFeature's SDKs speak that know
//! no vendor. `POST /ofrep/v1/evaluate/flags/{key}` for servers, which ask each time; `POST /ofrep/v1/evaluate/flags` for
//! pages, which keep what they are answered until its tag is another.

pub(crate) mod all;
mod answer;
mod body;
mod credentials;
mod failure;
mod freshness;
pub(crate) mod one;
mod reason;
mod responses;
mod streams;

use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{any, post};

use crate::{Api, cors};
use failure::Refusal;

/// The routes. Clients put them behind whatever address they were given, which may end with a slash.
pub(super) fn routes() -> Router<Api> {
    ["/ofrep", "//ofrep"].into_iter().fold(Router::new(), |router, base| {
        let all = post(all::evaluate).options(cors::preflight).fallback(wrong_method);
        let one = post(one::evaluate).options(cors::preflight).fallback(wrong_method);
        router
            .route(&format!("{base}/v1/evaluate/flags"), all)
            .route(&format!("{base}/v1/evaluate/flags/{{key}}"), one)
            .route(base, any(unknown_route))
            .route(&format!("{base}/"), any(unknown_route))
            .route(&format!("{base}/{{*rest}}"), any(unknown_route))
    })
}

async fn wrong_method(method: Method, uri: Uri) -> Response {
    let details = format!("{} does not take {method}", uri.path());
    Refusal::general(StatusCode::METHOD_NOT_ALLOWED, details).answer(None)
}

async fn unknown_route(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    match cors::is_preflight(&method, &headers) {
        true => cors::preflight(headers).await,
        // Without a key, so that nobody takes it for what is said of a flag that there is not.
        false => {
            Refusal::general(StatusCode::NOT_FOUND, format!("there is no route {}", uri.path())).answer(None)
        }
    }
}
