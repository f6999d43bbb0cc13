//! Templates of flags.

use axum::http::header::ETAG;
use domain::flags::Configuration;
use domain::ruleset::{Condition, Operator, Rule, Serve, Test};
use serde_json::{Value, json};
use testkit::{START, each};

use super::Who;
use super::place::Place;

const PATH: &str = "/templates";

fn shape() -> Value {
    json!({
        "kind": "segment", "value_type": "string", "client_side": true,
        "variations": [{"key": "dark", "value": "#000"}, {"key": "light", "value": "#fff"}],
        "tags": ["look", "a-tag", "look"],
        "configuration": {
            "enabled": true, "off_variation": "light",
            "rules": [{
                "id": "pro", "when": {"attribute": "plan", "op": "in", "values": ["pro"]},
                "serve": {"variation": "dark"}
            }],
            "fallthrough": {"variation": "light"}
        }
    })
}

/// The shape as it is kept: off, and each tag once.
fn kept() -> Value {
    let mut kept = shape();
    kept["configuration"]["enabled"] = json!(false);
    kept["tags"] = json!(["a-tag", "look"]);
    kept
}

fn theme() -> Value {
    json!({"name": "A theme", "description": "For looks", "shape": shape()})
}

/// A template is created, found, listed, changed and deleted; each change is in the log, with what was and what is.
#[tokio::test]
async fn a_template_lives() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let created = place.post(&place.developer, PATH, theme()).await;
        assert_eq!(created.status, 201, "{created:?}");
        let now = place.kit().services.now();
        let person = place.workspace.developer.person().unwrap().id;
        let mut expected = json!({
            "key": "a-theme", "name": "A theme", "description": "For looks", "shape": kept(), "version": 1,
            "created_by": person, "created_at": now, "updated_at": now
        });
        assert_eq!(created.body, expected);
        let found = place.get(&place.member, "/templates/a-theme").await;
        assert_eq!(found.body, expected);
        assert!(found.headers.contains_key(ETAG));
        let list = place.get(&place.member, PATH).await;
        assert_eq!(list.body, json!({"templates": [expected], "next": null, "total": 1}));

        place.kit().clock.advance(5);
        let change = json!({"name": "Themes", "version": 1});
        let changed = place.ask(&place.developer, "PATCH", "/templates/a-theme", Some(change)).await;
        expected["name"] = json!("Themes");
        expected["version"] = json!(2);
        expected["updated_at"] = json!(now.0 + 5);
        assert_eq!((changed.status.as_u16(), &changed.body), (200, &expected));
        // What changes nothing is no change.
        for same in [json!({}), json!({"shape": shape()}), json!({"name": "Themes", "version": 2})] {
            let state = place.kit().state().await;
            let answer = place.ask(&place.developer, "PATCH", "/templates/a-theme", Some(same)).await;
            assert_eq!(answer.body, expected);
            assert!(place.kit().state().await == state);
        }
        let gone = json!({"confirm": "a-theme"});
        assert_eq!(place.ask(&place.developer, "DELETE", "/templates/a-theme", Some(gone)).await.status, 204);
        place.get(&place.member, "/templates/a-theme").await.error(404, "not_found");
        let log =
            "SELECT action, resource_key FROM audit_event WHERE resource_kind = 'template' ORDER BY seq";
        let entry = |action: &str| json!({"action": action, "resource_key": "a-theme"});
        let expected = ["template.created", "template.updated", "template.deleted"].map(entry);
        assert_eq!(place.kit().database.rows(log).await, expected);
        let log = "SELECT old_document, new_document FROM audit_event WHERE resource_kind = 'template' ORDER BY seq";
        let rows = place.kit().database.rows(log).await;
        let document = |row: &Value, column: &str| {
            row[column].as_str().map_or(Value::Null, |text| serde_json::from_str(text).unwrap())
        };
        let documents: Vec<_> =
            rows.iter().map(|row| (document(row, "old_document"), document(row, "new_document"))).collect();
        let told = |name: &str, version: u32| {
            json!({
                "key": "a-theme", "name": name, "description": "For looks", "version": version, "shape": kept()
            })
        };
        let (first, second) = (told("A theme", 1), told("Themes", 2));
        let expected =
            [(Value::Null, first.clone()), (first, second.clone()), (second, Value::Null)];
        assert_eq!(documents, expected);
    })
    .await;
}

/// A flag of a template does everywhere what the template says, once it is switched on; so does one of a template that was
/// made of it.
#[tokio::test]
async fn flags_are_made_of_templates() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.post(&place.developer, PATH, theme()).await;
        let flag = json!({"key": "theme", "name": "The theme"});
        let made = place.post(&place.developer, "/templates/a-theme/flags", flag).await;
        assert_eq!((made.status.as_u16(), &made.body["key"]), (201, &json!("theme")), "{made:?}");
        for environment in ["dev", "staging", "prod"] {
            let served = &place.served(environment).await["theme"];
            assert_eq!((&served["value"], &served["variation"]), (&json!("#fff"), &json!(1)));
        }
        let switch = place.workspace.switch("theme", "dev", true);
        place.kit().services.flags().switch(&place.workspace.developer, switch).await.unwrap();
        let again = json!({"name": "Again", "key": "again", "from_flag": "theme", "environment": "dev"});
        let again = place.post(&place.developer, PATH, again).await;
        assert_eq!((again.status.as_u16(), &again.body["shape"]), (201, &kept()), "{again:?}");

        let tagged = json!({
            "name": "Tagged", "description": "Why", "tags": ["own"], "owner": null, "temporary": true,
            "expires_at": START.0 + 1000,
        });
        let tagged = place.post(&place.developer, "/templates/again/flags", tagged).await;
        assert_eq!((tagged.status.as_u16(), &tagged.body["key"]), (201, &json!("tagged")), "{tagged:?}");
        assert_eq!((&tagged.body["owner"], &tagged.body["temporary"]), (&json!(null), &json!(true)));
        assert_eq!(tagged.body["expires_at"], json!(START.0 + 1000));
        let tags = "SELECT tag FROM flag_tag JOIN flag ON flag.id = flag_id WHERE key = 'tagged'";
        assert_eq!(place.kit().database.rows(tags).await, [json!({"tag": "own"})]);
        let taken = Some(json!({"key": "tagged", "name": "Tagged"}));
        place.refused(&place.developer, "POST", "/templates/again/flags", taken, (409, "conflict")).await;
    })
    .await;
}

/// A template may name segments and flags that are not there. A flag of it may not.
#[tokio::test]
async fn a_flag_names_nothing_that_is_gone() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.workspace.flag("menu").await;
        let when =
            Condition::Test(Test { attribute: None, op: Operator::InSegment, values: vec!["beta".into()] });
        let rule = Rule { id: "beta".into(), name: None, when, serve: Serve::Variation("on".into()) };
        let configuration = Configuration { rules: vec![rule], ..Configuration::fixed("off", "off") };
        let mut shape = json!({
            "kind": "segment", "value_type": "boolean",
            "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
            "configuration": configuration
        });
        let body = json!({"name": "Beta", "shape": shape});
        assert_eq!(place.post(&place.developer, PATH, body).await.status, 201);
        let flag = json!({"key": "newer", "name": "New"});
        place
            .invalid(
                &place.developer,
                "/templates/beta/flags",
                flag,
                &["configuration.rules[0].when.values[0]"],
            )
            .await;
        shape["configuration"]["rules"] = json!([]);
        shape["configuration"]["prerequisites"] = json!([{"flag": "menu", "variations": ["on"]}]);
        let body = Some(json!({"shape": shape}));
        assert_eq!(place.ask(&place.developer, "PATCH", "/templates/beta", body).await.status, 200);
        let flag = json!({"key": "newer", "name": "New"});
        assert_eq!(place.post(&place.developer, "/templates/beta/flags", flag).await.status, 201);
    })
    .await;
}

/// What is wrong with a flag of a template is named, and no flag is made.
#[tokio::test]
async fn a_flag_of_a_template_follows_the_rules() {
    each(async |kit| {
        let place = Place::over(kit).await;
        assert_eq!(place.post(&place.developer, PATH, theme()).await.status, 201);
        let path = "/templates/a-theme/flags";
        let outsider = place.workspace.outsider.person().unwrap().id;
        for (flag, field) in [
            (json!({"name": ""}), "name"),
            (json!({"name": "x".repeat(201)}), "name"),
            (json!({"name": "a\u{0}"}), "name"),
            (json!({"key": "newer"}), ""),
            (json!({"name": "日本"}), "key"),
            (json!({"name": "New", "key": ""}), "key"),
            (json!({"name": "New", "key": "a b"}), "key"),
            (json!({"name": "New", "key": "bulk"}), "key"),
            (json!({"name": "New", "key": "new"}), "key"),
            (json!({"name": "New", "owner": outsider}), "owner"),
            (json!({"name": "New", "owner": "me"}), "owner"),
            (json!({"name": "New", "description": "x".repeat(2001)}), "description"),
            (json!({"name": "New", "tags": [""]}), "tags"),
            (json!({"name": "New", "expires_at": START.0 + 1}), "expires_at"),
            (json!({"name": "New", "temporary": true, "expires_at": START.0}), "expires_at"),
            (json!({"name": "New", "kind": "boolean"}), "kind"),
        ] {
            place.invalid(&place.developer, path, flag, &[field]).await;
        }
    })
    .await;
}

/// What is wrong with a template is named.
#[tokio::test]
async fn a_template_follows_the_rules() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.workspace.flag("menu").await;
        let with = |pointer: &str, value: Value| {
            let mut body = theme();
            *body.pointer_mut(pointer).unwrap() = value;
            body
        };
        let rule = |when: Value| json!([{"id": "a", "when": when, "serve": {"variation": "dark"}}]);
        let rules = "/shape/configuration/rules";
        let test = |op: &str, value: &str| rule(json!({"attribute": "a", "op": op, "values": [value]}));
        for (body, path) in [
            (with("/name", json!("")), "name"),
            (with("/name", json!("x".repeat(201))), "name"),
            (with("/name", json!("日本")), "key"),
            (with("/description", json!("x".repeat(2001))), "description"),
            (with("/shape", json!(null)), "shape"),
            (with("/shape/kind", json!("odd")), "shape.kind"),
            (with("/shape/variations", json!([{"key": "dark", "value": "a"}])), "shape.variations"),
            (with("/shape/variations/0/value", json!(1)), "shape.variations[0].value"),
            (with("/shape/variations/1/key", json!("dark")), "shape.variations[1].key"),
            (with("/shape/tags/0", json!("")), "shape.tags"),
            (with("/shape/configuration/off_variation", json!("no")), "shape.configuration.off_variation"),
            (with(rules, rule(json!({"op": "in_segment"}))), "shape.configuration.rules[0].when.values"),
            (with(rules, test("matches", "(")), "shape.configuration.rules[0].when"),
            (with(rules, test("in_cidr", "nowhere")), "shape.configuration.rules[0].when"),
            (json!({"name": "a", "shape": shape(), "from_flag": "menu"}), "from_flag"),
            (json!({"name": "a", "shape": shape(), "environment": "dev"}), "environment"),
            (json!({"name": "a", "from_flag": "menu"}), "environment"),
            (json!({"name": "a", "from_flag": "a b", "environment": "dev"}), "from_flag"),
            (json!({"name": "a", "surprise": 1}), "surprise"),
            (json!({"shape": shape()}), ""),
        ] {
            let details =
                place.refused(&place.developer, "POST", PATH, Some(body.clone()), (400, "invalid")).await;
            assert_eq!(details[0]["path"], path, "{body}: {details}");
        }
        for (flag, environment) in [("nope", "dev"), ("menu", "nope")] {
            let body = json!({"name": "a", "from_flag": flag, "environment": environment});
            place.refused(&place.developer, "POST", PATH, Some(body), (404, "not_found")).await;
        }
        assert_eq!(place.post(&place.developer, PATH, theme()).await.status, 201);
        place.refused(&place.developer, "POST", PATH, Some(theme()), (409, "conflict")).await;
        let one = "/templates/a-theme";
        let stale = Some(json!({"name": "Themes", "version": 7}));
        let details = place.refused(&place.developer, "PATCH", one, stale, (409, "conflict")).await;
        assert_eq!(details, json!({"seen": 7, "current": 1}));
        for (change, path) in [
            (json!({"name": null}), "name"),
            (json!({"name": ""}), "name"),
            (json!({"key": "other"}), "key"),
            (json!({"shape": {}}), "shape"),
            (json!({"name": "x".repeat(201)}), "name"),
            (json!({"name": "a\u{0}"}), "name"),
            (json!({"description": "x".repeat(2001)}), "description"),
            (json!({"description": null}), "description"),
        ] {
            let details = place.refused(&place.developer, "PATCH", one, Some(change), (400, "invalid")).await;
            assert_eq!(details[0]["path"], path);
        }
        let wrong = Some(json!({"confirm": "theme"}));
        place.refused(&place.developer, "DELETE", one, wrong, (400, "invalid")).await;
        for (method, path, body) in [
            ("GET", "/templates/nope", None),
            ("GET", "/templates/a%20b", None),
            ("PATCH", "/templates/nope", Some(json!({}))),
            ("DELETE", "/templates/nope", Some(json!({"confirm": "nope"}))),
            ("POST", "/templates/nope/flags", Some(json!({"key": "newer", "name": "New"}))),
        ] {
            place.refused(&place.developer, method, path, body, (404, "not_found")).await;
        }
    })
    .await;
}

/// Who may not, may not, and sees nothing of others.
#[tokio::test]
async fn templates_take_a_developer() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.post(&place.developer, PATH, theme()).await;
        let one = "/templates/a-theme";
        for (method, path, body) in [
            ("GET", PATH, None),
            ("GET", one, None),
            ("POST", PATH, Some(json!({"name": "Other", "shape": shape()}))),
            ("PATCH", one, Some(json!({"name": "Other"}))),
            ("DELETE", one, Some(json!({"confirm": "a-theme"}))),
            ("POST", "/templates/a-theme/flags", Some(json!({"key": "newer", "name": "New"}))),
        ] {
            place.refused(&Who::Nobody, method, path, body.clone(), (401, "unauthenticated")).await;
            place.refused(&place.outsider, method, path, body.clone(), (404, "not_found")).await;
            if method != "GET" {
                place.refused(&place.member, method, path, body, (403, "forbidden")).await;
            }
        }
    })
    .await;
}

/// A list comes in parts, in the order of keys.
#[tokio::test]
async fn templates_are_listed_in_parts() {
    each(async |kit| {
        let place = Place::over(kit).await;
        for key in ["b", "a", "C", "a.b", "B"] {
            let body = json!({"key": key, "name": key, "shape": shape()});
            assert_eq!(place.post(&place.developer, PATH, body).await.status, 201);
        }
        let (mut keys, mut path) = (Vec::new(), "/templates?limit=2".to_owned());
        loop {
            let page = place.get(&place.member, &path).await;
            assert_eq!(page.body["total"], 5);
            let part = page.body["templates"].as_array().unwrap();
            keys.extend(part.iter().map(|template| template["key"].as_str().unwrap().to_owned()));
            let Some(next) = page.body["next"].as_str() else { break };
            assert_eq!(part.len(), 2);
            path = format!("/templates?limit=2&cursor={next}");
        }
        assert_eq!(keys, ["B", "C", "a", "a.b", "b"]);
        for (query, path) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("cursor=x", "cursor"),
            ("cursor=", "cursor"),
            ("surprise=1", "surprise"),
        ] {
            assert!(!place.get(&place.member, &format!("/templates?{query}")).await.invalid(path).is_empty());
        }
    })
    .await;
}

/// A request that is sent twice creates one template.
#[tokio::test]
async fn a_template_is_created_once() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let send = async || {
            let Who::Token(token) = &place.developer else { unreachable!() };
            let request = axum::http::Request::post("/api/v1/manage/templates")
                .header("authorization", format!("Bearer {token}"))
                .header("x-org-id", place.workspace.organization.as_str())
                .header("idempotency-key", "first-try");
            let request = request.body(axum::body::Body::from(theme().to_string())).unwrap();
            crate::client::send(&place.manage.router, request).await
        };
        let first = send().await;
        assert_eq!(first.status, 201);
        let again = send().await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
    })
    .await;
}
