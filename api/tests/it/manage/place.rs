//! A workspace with a token for everybody, asked over HTTP.

use std::rc::Rc;

use api::Api;
use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{Method, Request};
use domain::api_keys::KeyKind;
use domain::environments::ProtectEnvironment;
use serde_json::Value;
use service::Actor;
use testkit::{Kit, Workspace};
use tower::ServiceExt;

use super::{Manage, Who};
use crate::client::{Answer, STEPS, send, with};

/// A workspace with a token for everybody.
pub(crate) struct Place {
    pub(crate) manage: Rc<Manage>,
    pub(crate) workspace: Workspace,
    pub(crate) member: Who,
    pub(crate) developer: Who,
    pub(crate) admin: Who,
    pub(crate) outsider: Who,
}

impl Place {
    pub(crate) async fn over(kit: Kit) -> Self {
        Self::within(Rc::new(Manage::over(kit))).await
    }

    /// Another workspace in the same database.
    pub(crate) async fn another(&self) -> Self {
        Self::within(Rc::clone(&self.manage)).await
    }

    async fn within(manage: Rc<Manage>) -> Self {
        let workspace = manage.kit.workspace().await;
        let [member, developer, admin, outsider] =
            [&workspace.member, &workspace.developer, &workspace.admin, &workspace.outsider];
        let token = async |actor| {
            let who = manage.token_of(actor, "write").await;
            // The first use is written down.
            assert_eq!(manage.get(&who, "/api/v1/me").await.status, 200);
            who
        };
        let (member, developer) = (token(member).await, token(developer).await);
        let (admin, outsider) = (token(admin).await, token(outsider).await);
        Self { manage, workspace, member, developer, admin, outsider }
    }

    pub(crate) fn kit(&self) -> &Kit {
        &self.manage.kit
    }

    /// Asks about the workspace's organization, below `/api/v1/manage`.
    pub(crate) async fn ask(&self, who: &Who, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.ask_as(who, method, path, "application/json", body.map(|body| body.to_string())).await
    }

    /// Asks with a body of any kind.
    pub(crate) async fn ask_as(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        content_type: &str,
        body: Option<String>,
    ) -> Answer {
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("/api/v1/manage{path}"))
            .header("content-type", content_type)
            .header("x-org-id", self.workspace.organization.as_str());
        let request = match who {
            Who::Nobody => request,
            Who::Cookie(cookie) => request.header("cookie", cookie),
            Who::Token(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
        };
        let body = body.map_or(Body::empty(), Body::from);
        send(&self.manage.router, request.body(body).unwrap()).await
    }

    pub(crate) async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask(who, "POST", path, Some(body)).await
    }

    pub(crate) async fn get(&self, who: &Who, path: &str) -> Answer {
        self.ask(who, "GET", path, None).await
    }

    /// Asks for what must be refused, and asserts that nothing changed.
    pub(crate) async fn refused(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        body: Option<Value>,
        (status, code): (u16, &str),
    ) -> Value {
        let (state, entries) = (self.kit().state().await, self.kit().audit_entries().await);
        let answer = self.ask(who, method, path, body).await;
        let details = answer.error(status, code).clone();
        let now = self.kit().state().await;
        assert!(now == state, "{method} {path}: {:?}", state.changes(&now));
        // What is forbidden is recorded.
        let gained = self.kit().audit_entries().await - entries;
        assert!((0..=i64::from(status == 403)).contains(&gained), "{method} {path}: {gained} entries");
        details
    }

    /// Asks for what must be refused because of these fields.
    pub(crate) async fn invalid(&self, who: &Who, path: &str, body: Value, fields: &[&str]) {
        let details = self.refused(who, "POST", path, Some(body), (400, "invalid")).await;
        let paths: Vec<_> =
            details.as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap().to_owned()).collect();
        assert_eq!(paths, fields, "{details}");
    }

    /// What an environment serves, in LaunchDarkly's format.
    pub(crate) async fn served(&self, environment: &str) -> Value {
        let key = self.workspace.api_key(environment, KeyKind::Server).await;
        let answer = self.served_to(&key, &format!("/api/v1/environments/{environment}/flags")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    pub(crate) async fn served_to(&self, key: &str, path: &str) -> Answer {
        let machines = with(Api {
            services: self.kit().services.clone(),
            schema_steps: STEPS,
            proxies: 1,
            shared_max_age: 0,
        });
        let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {key}"));
        send(&machines, request.body(Body::empty()).unwrap()).await
    }

    /// The text that is answered, which need not be JSON.
    pub(crate) async fn text(&self, who: &Who, path: &str) -> String {
        let Who::Token(token) = who else { panic!("{who:?} has no token") };
        let request = Request::get(format!("/api/v1/manage{path}"))
            .header("x-org-id", self.workspace.organization.as_str())
            .header(AUTHORIZATION, format!("Bearer {token}"));
        let request = request.body(Body::empty()).unwrap();
        let answer = self.manage.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = axum::body::to_bytes(answer.into_body(), 100_000_000).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    pub(crate) async fn protect(&self, environment: &str) {
        let (project, environment) = (self.workspace.project.clone(), environment.parse().unwrap());
        let command = ProtectEnvironment { project, environment, protected: true };
        self.kit().services.environments().protect(&Actor::system("test"), command).await.unwrap();
    }
}
