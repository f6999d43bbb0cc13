//! A workspace whose people ask within their organization.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::environments::ProtectEnvironment;
use serde_json::Value;
use service::Actor;
use testkit::{Kit, Workspace};
use tower::ServiceExt;

use super::{Manage, Who};
use crate::client::{Answer, send};

/// A workspace, and what its people ask with.
pub(crate) struct Scene {
    pub(crate) manage: Manage,
    pub(crate) workspace: Workspace,
    pub(crate) admin: Who,
    pub(crate) developer: Who,
    pub(crate) member: Who,
    pub(crate) outsider: Who,
}

impl Scene {
    pub(crate) async fn over(kit: Kit) -> Self {
        let manage = Manage::over(kit);
        let workspace = manage.kit.workspace().await;
        let token = async |actor: &Actor| {
            let who = manage.token_of(actor, "write").await;
            // The first use is written down.
            manage.get(&who, "/api/v1/me").await;
            who
        };
        let (admin, developer) = (token(&workspace.admin).await, token(&workspace.developer).await);
        let (member, outsider) = (token(&workspace.member).await, token(&workspace.outsider).await);
        Self { manage, workspace, admin, developer, member, outsider }
    }

    /// Protects an environment.
    pub(crate) async fn protect(&self, environment: &str) {
        let (project, environment) = (self.workspace.project.clone(), environment.parse().unwrap());
        let command = ProtectEnvironment { project, environment, protected: true };
        self.manage.kit.services.environments().protect(&Actor::system("test"), command).await.unwrap();
    }

    /// Asks within the organization, below `/api/v1/manage`.
    pub(crate) async fn ask(&self, who: &Who, method: &str, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(who, method, path, &[("content-type", "application/json")], body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(&self.member, "GET", path, Value::Null).await
    }

    pub(crate) async fn send(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("/api/v1/manage{path}"))
            .header("x-org-id", self.workspace.organization.as_str());
        let request = match who {
            Who::Nobody => request,
            Who::Cookie(cookie) => request.header("cookie", cookie),
            Who::Token(token) => request.header("authorization", format!("Bearer {token}")),
        };
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        send(&self.manage.router, request.body(body.into()).unwrap()).await
    }

    /// Sends more than the document's checks read, and returns the status.
    pub(crate) async fn status(&self, path: &str, kind: &str, body: String) -> StatusCode {
        let Who::Token(token) = &self.developer else { panic!("a developer has a token") };
        let request = Request::post(format!("/api/v1/manage{path}"))
            .header("x-org-id", self.workspace.organization.as_str())
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", kind);
        let request = request.body(Body::from(body)).unwrap();
        self.manage.router.clone().oneshot(request).await.unwrap().status()
    }

    /// Asks for something that must be refused, and asserts that it changed nothing: what is forbidden is in the audit
    /// log, once a minute at most, and nothing else is.
    pub(crate) async fn refused(&self, who: &Who, method: &str, path: &str, body: Value) -> Answer {
        let kit = &self.manage.kit;
        // When a token was used last is written down, too.
        self.manage.get(who, "/api/v1/me").await;
        let (state, entries) = (kit.state().await, kit.audit_entries().await);
        let answer = self.ask(who, method, path, body).await;
        assert!(answer.status.is_client_error(), "{method} {path}: {answer:?}");
        let now = kit.state().await;
        assert!(now == state, "{method} {path}: something changed: {:?}", state.changes(&now));
        let more = kit.audit_entries().await - entries;
        assert!(more == 0 || more == 1 && answer.status == 403, "{method} {path}: {more} entries");
        answer
    }

    /// Asserts who may not: nobody, the owner of another organization, and those of a lesser role.
    pub(crate) async fn keeps_out(&self, method: &str, path: &str, body: Value, lesser: &[&Who]) {
        self.refused(&Who::Nobody, method, path, body.clone()).await.error(401, "unauthenticated");
        self.refused(&self.outsider, method, path, body.clone()).await.error(404, "not_found");
        for who in lesser {
            self.refused(who, method, path, body.clone()).await.error(403, "forbidden");
        }
    }
}

/// Asserts a status, and returns the body.
pub(crate) fn said(answer: Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{answer:?}");
    answer.body
}

/// The paths that a refusal names.
pub(crate) fn paths(answer: &Answer) -> Vec<&str> {
    let details = answer.error(400, "invalid").as_array().unwrap();
    details.iter().map(|detail| detail["path"].as_str().unwrap()).collect()
}
