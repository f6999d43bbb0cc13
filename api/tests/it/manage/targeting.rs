//! What tests of targeting share: an organization with flags, and everybody who may ask.

use std::ops::Deref;

use domain::api_keys::KeyKind;
use domain::flags::CreateFlag;
use engine::ruleset::{Kind, ValueType, Variation};
use serde_json::{Value, json};
use testkit::{Kit, State};

use super::Who;
use super::place::Place;
use crate::client::Answer;

/// A place with the flag `menu`.
pub(super) struct Targeting(Place);

impl Deref for Targeting {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.0
    }
}

impl Targeting {
    pub(super) async fn over(kit: Kit) -> Self {
        let place = Place::over(kit).await;
        place.workspace.flag("menu").await;
        Self(place)
    }

    /// Creates a flag of a kind with the variations `on` and `off`, and others between.
    pub(super) async fn flag(&self, key: &str, kind: Kind, between: &[&str]) {
        let keys = ["on"].into_iter().chain(between.iter().copied()).chain(["off"]);
        let variations = keys.map(|key| Variation { key: key.into(), value: key.into() }).collect();
        let command = CreateFlag {
            kind,
            value_type: ValueType::String,
            variations,
            ..self.workspace.boolean_flag(key)
        };
        self.manage.kit.services.flags().create(&self.workspace.developer, command).await.unwrap();
    }

    /// As a developer, and asserts that it is done.
    pub(super) async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.ask(&self.developer, method, path, Some(body)).await;
        assert_eq!(answer.status, 200, "{method} {path}: {answer:?}");
        answer.body
    }

    /// Asserts that whoever may not do something is told so, and that nothing changes. Only a refused member is noted.
    pub(super) async fn keeps_others_out(&self, method: &str, path: &str, body: Option<Value>) {
        let before = self.stored().await;
        self.ask(&Who::Nobody, method, path, body.clone()).await.error(401, "unauthenticated");
        self.ask(&self.outsider, method, path, body.clone()).await.error(404, "not_found");
        assert_eq!(self.stored().await, before, "{method} {path}");
        self.ask(&self.member, method, path, body).await.error(403, "forbidden");
        let after = self.stored().await;
        assert_eq!((&after.0, after.1), (&before.0, before.1 + 1), "{method} {path}");
    }

    /// Asserts that a request is refused with a code, and that nothing changes.
    pub(super) async fn refused(&self, method: &str, path: &str, body: Value, code: (u16, &str)) -> Answer {
        let before = self.stored().await;
        let answer = self.ask(&self.developer, method, path, Some(body.clone())).await;
        answer.error(code.0, code.1);
        assert_eq!(self.stored().await, before, "{method} {path} {body}");
        answer
    }

    /// Asserts that a body is refused with these paths, and that nothing changes.
    pub(super) async fn invalid(&self, method: &str, path: &str, body: Value, paths: &[&str]) {
        let answer = self.refused(method, path, body.clone(), (400, "invalid")).await;
        let details = answer.body["error"]["details"].as_array().unwrap();
        let said: Vec<_> = details.iter().map(|detail| detail["path"].as_str().unwrap()).collect();
        assert_eq!(said, paths, "{method} {path} {body}: {answer:?}");
    }

    /// Everything that is stored, and how long the audit log is.
    pub(super) async fn stored(&self) -> (State, i64) {
        (self.manage.kit.state().await, self.manage.kit.audit_entries().await)
    }

    /// The newest entry of the audit log that is about an environment.
    pub(super) async fn newest_entry(&self) -> Value {
        let rows = self.manage.kit.database.rows(
            "SELECT action, comment, revision, resource_key FROM audit_event WHERE environment_id IS NOT NULL ORDER BY seq DESC",
        );
        rows.await.into_iter().next().unwrap()
    }

    /// Evaluates a flag in an environment for contexts.
    pub(super) async fn evaluate(&self, environment: &str, flag: &str, contexts: &[Value]) -> Vec<Value> {
        let raw = self.workspace.api_key(environment, KeyKind::Server).await;
        let services = &self.manage.kit.services;
        services.delivery().refresh().await.unwrap();
        let caller = services.delivery().authenticate(&raw).unwrap();
        let snapshot = caller.environment.snapshot();
        let value = |context: &Value| {
            let context = context.to_string();
            let context = engine::Context::from_json(context.as_bytes()).unwrap();
            let detail = snapshot.evaluate(caller.kind, flag, &context, services.now().0).detail;
            json!([detail.variation, detail.reason.as_str(),])
        };
        contexts.iter().map(value).collect()
    }
}
