//! Managing over HTTP: by cookie and by token.

mod access;
mod accounts;
mod api_keys;
mod audit;
mod compare;
mod configurations;
mod environments;
mod flags;
mod history;
mod launchdarkly;
mod missing;
mod orgs;
mod place;
mod projects;
mod refusals;
mod scene;
mod segments;
mod taken;
mod targeting;
mod templates;
mod transfer;
mod usage;

use std::collections::HashMap;

use api::manage::who::{Identify, identify};
use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use axum::http::{Method, Request};
use axum::middleware::from_fn_with_state;
use serde_json::{Value, json};
use service::Actor;
use testkit::Kit;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionManagerLayer, SessionStore};

use crate::client::{Answer, send};

/// The routes with the layers that they need.
pub(crate) struct Manage {
    pub(crate) kit: Kit,
    router: Router,
}

/// What a request says of its sender.
#[derive(Clone, Debug)]
pub(crate) enum Who {
    Nobody,
    Cookie(String),
    Token(String),
}

impl Manage {
    pub(crate) fn over(kit: Kit) -> Self {
        let services = kit.services.clone();
        let sessions = SessionManagerLayer::new(services.accounts().sessions()).with_secure(false);
        let router = api::manage::router(services.clone())
            .layer(from_fn_with_state(Identify { services, proxies: 1 }, identify))
            .layer(sessions);
        Self { kit, router }
    }

    /// Sends a request from an address of its own, so that attempts of one test do not count against another.
    pub(crate) async fn ask(&self, who: &Who, method: &str, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .header("user-agent", "curl/8.5.0")
            .header("x-forwarded-for", "203.0.113.7");
        let request = match who {
            Who::Nobody => request,
            Who::Cookie(cookie) => request.header(COOKIE, cookie),
            Who::Token(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
        };
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        send(&self.router, request.body(body).unwrap()).await
    }

    /// Asks within an organization that a header names.
    pub(crate) async fn get_in(&self, who: &Who, organization: &str, path: &str) -> Answer {
        self.get_with(who, &[("x-org-id", organization)], path).await
    }

    /// Asks with more headers.
    pub(crate) async fn get_with(&self, who: &Who, headers: &[(&str, &str)], path: &str) -> Answer {
        send(&self.router, request_of(who, headers, path)).await
    }

    /// Sends a request with more headers.
    pub(crate) async fn ask_with(
        &self,
        who: &Who,
        headers: &[(&str, &str)],
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = match who {
            Who::Nobody => request,
            Who::Cookie(cookie) => request.header(COOKIE, cookie),
            Who::Token(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
        };
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        send(&self.router, request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, who: &Who, path: &str) -> Answer {
        self.ask(who, "GET", path, None).await
    }

    pub(crate) async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask(who, "POST", path, Some(body)).await
    }

    /// Signs somebody up, and returns their cookie.
    pub(crate) async fn register(&self, email: &str) -> Who {
        let body = json!({"email": email, "name": "Somebody", "password": PASSWORD});
        cookie(&self.post(&Who::Nobody, "/api/v1/auth/register", body).await)
    }

    /// A session of somebody who is there already.
    pub(crate) async fn session_of(&self, actor: &Actor) -> Who {
        let store = self.kit.services.accounts().sessions();
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(self.kit.services.now().0 / 1000 + 3600).unwrap();
        let mut record = Record { id: Id::default(), data: HashMap::new(), expiry_date };
        store.create(&mut record).await.unwrap();
        self.kit.services.accounts().begin_session(actor, &record.id, None).await.unwrap();
        Who::Token(format!("tbs_{}", record.id))
    }

    /// A token for somebody who is there already.
    pub(crate) async fn token_of(&self, actor: &Actor, scope: &str) -> Who {
        let command = serde_json::from_value(json!({"name": "test", "scope": scope})).unwrap();
        Who::Token(self.kit.services.accounts().create_token(actor, command).await.unwrap().raw.unwrap())
    }
}

fn request_of(who: &Who, headers: &[(&str, &str)], path: &str) -> Request<Body> {
    let request = Request::builder().uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = match who {
        Who::Nobody => request,
        Who::Cookie(cookie) => request.header(COOKIE, cookie),
        Who::Token(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
    };
    request.body(Body::empty()).unwrap()
}

/// A password that is let in.
pub(crate) const PASSWORD: &str = "violet teapot harbour 9";

/// The cookie that an answer sets.
pub(crate) fn cookie(answer: &Answer) -> Who {
    let cookie = answer.headers.get(SET_COOKIE).unwrap_or_else(|| panic!("{answer:?}")).to_str().unwrap();
    Who::Cookie(cookie.split(';').next().unwrap().to_owned())
}
