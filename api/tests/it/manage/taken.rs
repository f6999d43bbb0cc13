//! What an operation does not take is refused, and nothing is done.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::each;

use super::scene::{Scene, paths};
use crate::documented::OPERATIONS;

/// The path of an operation, with what is there in the workspace in the place of its parts.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{key}" => "menu",
        "{env}" => "dev",
        "{segment}" => "beta-testers",
        "{project}" => "default",
        "{version}" | "{seq}" => "1",
        part if part.starts_with('{') => "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Every operation that takes no query refuses one by the names of its fields; every one that takes no body refuses one.
#[tokio::test]
async fn what_is_not_taken_is_refused() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.workspace.flag("menu").await;
        let body = json!({"key": "beta-testers", "name": "Beta"});
        assert_eq!(scene.ask(&scene.admin, "POST", "/segments", body).await.status, 201);
        let organization = [("x-org-id", scene.workspace.organization.as_str())];
        let (mut queries, mut bodies) = (0, 0);
        for operation in OPERATIONS.iter() {
            let is_managed = operation.path.starts_with("/api/v1/manage/")
                || operation.path.starts_with("/api/v1/me")
                || operation.path.starts_with("/api/v1/orgs");
            if !is_managed {
                continue;
            }
            let (method, path) = (operation.method.as_str(), filled(&operation.path));
            let refused = async |path: &str, body: Option<Value>| {
                scene.manage.refused(&scene.admin, &organization, method, path, body).await
            };
            let parameters = operation.said["parameters"].as_array().into_iter().flatten();
            if parameters.clone().all(|parameter| parameter["in"] != "query") {
                let example = operation.said["requestBody"]["content"]["application/json"]["example"].clone();
                let example = (!example.is_null()).then_some(example);
                let answer = refused(&format!("{path}?surprise=1&dry_run"), example).await;
                assert_eq!(paths(&answer), ["surprise", "dry_run"], "{method} {path}");
                queries += 1;
            }
            if operation.said["requestBody"].is_null() {
                let answer = refused(&path, Some(json!({"surprise": 1}))).await;
                assert_eq!(answer.invalid("surprise"), "there is no such field", "{method} {path}");
                for body in [json!([]), json!("x".repeat(2_000_000))] {
                    refused(&path, Some(body)).await.invalid("");
                }
                bodies += 1;
            }
        }
        assert!(queries > 60 && bodies > 20, "{queries} {bodies}");
    })
    .await;
}

/// What says nothing is nothing: no field after the question mark, an object without fields.
#[tokio::test]
async fn what_says_nothing_is_let_through() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        assert_eq!(scene.ask(&scene.member, "GET", "/organization?", json!({})).await.status, 200);
        assert_eq!(scene.ask(&scene.member, "GET", "/organization?&", Value::Null).await.status, 200);
        // The method comes before what is sent with it.
        assert_eq!(scene.ask(&scene.member, "PUT", "/organization?a=1", json!([])).await.status, 405);
    })
    .await;
}

/// A list is never taken for an object's fields in their order, however deep it is.
#[tokio::test]
async fn a_list_is_no_object() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.workspace.flag("menu").await;
        let flag = json!({"name": "Checkout", "variations": [["on", true], ["off", false]]});
        let project = json!({"name": "Shop", "environments": [["a", "A", "sky"]]});
        let weights = json!({"fallthrough": {"rollout": {"weights": [["on", 100_000]]}}});
        let foreign = json!({"flags": {"menu": [1, false, true, 0, 1]}, "environment": "dev"});
        for (method, path, body, at) in [
            ("POST", "/flags", json!([]), ""),
            ("POST", "/flags", flag, "variations[0]"),
            ("POST", "/projects", project, "environments[0]"),
            ("PATCH", "/flags/menu/environments/dev", weights, "fallthrough.rollout.weights[0]"),
            ("POST", "/import/launchdarkly", foreign, "flags.menu"),
        ] {
            let answer = scene.refused(&scene.admin, method, path, body).await;
            assert_eq!(paths(&answer), [at], "{method} {path}");
        }
    })
    .await;
}

/// Every query is read in the same way: as UTF-8, each field once, and with the same bounds and cursors of lists.
#[tokio::test]
async fn queries_are_read_alike() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.workspace.flag("menu").await;
        let body = json!({"key": "beta-testers", "name": "Beta"});
        assert_eq!(scene.ask(&scene.admin, "POST", "/segments", body).await.status, 201);
        let (mut lists, mut forged) = (0, BTreeSet::new());
        for operation in OPERATIONS.iter().filter(|one| one.path.starts_with("/api/v1/manage/")) {
            if operation.method != "GET" {
                continue;
            }
            let path = filled(&operation.path).replace("/api/v1/manage", "");
            let ask = async |query: &str| scene.get(&format!("{path}?{query}")).await;
            assert_eq!(paths(&ask("q=%FF").await), ["query"], "{path}");
            assert_eq!(paths(&ask("colour=a&colour=b").await), ["colour"], "{path}");
            let parameters = operation.said["parameters"].as_array().into_iter().flatten();
            if !parameters.clone().any(|parameter| parameter["name"] == "cursor") {
                continue;
            }
            for limit in ["0", "101"] {
                assert_eq!(ask(&format!("limit={limit}")).await.invalid("limit"), "1 to 100", "{path}");
            }
            for cursor in ["", "nonsense", "bnVsbA"] {
                forged.insert(ask(&format!("cursor={cursor}")).await.invalid("cursor").to_owned());
            }
            lists += 1;
        }
        assert_eq!((lists, forged.len()), (7, 1), "{forged:?}");
    })
    .await;
}

/// What is so already changes nothing: no version, no revision, no entry in the log.
#[tokio::test]
async fn what_is_so_already_changes_nothing() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.workspace.flag("menu").await;
        let body = json!({"key": "beta-testers", "name": "Beta", "included": ["user-1"]});
        assert_eq!(scene.ask(&scene.admin, "POST", "/segments", body).await.status, 201);
        let template = json!({"name": "Shape", "key": "shape", "from_flag": "menu", "environment": "dev"});
        assert_eq!(scene.ask(&scene.admin, "POST", "/templates", template).await.status, 201);
        // Not even where a change would need a comment.
        scene.protect("prod").await;
        let (flag, segment) = ("/flags/menu/environments/prod", "/segments/beta-testers/environments/prod");
        let contents = json!({"included": ["user-1"], "excluded": []});
        let menu = scene.get(flag).await.body;
        let fields = ["enabled", "off_variation", "fallthrough", "version"];
        let whole: Value = fields.map(|name| (name.to_owned(), menu[name].clone())).into_iter().collect();
        let same = json!({"off_variation": menu["off_variation"]});
        let kit = &scene.manage.kit;
        for (method, path, body) in [
            ("PATCH", "/projects/default", json!({"name": "Default"})),
            ("PATCH", "/flags/menu", json!({})),
            ("PATCH", "/environments/prod", json!({})),
            ("PATCH", "/templates/shape", json!({})),
            ("PATCH", "/segments/beta-testers", json!({})),
            ("PATCH", "/segments/beta-testers", json!({"name": "Beta", "description": "", "version": 1})),
            ("PATCH", segment, json!({})),
            ("PATCH", segment, contents.clone()),
            ("PUT", segment, contents),
            ("PATCH", flag, json!({})),
            ("PATCH", flag, same),
            ("PUT", flag, whole),
        ] {
            let before = (kit.state().await, kit.audit_entries().await, scene.get(path).await.body);
            let answer = scene.ask(&scene.admin, method, path, body.clone()).await;
            assert_eq!(answer.status, 200, "{method} {path} {body}: {answer:?}");
            let after = (kit.state().await, kit.audit_entries().await, scene.get(path).await.body);
            assert!(before == after, "{method} {path} {body}: something changed");
        }
    })
    .await;
}
