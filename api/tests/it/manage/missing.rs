//! What is named and is not there is not found, wherever it is named, and nothing is done.

use std::cell::RefCell;

use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::each;

use super::scene::Scene;
use crate::documented::{OPERATIONS, Operation};

/// An id that nothing has.
const NOBODYS: &str = "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84";

/// The path of an operation, with what is there in the place of its parts, but for one.
fn filled(path: &str, api_key: &str, missing: Option<&str>) -> String {
    let parts = path.split('/').map(|part| match part {
        "{version}" | "{seq}" if missing == Some(part) => "999999",
        "{api_key}" if missing == Some(part) => NOBODYS,
        part if missing == Some(part) => "nope",
        "{key}" => "menu",
        "{env}" => "dev",
        "{segment}" => "beta-testers",
        "{template}" => "shape",
        "{project}" => "default",
        "{version}" | "{seq}" => "1",
        "{api_key}" => api_key,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A body that the document shows: that nothing is done is not because of it.
fn body(operation: &Operation) -> Option<Value> {
    let example = operation.said["requestBody"]["content"]["application/json"]["example"].clone();
    (!example.is_null()).then_some(example)
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.workspace.flag("menu").await;
        let made = async |path: &str, body: Value| {
            let answer = scene.ask(&scene.admin, "POST", path, body).await;
            assert_eq!(answer.status, 201, "{answer:?}");
            answer.body
        };
        made("/segments", json!({"key": "beta-testers", "name": "Beta"})).await;
        made(
            "/templates",
            json!({"name": "Shape", "key": "shape", "from_flag": "menu", "environment": "dev"}),
        )
        .await;
        let key = made("/keys", json!({"name": "Shop", "environment": "dev", "kind": "server"})).await;
        let api_key = key["key"]["id"].as_str().unwrap();
        let organization = scene.workspace.organization.as_str();
        let (mut places, mut projects) = (0, 0);
        let others = RefCell::new(Vec::new());
        for operation in OPERATIONS.iter().filter(|one| one.path.starts_with("/api/v1/manage/")) {
            let (method, path) = (operation.method.as_str(), operation.path.as_str());
            // Keys are sent as a text, see below.
            if path.ends_with("/upload") {
                continue;
            }
            let sent = body(operation);
            let refused = async |headers: &[(&str, &str)], path: &str| {
                let answer = scene.manage.refused(&scene.admin, headers, method, path, sent.clone()).await;
                if answer.status != StatusCode::NOT_FOUND {
                    others.borrow_mut().push(format!("{method} {path} {headers:?}: {answer:?}"));
                }
            };
            for part in path.split('/').filter(|part| part.starts_with('{')) {
                // What is put under a key need not be there.
                if (method, path) != ("PUT", "/api/v1/manage/flags/{key}") {
                    refused(&[("x-org-id", organization)], &filled(path, api_key, Some(part))).await;
                    places += 1;
                }
            }
            let parameters = operation.said["parameters"].as_array().into_iter().flatten();
            if parameters.clone().any(|parameter| parameter["name"] == "x-project") && !is_of_all(path) {
                let headers = [("x-org-id", organization), ("x-project", "nope")];
                refused(&headers, &filled(path, api_key, None)).await;
                projects += 1;
            }
            refused(&[("x-org-id", "nope")], &filled(path, api_key, None)).await;
        }
        assert!(others.borrow().is_empty(), "{:#?}", others.borrow());
        assert!(places > 50 && projects > 50, "{places} {projects}");
    })
    .await;
}

#[tokio::test]
async fn keys_are_uploaded_to_what_is_there() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        let body = json!({"key": "beta-testers", "name": "Beta"});
        assert_eq!(scene.ask(&scene.admin, "POST", "/segments", body).await.status, 201);
        let kit = &scene.manage.kit;
        let before = (kit.state().await, kit.audit_entries().await);
        for (place, project) in [
            ("/segments/nope/environments/dev", "default"),
            ("/segments/beta-testers/environments/nope", "default"),
            ("/segments/beta-testers/environments/dev", "nope"),
        ] {
            let path = format!("{place}/upload?list=included&mode=add");
            let headers = [("content-type", "text/plain"), ("x-project", project)];
            let answer = scene.send(&scene.developer, "POST", &path, &headers, "user-1").await;
            answer.error(404, "not_found");
        }
        assert!(before == (kit.state().await, kit.audit_entries().await));
    })
    .await;
}

/// The log and usage are the organization's, and heed the project only where it is asked for an environment.
fn is_of_all(path: &str) -> bool {
    path.starts_with("/api/v1/manage/audit") || path.starts_with("/api/v1/manage/usage")
}
