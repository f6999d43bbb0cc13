//! A client without a network.

use std::convert::Infallible;

use api::{Api, Front};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use axum::response::Response;
use domain::api_keys::KeyKind;
use serde_json::Value;
use service::Services;
use testkit::{Kit, Workspace};
use tower::{Service, ServiceExt};

use crate::{cors, documented};

/// The number of steps that a migrated database has.
pub(crate) const STEPS: u64 = 16;

/// The two prefixes of evaluation.
pub(crate) const PREFIXES: [&str; 2] = ["/api/v1/eval", "/api/eval"];

/// The API over a workspace, with a key for its environment `dev`.
pub(crate) struct Client {
    pub(crate) kit: Kit,
    pub(crate) workspace: Workspace,
    pub(crate) key: String,
    front: Front,
}

/// An answer, read whole.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Client {
    /// A workspace with the flag `menu`, which is on in `dev` and off elsewhere.
    pub(crate) async fn over(kit: Kit) -> Self {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        kit.services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", true))
            .await
            .unwrap();
        let key = workspace.api_key("dev", KeyKind::Server).await;
        let front = over(&kit.services);
        Self { kit, workspace, key, front }
    }

    pub(crate) fn front(&self) -> &Front {
        &self.front
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.front, request).await
    }

    /// Asks with the key.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path, Body::empty())).await
    }

    /// Asks with the key and a body.
    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(self.request(Method::POST, path, body.into())).await
    }

    pub(crate) fn request(&self, method: Method, path: &str, body: Body) -> Request<Body> {
        let mut key = HeaderValue::try_from(format!("Bearer {}", self.key)).unwrap();
        key.set_sensitive(true);
        Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, key)
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .unwrap()
    }
}

/// The API over an application, which may be another node's.
pub(crate) fn over(services: &Services) -> Front {
    with(Api { services: services.clone(), schema_steps: STEPS, proxies: 1, shared_max_age: 0 })
}

/// The API alone, without pages.
pub(crate) fn with(api: Api) -> Front {
    Front::new(api, Router::new())
}

/// Sends a request, and holds it and its answer against the document and against what pages of other origins may read.
pub(crate) async fn send<S>(service: &S, request: Request<Body>) -> Answer
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone,
{
    let (head, body) = request.into_parts();
    let (method, path) = (head.method.clone(), head.uri.path().to_owned());
    let sent = to_bytes(body, 100_000_000).await.unwrap();
    let request = Request::from_parts(head, Body::from(sent.clone()));
    let (mut head, body) = service.clone().oneshot(request).await.unwrap().into_parts();
    // The connection says how long each answer is, where nobody has said it before.
    head.headers.remove(CONTENT_LENGTH);
    let body = to_bytes(body, 10_000_000).await.unwrap();
    let is_json = head.headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let is_file = head.headers.contains_key(CONTENT_DISPOSITION) && !is_json;
    let body = match body.as_ref() {
        text if is_file => Value::String(String::from_utf8(text.to_vec()).unwrap()),
        [] => Value::Null,
        json => serde_json::from_slice(json).unwrap_or_else(|error| panic!("{error}: {body:?}")),
    };
    let answer = Answer { status: head.status, headers: head.headers, body };
    documented::check(&method, &path, &sent, &answer);
    cors::check(&path, &answer);
    answer
}

impl Answer {
    /// Asserts that it is an error in the one form that errors have, and returns its details.
    pub(crate) fn error(&self, status: u16, code: &str) -> &Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.headers[CONTENT_TYPE], "application/json", "{self:?}");
        let body = self.body.as_object().unwrap();
        assert_eq!(body.keys().collect::<Vec<_>>(), ["error"], "{self:?}");
        let error = body["error"].as_object().unwrap();
        assert_eq!(error.keys().collect::<Vec<_>>(), ["code", "details", "message"], "{self:?}");
        assert_eq!(error["code"], code, "{self:?}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{self:?}");
        &error["details"]
    }

    /// Asserts that it refuses one field, and returns what it says of it.
    pub(crate) fn invalid(&self, path: &str) -> &str {
        let details = self.error(400, "invalid").as_array().unwrap();
        assert_eq!(details.len(), 1, "{self:?}");
        assert_eq!(details[0]["path"], path, "{self:?}");
        details[0]["message"].as_str().unwrap()
    }
}
