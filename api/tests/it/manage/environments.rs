//! Environments.

use domain::api_keys::KeyKind;
use domain::environments::ProtectEnvironment;
use serde_json::{Value, json};
use testkit::each;

use super::Manage;
use crate::client::Answer;

const ENVIRONMENTS: &str = "/api/v1/manage/environments";

fn keys(answer: &Answer) -> Vec<String> {
    let rows = answer.body["environments"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    rows.iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect()
}

/// An environment is made at the end of the order, looked at, changed, moved and deleted.
#[tokio::test]
async fn an_environment_comes_changes_and_goes() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (workspace, people) = manage.people().await;
        let admin = &people.admin;
        let made = manage.post(admin, ENVIRONMENTS, json!({"name": "Per branch", "color": "teal"})).await;
        assert_eq!(made.status, 201, "{made:?}");
        let id = made.body["id"].clone();
        let expected = json!({
            "id": id, "key": "per-branch", "name": "Per branch", "color": "teal", "protected": false, "revision": 0,
        });
        assert_eq!(made.body, expected);
        assert_eq!(
            manage.newest_entry(&workspace).await,
            ("environment.created".into(), "per-branch".into())
        );
        let list = manage.get(&people.developer, ENVIRONMENTS).await;
        assert_eq!(keys(&list), ["dev", "staging", "prod", "per-branch"]);
        assert_eq!(list.body["environments"][3], expected);
        manage.expect_not_modified(&people.developer, ENVIRONMENTS).await;

        let path = format!("{ENVIRONMENTS}/per-branch");
        manage.expect_not_modified(&people.developer, &path).await;
        for (change, entry) in [
            (json!({"name": "Branches"}), "environment.updated"),
            (json!({"color": "violet"}), "environment.updated"),
            (json!({"protected": true}), "environment.protected"),
        ] {
            let before = (manage.get(admin, &path).await.body, manage.kit.audit_entries().await);
            let changed = manage.ask(admin, "PATCH", &path, Some(change.clone())).await;
            let mut expected = before.0;
            expected.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert_eq!((changed.status.as_u16(), &changed.body), (200, &expected));
            assert_eq!(manage.get(admin, &path).await.body, expected);
            assert_eq!(manage.newest_entry(&workspace).await, (entry.into(), "per-branch".into()));
            assert_eq!(manage.kit.audit_entries().await, before.1 + 1);
            // What is so already is no change.
            let again = manage.ask(admin, "PATCH", &path, Some(change)).await;
            assert_eq!((again.status.as_u16(), &again.body), (200, &expected));
            assert_eq!(manage.kit.audit_entries().await, before.1 + 1);
        }
        let entries = manage.kit.audit_entries().await;
        let both = json!({"name": "Preview", "protected": false});
        assert_eq!(manage.ask(admin, "PATCH", &path, Some(both)).await.status, 200);
        assert_eq!(manage.kit.audit_entries().await, entries + 2, "protection is an entry of its own");

        let order = json!({"order": ["prod", "per-branch", "dev", "staging"]});
        let ordered = manage.post(admin, &format!("{ENVIRONMENTS}/order"), order.clone()).await;
        assert_eq!(keys(&ordered), ["prod", "per-branch", "dev", "staging"]);
        let list = manage.get(admin, ENVIRONMENTS).await;
        assert_eq!(list.body, ordered.body);
        assert_eq!(manage.newest_entry(&workspace).await, ("environment.reordered".into(), "default".into()));
        let entries = manage.kit.audit_entries().await;
        manage.post(admin, &format!("{ENVIRONMENTS}/order"), order).await;
        assert_eq!(manage.kit.audit_entries().await, entries);
        let last = manage.post(admin, ENVIRONMENTS, json!({"name": "Last", "color": "sky"})).await;
        assert_eq!(last.status, 201);
        assert_eq!(keys(&manage.get(admin, ENVIRONMENTS).await).last().unwrap(), "last");

        // A protected one takes no more than an admin and its key.
        let protect = ProtectEnvironment {
            project: workspace.project.clone(),
            environment: "per-branch".parse().unwrap(),
            protected: true,
        };
        manage.kit.services.environments().protect(&workspace.admin, protect).await.unwrap();
        let gone = manage.ask(admin, "DELETE", &path, Some(json!({"confirm": "per-branch"}))).await;
        assert_eq!(gone.status, 204, "{gone:?}");
        assert_eq!(
            manage.newest_entry(&workspace).await,
            ("environment.deleted".into(), "per-branch".into())
        );
        manage.get(admin, &path).await.error(404, "not_found");
        assert_eq!(keys(&manage.get(admin, ENVIRONMENTS).await), ["prod", "dev", "staging", "last"]);
    })
    .await;
}

/// The keys of a deleted environment are refused at once, on this node and after its next look on another one. What is new
/// is served likewise.
#[tokio::test]
async fn what_is_new_is_served_and_what_is_deleted_refused() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (workspace, people) = manage.people().await;
        workspace.flag("menu").await;
        let other = manage.kit.another_node().await;
        let copy = json!({"name": "Preview", "color": "sky", "copy_from": "dev"});
        assert_eq!(manage.post(&people.admin, ENVIRONMENTS, copy).await.body["revision"], 1);
        let key = workspace.api_key("preview", KeyKind::Server).await;
        other.delivery().refresh().await.unwrap();
        for delivery in [manage.kit.services.delivery(), other.delivery()] {
            let caller = delivery.authenticate(&key).unwrap();
            let snapshot = caller.environment.snapshot();
            assert_eq!(snapshot.compiled().revision(), 1);
            assert!(snapshot.compiled().flag("menu").is_some());
        }
        let path = format!("{ENVIRONMENTS}/preview");
        let served = other.delivery().freshness().environments;
        let gone = manage.ask(&people.admin, "DELETE", &path, Some(json!({"confirm": " preview "}))).await;
        assert_eq!(gone.status, 204, "{gone:?}");
        assert!(manage.kit.services.delivery().authenticate(&key).is_none());
        assert!(other.delivery().authenticate(&key).is_some(), "the other node has not looked yet");
        other.delivery().refresh().await.unwrap();
        assert!(other.delivery().authenticate(&key).is_none());
        assert_eq!(other.delivery().freshness().environments, served - 1);
    })
    .await;
}

/// Nothing changes for those who may not, for what is against the rules, and for what clashes.
#[tokio::test]
async fn what_is_refused_changes_no_environment() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let both = manage.people().await;
        let (_, people) = &both;
        let admin = &people.admin;
        let (path, order) = (format!("{ENVIRONMENTS}/prod"), format!("{ENVIRONMENTS}/order"));
        let new = json!({"name": "Preview", "color": "sky"});
        manage.hidden_from_others(&both, ENVIRONMENTS).await;
        manage.hidden_from_others(&both, &path).await;
        let turned = json!({"order": ["prod", "staging", "dev"]});
        for (method, path, body) in [
            ("POST", ENVIRONMENTS, new.clone()),
            ("PATCH", &path, json!({"name": "Live"})),
            ("POST", &order, turned),
            ("DELETE", &path, json!({"confirm": "prod"})),
        ] {
            manage.refused_to_others(&both, method, path, Some(body.clone())).await;
            let elsewhere = [("x-project", "missing")];
            let answer = manage.refused(admin, &elsewhere, method, path, Some(body)).await;
            answer.error(404, "not_found");
        }
        let missing = format!("{ENVIRONMENTS}/missing");
        manage.refused(admin, &[], "GET", &missing, None).await.error(404, "not_found");
        for (method, body) in [("PATCH", json!({"name": "Live"})), ("DELETE", json!({"confirm": "missing"}))]
        {
            manage.refused(admin, &[], method, &missing, Some(body)).await.error(404, "not_found");
        }

        let and = |name: &str, value: Value| {
            let mut body = new.clone();
            body[name] = value;
            body
        };
        for (body, at) in [
            (and("name", json!("")), "name"),
            (and("name", json!("n".repeat(101))), "name"),
            (and("key", json!("No Key")), "key"),
            (and("key", json!("order")), "key"),
            (and("name", json!("Order")), "key"),
            (and("color", json!("pink")), "color"),
            (and("color", json!(null)), "color"),
            (and("protected", json!("yes")), "protected"),
            (and("copy_from", json!("missing")), "copy_from"),
            (and("nope", json!(1)), "nope"),
        ] {
            manage.refused(admin, &[], "POST", ENVIRONMENTS, Some(body)).await.invalid(at);
        }
        for (body, at) in [
            (json!({"name": ""}), "name"),
            (json!({"name": null}), "name"),
            (json!({"color": "pink"}), "color"),
            (json!({"protected": null}), "protected"),
            (json!({"key": "live"}), "key"),
        ] {
            manage.refused(admin, &[], "PATCH", &path, Some(body)).await.invalid(at);
        }
        for list in [
            json!([]),
            json!(["dev", "prod"]),
            json!(["dev", "prod", "prod"]),
            json!(["dev", "staging", "prod", "prod"]),
            json!(["dev", "staging", "live"]),
        ] {
            let body = Some(json!({"order": list}));
            manage.refused(admin, &[], "POST", &order, body).await.invalid("order");
        }
        for typed in ["", "Prod", "dev"] {
            let body = Some(json!({"confirm": typed}));
            manage.refused(admin, &[], "DELETE", &path, body).await.invalid("confirm");
        }

        let taken = Some(and("key", json!("dev")));
        manage.refused(admin, &[], "POST", ENVIRONMENTS, taken).await.error(409, "conflict");
        for key in ["dev", "staging"] {
            let path = format!("{ENVIRONMENTS}/{key}");
            assert_eq!(manage.ask(admin, "DELETE", &path, Some(json!({"confirm": key}))).await.status, 204);
        }
        let last = Some(json!({"confirm": "prod"}));
        manage.refused(admin, &[], "DELETE", &path, last).await.error(409, "conflict");
    })
    .await;
}

/// A project has so many environments and no more.
#[tokio::test]
async fn a_project_has_only_so_many_environments() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (_, people) = manage.people().await;
        let environments = |count: usize| {
            let of = |number| json!({"key": format!("e{number}"), "name": "E", "color": "sky"});
            (0..count).map(of).collect::<Vec<_>>()
        };
        let project = |count| json!({"name": "Many", "environments": environments(count)});
        let path = "/api/v1/manage/projects";
        let refused = manage.refused(&people.admin, &[], "POST", path, Some(project(51))).await;
        refused.invalid("environments");
        assert_eq!(manage.post(&people.admin, path, project(50)).await.status, 201);
        let one_more = Some(json!({"name": "One more", "color": "sky"}));
        let many = [("x-project", "many")];
        let refused = manage.refused(&people.admin, &many, "POST", ENVIRONMENTS, one_more).await;
        refused.error(409, "conflict");
    })
    .await;
}
