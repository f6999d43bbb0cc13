//! The OpenAPI document: it is valid, it is whole, and it says what the code does. That answers follow it is seen by every
//! other test, see `documented.rs`.

use std::collections::BTreeSet;

use api::{Api, router};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::{EnvironmentKey, FlagKey, OrgSlug};
use serde_json::{Value, json};
use testkit::each;
use tower::ServiceExt;

use crate::client::{Client, STEPS};
use crate::cors;
use crate::documented::{DOCUMENT, OPERATIONS, Operation, resolve, validator};
use crate::manage::Manage;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");

/// Of the OpenAPI Initiative, under the Apache License 2.0: what a document of version 3.1 is.
const SCHEMA: &str = include_str!("openapi/3.1.schema.json");

/// What is routed but no operation: answers for paths that there are not.
const NOWHERE: [&str; 10] = [
    "/api",
    "/api/",
    "/api/{*rest}",
    "/api/v1/auth/{*rest}",
    "/ofrep",
    "/ofrep/",
    "/ofrep/{*rest}",
    "//ofrep",
    "//ofrep/",
    "//ofrep/{*rest}",
];

/// Whether applications ask there.
fn is_evaluation(path: &str) -> bool {
    ["/api/v1/eval/", "/api/v1/environments/", "/ofrep/v1/evaluate/"]
        .iter()
        .any(|base| path.starts_with(base))
}

/// The document in the repository is the one that the code makes.
#[test]
fn the_document_is_written_down() {
    let made = serde_json::to_string_pretty(&api::openapi::document()).unwrap() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PATH, &made).unwrap();
    }
    let written = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(
        written == made,
        "docs/openapi.json is not what the code makes: run `UPDATE_DOCS=1 cargo test -p api --test it openapi`"
    );
}

/// The document follows OpenAPI 3.1, its schemas follow JSON Schema, and every reference leads somewhere.
#[test]
fn the_document_is_valid() {
    let schema = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let errors: Vec<_> = schema.iter_errors(&DOCUMENT).map(|error| format!("{error:?}")).collect();
    assert!(errors.is_empty(), "{errors:?}");
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}");
    }
    let mut references = 0;
    walk(&DOCUMENT, &mut |value| {
        if value.get("$ref").is_some_and(Value::is_string) {
            resolve(value);
            references += 1;
        }
    });
    assert!(references > 100, "only {references} references");
}

fn walk(value: &'static Value, see: &mut impl FnMut(&'static Value)) {
    see(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        Value::Object(fields) => fields.values().for_each(|field| walk(field, see)),
        _ => {}
    }
}

/// Every operation has a name of its own, a summary, a tag that is described, and descriptions for what goes in and out;
/// every body has an example that follows its schema.
#[test]
fn every_operation_says_what_it_is() {
    let tags: BTreeSet<_> =
        DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let (mut ids, mut used) = (BTreeSet::new(), BTreeSet::new());
    for Operation { method, path, said, .. } in OPERATIONS.iter() {
        let what = format!("{method} {path}");
        let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
        assert!(ids.insert(said["operationId"].as_str().unwrap()), "{what} has the name of another");
        assert!(text(&said["summary"]), "{what} has no summary");
        let [tag] = said["tags"].as_array().unwrap().as_slice() else { panic!("{what}: one tag") };
        used.insert(tag.as_str().unwrap());
        for parameter in said["parameters"].as_array().into_iter().flatten() {
            assert!(text(&parameter["description"]), "{what}: {parameter}");
            assert!(parameter["schema"]["examples"].is_array(), "{what}: {parameter}");
        }
        let answers = said["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{what} never succeeds");
        let mut bodies = vec![&said["requestBody"]];
        for (status, answer) in answers {
            let answer = resolve(answer);
            assert!(text(&answer["description"]), "{what}: {status}");
            let is_error = status.starts_with(['4', '5']);
            assert!(!is_error || answer["content"].is_object(), "{what}: {status} has no body");
            bodies.push(answer);
        }
        for body in bodies.into_iter().filter(|body| !body["content"].is_null()) {
            for content in body["content"].as_object().unwrap().values() {
                assert!(!content["example"].is_null(), "{what}: no example of {}", content["schema"]);
                assert!(validator(&content["schema"]).is_valid(&content["example"]), "{what}: {content}");
            }
        }
    }
    assert_eq!(used, tags);
}

/// What says that it can be refused for want of rights says how to get them, and what needs none does not.
#[test]
fn every_operation_says_who_may_ask() {
    for Operation { method, path, said, .. } in OPERATIONS.iter() {
        let what = format!("{method} {path}");
        let ways = said.get("security").unwrap_or(&DOCUMENT["security"]).as_array().unwrap();
        for way in ways.iter().flat_map(|way| way.as_object().unwrap().keys()) {
            assert!(DOCUMENT["components"]["securitySchemes"][way].is_object(), "{what}: {way}");
        }
        let is_open = ways.iter().any(|way| way == &json!({}));
        assert!(is_open || said["responses"]["401"].is_object(), "{what}");
        assert!(!is_evaluation(path) || ways[0]["environment_key"].is_array(), "{what}");
    }
}

/// The routes of the routers are those of the document, to the method.
#[tokio::test]
async fn every_route_is_documented() {
    each(async |kit| {
        let machines = router(Api {
            services: kit.services.clone(),
            schema_steps: STEPS,
            proxies: 1,
            shared_max_age: 0,
        });
        let routers = [machines, api::manage::router(kit.services.clone())];
        let routed: BTreeSet<_> = routers.iter().flat_map(paths).collect();
        let documented = OPERATIONS.iter().map(|operation| operation.path.clone());
        let alias = |path: String| {
            path.replacen("/api/v1/eval/", "/api/eval/", 1).replacen(
                "/ofrep/v1/evaluate/",
                "//ofrep/v1/evaluate/",
                1,
            )
        };
        let aliases = documented.clone().map(alias);
        let nowhere = NOWHERE.map(str::to_owned);
        assert_eq!(routed, documented.chain(aliases).chain(nowhere).collect());

        for path in OPERATIONS.iter().map(|operation| &operation.path) {
            let documented = OPERATIONS.iter().filter(|operation| operation.path == *path);
            let mut methods: BTreeSet<_> = documented.map(|operation| operation.method.to_string()).collect();
            if methods.contains("GET") {
                methods.insert("HEAD".to_owned());
            }
            if cors::is_open(path) {
                methods.insert("OPTIONS".to_owned());
            }
            let router = routers.iter().find(|router| paths(router).contains(path)).unwrap();
            let request = Request::builder().method(Method::TRACE).uri(filled(path)).body(Body::empty());
            let answer = router.clone().oneshot(request.unwrap()).await.unwrap();
            let allowed = answer.headers()[header::ALLOW].to_str().unwrap();
            assert_eq!(allowed.split(',').map(str::to_owned).collect::<BTreeSet<_>>(), methods, "{path}");
        }
    })
    .await;
}

/// The paths of a router. axum tells them nowhere but in its `Debug`.
fn paths(router: &Router) -> BTreeSet<String> {
    let told = format!("{router:?}");
    let (told, _) = told.split_once("fallback_router").unwrap();
    let quoted = told.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/'));
    quoted.map(str::to_owned).collect()
}

/// A path with something in the place of each of its parts.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{org}" | "{key}" => "acme",
        "{project}" => "default",
        part if part.starts_with('{') => "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The limits that the document gives to bodies are those of the code: what is beyond one is refused with the field's name,
/// what is just within is not.
#[tokio::test]
async fn limits_are_those_of_the_code() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let owner = manage.register("owner@example.com").await;
        manage.post(&owner, "/api/v1/orgs", json!({"name": "Acme"})).await;
        let mut tried = 0;
        for Operation { method, path, said, .. } in OPERATIONS.iter() {
            let content = &said["requestBody"]["content"]["application/json"];
            let is_for_machines = said["security"][0]["environment_key"].is_array();
            if content.is_null() || is_for_machines {
                continue;
            }
            let schema = resolve(&content["schema"]);
            assert_eq!(schema["additionalProperties"], false, "{path}");
            let send = async |field: &str, value: Option<Value>| {
                let mut body = content["example"].clone();
                let Some(value) = value else {
                    body.as_object_mut().unwrap().remove(field);
                    return manage.ask(&owner, method.as_str(), &filled(path), Some(body)).await;
                };
                // Nothing is deleted: what is typed is wrong.
                if body["confirm"].is_string() {
                    body["confirm"] = json!("wrong");
                }
                body[field] = value;
                manage.ask(&owner, method.as_str(), &filled(path), Some(body)).await
            };
            let refused = async |field: &str, value: Option<Value>| {
                let what = format!("{method} {path}: {field} = {value:?}");
                let answer = send(field, value).await;
                let details = answer.error(400, "invalid").to_string();
                assert!(details.contains(field), "{what}: {answer:?}");
            };
            refused("not-a-field", Some(json!(1))).await;
            for name in schema["required"].as_array().into_iter().flatten() {
                refused(name.as_str().unwrap(), None).await;
            }
            for (field, of) in schema["properties"].as_object().unwrap() {
                let of = resolve(of);
                let length = |limit: &str| of[limit].as_u64().map(|length| usize::try_from(length).unwrap());
                if let Some(most) = length("maxLength") {
                    refused(field, Some(json!("x".repeat(most + 1)))).await;
                    tried += 1;
                }
                if let Some(least) = length("minLength") {
                    refused(field, Some(json!("x".repeat(least - 1)))).await;
                    tried += 1;
                }
                if let (Some(least), Some(most)) = (of["minimum"].as_i64(), of["maximum"].as_i64()) {
                    refused(field, Some(json!(least - 1))).await;
                    refused(field, Some(json!(most + 1))).await;
                    tried += 1;
                }
                if of["enum"].is_array() || of["pattern"].is_string() {
                    refused(field, Some(json!("no such thing"))).await;
                    tried += 1;
                }
            }
        }
        assert!(tried > 20, "only {tried} limits");
    })
    .await;
}

/// What a text limit lets in, the code does: names of one and of a hundred characters, whatever those are.
#[tokio::test]
async fn what_is_just_within_a_limit_is_taken() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let owner = manage.register("owner@example.com").await;
        for name in ["x".to_owned(), "\u{1F600}".repeat(100)] {
            assert_eq!(
                manage.ask(&owner, "PATCH", "/api/v1/me", Some(json!({"name": name}))).await.status,
                204
            );
        }
        for days in [1, 3650] {
            let body = json!({"name": "script", "scope": "read", "days": days});
            assert_eq!(manage.post(&owner, "/api/v1/me/tokens", body).await.status, 201);
        }
        let body = json!({"name": "Acme", "slug": "x".repeat(40)});
        assert_eq!(manage.post(&owner, "/api/v1/orgs", body).await.status, 201);
    })
    .await;
}

/// The patterns of keys let in what the code does.
#[test]
fn patterns_are_those_of_the_code() {
    use utoipa::PartialSchema;
    let samples =
        ["", "a", "A", "7", "-a", ".a", "a-b", "a.b_c@d", "a b", "a/b", "\u{e4}", "a\0", "a\n", "dev", "Dev"];
    let long = [39, 40, 41, 199, 200, 201].map(|length| "x".repeat(length));
    let schema = |schema| validator(&json!(schema));
    let (slug, key) = (schema(OrgSlug::schema()), schema(FlagKey::schema()));
    let environment = schema(EnvironmentKey::schema());
    for text in samples.into_iter().chain(long.iter().map(String::as_str)) {
        let value = json!(text);
        assert_eq!(slug.is_valid(&value), text.parse::<OrgSlug>().is_ok(), "{text:?}");
        assert_eq!(key.is_valid(&value), text.parse::<FlagKey>().is_ok(), "{text:?}");
        assert_eq!(environment.is_valid(&value), text.parse::<EnvironmentKey>().is_ok(), "{text:?}");
    }
}

/// The document is sent to everybody, once.
#[tokio::test]
async fn the_document_is_sent_once() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let get = async |tags: Option<&str>| {
            let request = Request::get("/api/v1/openapi.json");
            let request = match tags {
                Some(tags) => request.header(header::IF_NONE_MATCH, tags),
                None => request,
            };
            client.send(request.body(Body::empty()).unwrap()).await
        };
        let first = get(None).await;
        assert_eq!((first.status.as_u16(), &first.body), (200, &*DOCUMENT));
        assert_eq!(first.headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(first.headers[header::CACHE_CONTROL], "no-cache");
        let tag = first.headers[header::ETAG].to_str().unwrap();
        for known in [tag, &format!("W/{tag}"), &format!("\"other\", {tag}"), "*"] {
            let again = get(Some(known)).await;
            assert_eq!((again.status.as_u16(), &again.body), (304, &Value::Null), "{known}");
            assert_eq!(again.headers[header::ETAG], tag);
        }
        assert_eq!(get(Some("\"other\"")).await.status, 200);
    })
    .await;
}
