//! Flags over HTTP, as they are in all environments of their project.

mod archive;
mod bulk;
mod change;
mod copy;
mod create;
mod list;
mod places;
mod put;

use axum::body::Body;
use axum::http::{Method, Request};
use domain::EnvironmentKey;
use domain::api_keys::KeyKind;
use domain::environments::ProtectEnvironment;
use domain::flags::Configuration;
use engine::Context;
use serde_json::{Value, json};
use service::Actor;
use testkit::{Kit, Workspace};

use super::{Manage, Who};
use crate::client::{Answer, send};

/// A workspace with a token for everybody.
struct Flags {
    manage: Manage,
    workspace: Workspace,
    member: Who,
    developer: Who,
    admin: Who,
    outsider: Who,
}

/// Who is refused, with which answer.
type Refused<'a> = (&'a Who, u16, &'a str);

impl Flags {
    async fn over(kit: Kit) -> Self {
        let workspace = kit.workspace().await;
        let manage = Manage::over(kit);
        let token = async |actor: &Actor| {
            let who = manage.token_of(actor, "write").await;
            // The first use is written down.
            assert_eq!(manage.get(&who, "/api/v1/me").await.status, 200);
            who
        };
        let (member, developer) = (token(&workspace.member).await, token(&workspace.developer).await);
        let (admin, outsider) = (token(&workspace.admin).await, token(&workspace.outsider).await);
        Self { manage, workspace, member, developer, admin, outsider }
    }

    fn kit(&self) -> &Kit {
        &self.manage.kit
    }

    /// Asks in the workspace's organization, below `/api/v1/manage/flags`.
    async fn ask(&self, who: &Who, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.ask_with(who, method, path, body, &[]).await
    }

    async fn ask_with(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("/api/v1/manage/flags{path}"))
            .header("x-org-id", self.workspace.organization.as_str());
        if let Who::Token(token) = who {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        send(&self.manage.router, request.body(body).unwrap()).await
    }

    /// Asks for something that must be done, as a developer.
    async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        self.done_by(&self.developer, method, path, body).await
    }

    async fn done_by(&self, who: &Who, method: &str, path: &str, body: Value) -> Value {
        let answer = self.ask(who, method, path, Some(body)).await;
        assert!(answer.status.is_success(), "{method} {path}: {answer:?}");
        answer.body
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(&self.member, "GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    }

    /// Creates a boolean flag with this key.
    async fn flag(&self, key: &str) -> Value {
        self.done("POST", "", json!({"name": key, "key": key})).await
    }

    /// Asks for something that must be refused, and asserts that nothing changed.
    async fn refused(&self, refused: Refused<'_>, method: &str, path: &str, body: Option<Value>) -> Answer {
        let (who, status, code) = refused;
        let (state, entries) = (self.kit().state().await, self.kit().audit_entries().await);
        let answer = self.ask(who, method, path, body).await;
        answer.error(status, code);
        let now = self.kit().state().await;
        assert!(now == state, "{method} {path}: {:?}", state.changes(&now));
        // What is forbidden is recorded, once a minute.
        let gained = self.kit().audit_entries().await - entries;
        assert!((0..=i64::from(status == 403)).contains(&gained), "{method} {path}: {gained} entries");
        answer
    }

    /// Asks for something that must be refused because of one field.
    async fn invalid(&self, method: &str, path: &str, body: Value, field: &str) -> String {
        let answer = self.refused((&self.admin, 400, "invalid"), method, path, Some(body)).await;
        answer.invalid(field).to_owned()
    }

    /// Asserts who else may not: nobody, somebody else's owner, and those with too little a role; and that an unknown flag
    /// is not found.
    async fn refuses_others(&self, method: &str, path: &str, body: Option<Value>, too_little: &[&Who]) {
        self.refused((&Who::Nobody, 401, "unauthenticated"), method, path, body.clone()).await;
        self.refused((&self.outsider, 404, "not_found"), method, path, body.clone()).await;
        for who in too_little {
            self.refused((who, 403, "forbidden"), method, path, body.clone()).await;
        }
        if let Some((_, rest)) = path.split_once("/menu") {
            for nothing in ["nope", "Menu", "%00"] {
                let path = format!("/{nothing}{rest}");
                self.refused((&self.admin, 404, "not_found"), method, &path, body.clone()).await;
            }
        }
        let elsewhere = [("x-project", "nope")];
        let answer = self.ask_with(&self.admin, method, path, body, &elsewhere).await;
        answer.error(404, "not_found");
    }

    async fn protect(&self, environment: &str) {
        let (project, environment) = (self.workspace.project.clone(), environment.parse().unwrap());
        let command = ProtectEnvironment { project, environment, protected: true };
        self.kit().services.environments().protect(&Actor::system("test"), command).await.unwrap();
    }

    async fn switch(&self, key: &str, environment: &str, enabled: bool) {
        let command = self.workspace.switch(key, environment, enabled);
        self.kit().services.flags().switch(&Actor::system("test"), command).await.unwrap();
    }

    /// Changes what a flag does in an environment.
    async fn configure(&self, key: &str, environment: &str, change: impl FnOnce(&mut Configuration)) {
        let name = key.parse().unwrap();
        let flags = self.kit().services.flags();
        let view = flags.show(&self.workspace.member, &self.workspace.project, &name).await.unwrap();
        let version = view.environments[&environment.parse::<EnvironmentKey>().unwrap()].version;
        let mut configuration = Configuration::fixed("on", "off");
        change(&mut configuration);
        let command = self.workspace.configure(key, environment, version, configuration);
        flags.configure(&Actor::system("test"), command).await.unwrap();
    }

    /// The revisions of the environments.
    async fn revisions(&self) -> Vec<i64> {
        let Workspace { member, project, .. } = &self.workspace;
        let environments = self.kit().services.environments().list(member, project).await.unwrap();
        environments.iter().map(|environment| environment.revision).collect()
    }

    /// What an application gets from an environment: the value, or null for no flag.
    async fn served(&self, environment: &str, key: &str) -> Value {
        let services = &self.kit().services;
        let raw = self.workspace.api_key(environment, KeyKind::Server).await;
        let caller = services.delivery().authenticate(&raw).unwrap();
        let context = Context::from_json(br#"{"userId":"user-1"}"#).unwrap();
        let snapshot = caller.environment.snapshot();
        let detail = snapshot.evaluate(caller.kind, key, &context, services.now().0).detail;
        detail.value.map_or(Value::Null, |value| serde_json::from_str(value.get()).unwrap())
    }

    /// The last entries of the organization's log: what happened, to what.
    async fn logged(&self, count: usize) -> Vec<(String, String)> {
        let (owner, organization) = (&self.workspace.owner, &self.workspace.organization);
        let log = self.kit().log(owner, organization).await;
        let last = log.into_iter().rev().take(count);
        last.map(|entry| (entry.action, entry.resource.key)).collect()
    }
}

fn keys(list: &Value) -> Vec<&str> {
    list["flags"].as_array().unwrap().iter().map(|flag| flag["key"].as_str().unwrap()).collect()
}
