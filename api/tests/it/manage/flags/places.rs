//! Flags where somebody's role is narrowed, and in another project.

use domain::access::Role;
use domain::orgs::{NarrowRole, PlaceRef};
use engine::ruleset::{Prerequisite, Serve};
use serde_json::{Value, json};
use service::Actor;
use testkit::each;

use super::{Flags, keys};

impl Flags {
    /// Narrows somebody's role in `default`, or in an environment of it.
    async fn narrow(&self, who: &Actor, place: &str, role: Role) {
        let (organization, user) = (self.workspace.organization.clone(), who.person().unwrap().id);
        let place: PlaceRef = place.parse().unwrap();
        let command = NarrowRole { organization, user, place, role: Some(role) };
        self.kit().services.orgs().narrow(&Actor::system("test"), command).await.unwrap();
    }

    /// Makes the project `other` with the environments `dev` and `qa`.
    async fn other_project(&self) {
        let database = &self.kit().database;
        let org = format!("(SELECT id FROM organization WHERE slug = '{}')", self.workspace.organization);
        let id = |seed: u128| database.id(uuid::Uuid::from_u128(seed));
        let project = id(1);
        database
            .execute(&format!(
                "INSERT INTO project (id, org_id, key, name, name_lower, created_at)
                VALUES ({project}, {org}, 'other', 'Other', 'other', 0)"
            ))
            .await;
        for (position, key) in ["dev", "qa"].into_iter().enumerate() {
            let id = id(2 + position as u128);
            database
                .execute(&format!(
                    "INSERT INTO environment
                    (id, org_id, project_id, key, name, color, position, protected, revision, created_at)
                    VALUES ({id}, {org}, {project}, '{key}', '{key}', 'sky', {position}, FALSE, 0, 0)"
                ))
                .await;
        }
        self.kit().services.delivery().refresh().await.unwrap();
    }

    async fn in_other(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.ask_with(&self.developer, method, path, body, &[("x-project", "other")]).await;
        assert!(answer.status.is_success(), "{answer:?}");
        answer.body
    }
}

/// Whoever may less in one environment changes nothing that reaches it, and everything that does not.
#[tokio::test]
async fn a_change_takes_the_right_wherever_it_reaches() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        flags.switch("menu", "prod", true).await;
        flags.narrow(&flags.workspace.developer, "default/prod", Role::Member).await;
        flags.narrow(&flags.workspace.admin, "default/prod", Role::Developer).await;
        let forbidden = (&flags.developer, 403, "forbidden");
        for (method, path, body) in [
            ("PATCH", "/menu", json!({"client_side": true})),
            ("PUT", "/menu", json!({"name": "menu", "client_side": true})),
            ("POST", "/menu/copy", json!({"key": "copy", "keep_state": true})),
            ("POST", "/bulk", json!({"action": "disable", "keys": ["menu"], "environment": "prod"})),
        ] {
            flags.refused(forbidden, method, path, Some(body)).await;
        }
        let forbidden = (&flags.admin, 403, "forbidden");
        flags.refused(forbidden, "POST", "/menu/archive", None).await;
        flags.refused(forbidden, "POST", "/bulk", Some(json!({"action": "archive", "keys": ["menu"]}))).await;

        flags.done("PATCH", "/menu", json!({"name": "Menu"})).await;
        flags.done("POST", "/menu/copy", json!({"key": "copy"})).await;
        flags.done("POST", "/bulk", json!({"action": "tag", "keys": ["menu"], "tags": ["a"]})).await;
        flags.flag("another").await;

        flags.narrow(&flags.workspace.developer, "default", Role::Member).await;
        let forbidden = (&flags.developer, 403, "forbidden");
        for (method, path, body) in [
            ("POST", "", json!({"name": "a"})),
            ("PATCH", "/menu", json!({"name": "a"})),
            ("PATCH", "/menu", json!({"name": "Menu"})),
            ("PUT", "/menu", json!({"name": "a"})),
            ("POST", "/menu/copy", json!({"key": "b"})),
            ("POST", "/bulk", json!({"action": "tag", "keys": ["menu"], "tags": ["b"]})),
        ] {
            flags.refused(forbidden, method, path, Some(body)).await;
        }
    })
    .await;
}

/// In another project a copy does what the flag does where the environments have the same key, and elsewhere what is new.
#[tokio::test]
async fn a_copy_may_be_in_another_project() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.other_project().await;
        flags.flag("menu").await;
        flags
            .configure("menu", "dev", |it| {
                it.enabled = true;
                it.fallthrough = Serve::Variation("off".into());
            })
            .await;
        let body = json!({"key": "menu", "project": "other", "keep_state": true});
        let copy = flags.done("POST", "/menu/copy", body).await;
        let state = |environment: &str| {
            let state = &copy["environments"][environment];
            (state["enabled"].clone(), state["served"]["variation"].clone())
        };
        assert_eq!(state("dev"), (json!(true), json!("off")));
        assert_eq!(state("qa"), (json!(false), json!("on")));
        assert_eq!(copy["environments"].as_object().unwrap().len(), 2);
        assert_eq!(flags.in_other("GET", "/menu", None).await, copy);
        assert_eq!(keys(&flags.in_other("GET", "", None).await), ["menu"]);
        assert_eq!(keys(&flags.get("").await), ["menu"]);
        assert_ne!(flags.get("/menu").await["id"], copy["id"]);

        flags.flag("lunch").await;
        let needs = Prerequisite { flag: "lunch".into(), variations: vec!["on".into()] };
        flags.configure("menu", "dev", |it| it.prerequisites = vec![needs]).await;
        let body = json!({"key": "menu-2", "project": "other"});
        let path = "environments.dev.configuration.prerequisites[0].flag";
        assert!(flags.invalid("POST", "/menu/copy", body.clone(), path).await.contains("`lunch`"));
        flags.done("POST", "/lunch/copy", json!({"key": "lunch", "project": "other"})).await;
        flags.done("POST", "/menu/copy", body).await;
    })
    .await;
}
