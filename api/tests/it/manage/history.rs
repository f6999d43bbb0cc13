//! What was, over HTTP.

use domain::flags::Configuration;
use engine::Context;
use serde_json::{Value, json};
use service::Actor;
use testkit::each;

use super::Who;
use super::scene::{Scene, paths, said};

const FLAG: &str = "/flags/menu/environments/dev";
const SEGMENT: &str = "/segments/staff/environments/dev";

/// A flag with four versions in `dev`: made, switched on, given a rule for the segment `staff`, and switched off by Togglebit
/// itself. The segment was there before, with `user-1` in it, and has `user-2` now. A minute goes by before each.
async fn scene(kit: testkit::Kit) -> Scene {
    let scene = Scene::over(kit).await;
    let workspace = &scene.workspace;
    let flags = || scene.manage.kit.services.flags();
    let wait = || scene.manage.kit.clock.advance(60_000);
    wait();
    let staff = json!({"key": "staff", "name": "Staff", "included": ["user-1"]});
    said(scene.ask(&scene.developer, "POST", "/segments", staff).await, 201);
    wait();
    workspace.flag("menu").await;
    wait();
    flags().switch(&workspace.developer, workspace.switch("menu", "dev", true)).await.unwrap();
    wait();
    let mut configuration = Configuration::fixed("off", "off");
    configuration.enabled = true;
    let rule = json!({
        "id": "staff", "name": "Our people", "when": {"op": "in_segment", "values": ["staff"]},
        "serve": {"variation": "on"},
    });
    configuration.rules = vec![serde_json::from_value(rule).unwrap()];
    let command = workspace.configure("menu", "dev", 2, configuration);
    flags().configure(&workspace.admin, command).await.unwrap();
    wait();
    let body = json!({"included": ["user-2"], "comment": "a second one"});
    said(scene.ask(&scene.developer, "PATCH", SEGMENT, body).await, 200);
    wait();
    flags().switch(&Actor::system("night"), workspace.switch("menu", "dev", false)).await.unwrap();
    scene
}

/// The environment's revision when something happened in `scene`, and how many minutes after its beginning.
const MADE: i64 = 2;
const ON: i64 = 3;
const RULE: i64 = 4;
const USER_2: i64 = 5;
const OFF: i64 = 6;

/// So many minutes after the beginning.
fn minute(minutes: i64) -> i64 {
    testkit::START.0 + minutes * 60_000
}

/// Every version says who made it, when and why, and what is different.
#[tokio::test]
async fn versions_say_what_changed() {
    each(async |kit| {
        let scene = scene(kit).await;
        let page = said(scene.get(&format!("{FLAG}/history")).await, 200);
        assert_eq!((&page["total"], &page["next"]), (&json!(4), &Value::Null));
        let versions = page["versions"].as_array().unwrap();
        let told: Vec<_> = versions
            .iter()
            .map(|it| (it["version"].as_i64().unwrap(), it["revision"].as_i64().unwrap(), it["action"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                (4, OFF, "flag.killed"),
                (3, RULE, "flag.configured"),
                (2, ON, "flag.enabled"),
                (1, MADE, "flag.created"),
            ]
        );
        assert_eq!(versions[0]["author"], json!({"kind": "system", "id": "night", "name": null}));
        let admin = scene.workspace.admin.person().unwrap();
        assert_eq!(versions[1]["author"], json!({"kind": "user", "id": admin.id, "name": admin.name}));
        assert_eq!((&versions[1]["comment"], &versions[3]["comment"]), (&json!("a test"), &Value::Null));
        assert_eq!(versions[1]["at"], minute(4));
        assert_eq!(versions[0]["changes"], json!([{"path": "enabled", "old": true, "new": false}]));
        let changed = versions[1]["changes"].as_array().unwrap();
        let changed: Vec<_> = changed.iter().map(|change| change["path"].as_str().unwrap()).collect();
        assert_eq!(changed, ["fallthrough.variation", "rules"]);
        assert_eq!(versions[3]["changes"], json!([]));

        // The same a page at a time.
        let mut found = Vec::new();
        let mut path = format!("{FLAG}/history?limit=3");
        loop {
            let page = said(scene.get(&path).await, 200);
            found.extend(page["versions"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { break };
            path = format!("{FLAG}/history?limit=3&cursor={next}");
        }
        assert_eq!(&found, versions);
        let first = said(scene.get(&format!("{FLAG}/history?limit=1")).await, 200);
        let next = first["next"].as_str().unwrap();
        assert_eq!(paths(&scene.get(&format!("{SEGMENT}/history?cursor={next}")).await), ["cursor"]);
        assert_eq!(paths(&scene.get(&format!("{FLAG}/history?limit=0")).await), ["limit"]);

        let version = said(scene.get(&format!("{FLAG}/history/3")).await, 200);
        assert_eq!((&version["revision"], &version["changes"]), (&json!(RULE), &versions[1]["changes"]));
        assert_eq!((&version["document"]["version"], &version["document"]["key"]), (&json!(3), &json!("menu")));
        assert_eq!(version["document"]["rules"][0]["id"], "staff");
        let version = said(scene.get(&format!("{SEGMENT}/history/1")).await, 200);
        assert_eq!(version["document"]["included"], json!(["user-1"]));
        let page = said(scene.get(&format!("{SEGMENT}/history")).await, 200);
        let newest = &page["versions"][0];
        assert_eq!((&newest["action"], &newest["comment"]), (&json!("segment.configured"), &json!("a second one")));
        assert_eq!(
            newest["changes"],
            json!([{"path": "included[user-1]", "old": "user-1"}, {"path": "included[user-2]", "new": "user-2"}])
        );
    })
    .await;
}

/// What is gone has its past, and what cannot be read is an entry all the same.
#[tokio::test]
async fn what_is_gone_has_its_past() {
    each(async |kit| {
        let scene = scene(kit).await;
        let kit = &scene.manage.kit;
        kit.database.execute("DELETE FROM flag").await;
        said(scene.ask(&scene.admin, "DELETE", "/segments/staff", json!({"confirm": "staff"})).await, 204);
        let page = said(scene.get(&format!("{SEGMENT}/history")).await, 200);
        let newest = &page["versions"][0];
        assert_eq!((&newest["version"], &newest["action"]), (&Value::Null, &json!("segment.deleted")));
        assert_eq!((&page["versions"][1]["version"], &page["total"]), (&json!(2), &json!(3)));
        assert_eq!(said(scene.get(&format!("{FLAG}/history")).await, 200)["total"], 4);
        said(scene.get(&format!("{FLAG}/history/1")).await, 200);
        let broken = format!(
            "UPDATE environment_document SET document = '[' WHERE kind = 'flag' AND revision = {RULE}"
        );
        kit.database.execute(&broken).await;
        let page = said(scene.get(&format!("{FLAG}/history")).await, 200);
        let entry = &page["versions"][1];
        assert_eq!(
            (&entry["version"], &entry["revision"], &entry["changes"]),
            (&Value::Null, &json!(RULE), &json!([]))
        );
        scene.get(&format!("{FLAG}/history/3")).await.error(404, "not_found");
    })
    .await;
}

/// Rolling back makes a new version that says what the old one said, by the rules of any other.
#[tokio::test]
async fn rolling_back_makes_a_new_version() {
    each(async |kit| {
        let scene = scene(kit).await;
        let rollback = format!("{FLAG}/rollback");
        let body = json!({"to": 3, "version": 4, "comment": "it was better"});
        let done = said(scene.ask(&scene.developer, "POST", &rollback, body.clone()).await, 200);
        assert_eq!((&done["version"], &done["revision"]), (&json!(5), &json!(OFF + 1)));
        let document = |version: &Value| {
            let mut document = version["document"].clone();
            document.as_object_mut().unwrap().remove("version");
            document
        };
        let old = said(scene.get(&format!("{FLAG}/history/3")).await, 200);
        let new = said(scene.get(&format!("{FLAG}/history/5")).await, 200);
        assert_eq!((document(&new), document(&done)), (document(&old), document(&old)));
        assert_eq!((&new["action"], &new["comment"]), (&json!("flag.rolled_back"), &json!("it was better")));
        let clash = scene.refused(&scene.developer, "POST", &rollback, body).await;
        assert_eq!(clash.error(409, "conflict"), &json!({"seen": 4, "current": 5}));
        scene.refused(&scene.developer, "POST", &rollback, json!({"to": 99})).await.invalid("to");
        scene.refused(&scene.developer, "POST", &rollback, json!({})).await.error(400, "invalid");
        let long = json!({"to": 1, "comment": "x".repeat(2001)});
        scene.refused(&scene.developer, "POST", &rollback, long).await.invalid("comment");
        // A variation that the old version served is gone by now.
        let gone =
            r#"UPDATE flag SET variations = '[{"key":"yes","value":true},{"key":"off","value":false}]'"#;
        scene.manage.kit.database.execute(gone).await;
        let answer = scene.refused(&scene.developer, "POST", &rollback, json!({"to": 2})).await;
        assert_eq!(paths(&answer), ["configuration.fallthrough.variation"]);

        let rollback = format!("{SEGMENT}/rollback");
        let contents =
            said(scene.ask(&scene.developer, "POST", &rollback, json!({"to": 1, "version": 2})).await, 200);
        assert_eq!((&contents["included"], &contents["version"]), (&json!(["user-1"]), &json!(3)));
        let history = said(scene.get(&format!("{SEGMENT}/history")).await, 200);
        assert_eq!(history["versions"][0]["action"], "segment.rolled_back");
        scene.refused(&scene.developer, "POST", &rollback, json!({"to": 0})).await.invalid("to");
        let clash = scene.refused(&scene.developer, "POST", &rollback, json!({"to": 1, "version": 2})).await;
        assert_eq!(clash.error(409, "conflict"), &json!({"seen": 2, "current": 3}));

        scene.protect("dev").await;
        let body = json!({"to": 1, "comment": "a test"});
        scene.refused(&scene.developer, "POST", &rollback, body.clone()).await.error(403, "forbidden");
        scene.refused(&scene.admin, "POST", &rollback, json!({"to": 1})).await.invalid("comment");
        said(scene.ask(&scene.admin, "POST", &rollback, body).await, 200);
    })
    .await;
}

/// The ruleset of any revision is what it was, by revision and by time, the same bytes each time.
#[tokio::test]
async fn any_past_ruleset_is_rebuilt() {
    each(async |kit| {
        let scene = scene(kit).await;
        let ruleset = async |query: &str| scene.get(&format!("/environments/dev/ruleset{query}")).await;
        let expected = [
            (0, Value::Null, Value::Null, Value::Null),
            (1, Value::Null, Value::Null, json!(["user-1"])),
            (MADE, json!(1), json!(false), json!(["user-1"])),
            (ON, json!(2), json!(true), json!(["user-1"])),
            (RULE, json!(3), json!(true), json!(["user-1"])),
            (USER_2, json!(3), json!(true), json!(["user-2"])),
            (OFF, json!(4), json!(false), json!(["user-2"])),
        ];
        for (revision, version, enabled, staff) in &expected {
            let answer = ruleset(&format!("?revision={revision}")).await;
            let body = said(answer, 200);
            assert_eq!((&body["revision"], &body["environment"]), (&json!(revision), &json!("dev")));
            let flag = &body["flags"]["menu"];
            assert_eq!((&flag["version"], &flag["enabled"]), (version, enabled), "{revision}");
            assert_eq!(&body["segments"]["staff"]["included"], staff, "{revision}");
            // It is a ruleset, for whoever evaluates.
            serde_json::from_value::<engine::ruleset::Ruleset>(body.clone()).unwrap();
            // Each revision came a minute after the one before.
            for at in [minute(*revision), minute(*revision) + 59_999] {
                assert_eq!(said(ruleset(&format!("?at={at}")).await, 200), body);
            }
        }
        let (first, second) = (ruleset("?revision=4").await, ruleset("?revision=4").await);
        assert_eq!(first.headers["etag"], second.headers["etag"]);
        assert_eq!(said(ruleset("").await, 200), said(ruleset(&format!("?revision={OFF}")).await, 200));
        assert_eq!(said(ruleset("?at=0").await, 200)["flags"], json!({}));
        ruleset("?revision=7").await.error(404, "not_found");
        assert_eq!(paths(&ruleset("?revision=1&at=1").await), ["at"]);
        assert_eq!(paths(&ruleset("?revision=-1").await), ["revision"]);
        assert_eq!(paths(&ruleset("?revision=last").await), ["revision"]);
        assert_eq!(paths(&ruleset("?version=1").await), ["version"]);

        let broken = format!(
            "UPDATE environment_document SET document = '{{}}' WHERE kind = 'flag' AND revision = {RULE}"
        );
        scene.manage.kit.database.execute(&broken).await;
        let body = said(ruleset("?revision=5").await, 200);
        assert_eq!((&body["flags"], &body["unreadable"][0]["key"]), (&json!({}), &json!("menu")));
        assert_eq!(body["segments"]["staff"]["version"], 2);
    })
    .await;
}

/// What somebody was served is explained, at any revision and time, as evaluation answered it then.
#[tokio::test]
async fn what_was_served_is_explained() {
    each(async |kit| {
        let scene = scene(kit).await;
        let ask = async |body: Value| scene.ask(&scene.member, "POST", "/evaluate", body).await;
        let explain = async |user: &str, when: Value| {
            let mut body = json!({"environment": "dev", "flag": "menu", "context": {"userId": user}});
            body.as_object_mut().unwrap().extend(when.as_object().unwrap().clone());
            said(ask(body).await, 200)
        };
        for (user, when, reason, revision) in [
            ("user-1", json!({}), "flag_disabled", OFF),
            ("user-1", json!({"revision": RULE}), "segment_match", RULE),
            ("user-1", json!({"at": minute(4) + 1}), "segment_match", RULE),
            ("user-1", json!({"at": minute(5)}), "boolean", USER_2),
            ("user-2", json!({"at": minute(5)}), "segment_match", USER_2),
            ("user-2", json!({"at": minute(2)}), "flag_disabled", MADE),
        ] {
            let answer = explain(user, when.clone()).await;
            let [flag] = answer["flags"].as_array().unwrap().as_slice() else { panic!("{answer}") };
            assert_eq!((&flag["reason"], &flag["revision"]), (&json!(reason), &json!(revision)), "{user} {when}");
            assert_eq!(answer["revision"], revision);
            let at = when["at"].as_i64().unwrap_or(scene.manage.kit.services.now().0);
            assert_eq!(answer["now"], at);
        }
        let answer = explain("user-1", json!({"revision": RULE, "now": 7})).await;
        assert_eq!(answer["now"], 7);
        let flag = &answer["flags"][0];
        assert_eq!(
            flag["steps"],
            json!([
                {"step": "enabled", "held": true},
                {
                    "step": "rule", "rule": "staff", "name": "Our people", "number": 1, "held": true,
                    "condition": {
                        "held": true,
                        "segments": {
                            "negated": false,
                            "segments": [{"segment": "staff", "held": true, "by": "included", "condition": null}],
                        },
                    },
                },
            ])
        );
        // As the ruleset of then answers by itself.
        let ruleset = said(scene.get(&format!("/environments/dev/ruleset?revision={RULE}")).await, 200);
        let compiled = engine::Compiled::from_ruleset(&serde_json::from_value(ruleset).unwrap());
        let context = Context::from_json(br#"{"userId":"user-1"}"#).unwrap();
        let detail = json!(compiled.evaluate("menu", &context, 7));
        for (name, value) in detail.as_object().unwrap() {
            assert_eq!(&flag[name], value, "{name}");
        }

        scene.workspace.flag("another").await;
        let all = said(ask(json!({"environment": "dev"})).await, 200);
        let keys: Vec<_> = all["flags"].as_array().unwrap().iter().map(|flag| &flag["flag"]).collect();
        assert_eq!(keys, ["another", "menu"]);
        let then = said(ask(json!({"environment": "dev", "revision": 1})).await, 200);
        assert_eq!(then["flags"], json!([]));
        for (body, path) in [
            (json!({"environment": "dev", "context": [1]}), "context"),
            (json!({"environment": "dev", "context": "user-1"}), "context"),
            (json!({"environment": "dev", "revision": 1, "at": 1}), "at"),
            (json!({"environment": "dev", "revision": -1}), "revision"),
            (json!({"environment": "dev", "user": "a"}), "user"),
            (json!({"environment": "Not One"}), "environment"),
        ] {
            let answer = scene.refused(&scene.member, "POST", "/evaluate", body.clone()).await;
            assert_eq!(paths(&answer), [path], "{body}");
        }
        for body in [
            json!({"environment": "nowhere"}),
            json!({"environment": "dev", "flag": "nothing"}),
            json!({"environment": "dev", "flag": "menu", "revision": 1}),
            json!({"environment": "dev", "revision": 99}),
        ] {
            scene.refused(&scene.member, "POST", "/evaluate", body).await.error(404, "not_found");
        }
        let sql = "SELECT COUNT(*) FROM usage_hour";
        scene.manage.kit.services.delivery().flush_usage().await.unwrap();
        assert_eq!(scene.manage.kit.database.number(sql).await, 0);
    })
    .await;
}

/// Each route keeps out whoever may not, and finds nothing where there is nothing.
#[tokio::test]
async fn routes_keep_out_whoever_may_not() {
    each(async |kit| {
        let scene = scene(kit).await;
        let none: [&Who; 0] = [];
        let histories = [FLAG, SEGMENT].map(|of| [format!("{of}/history"), format!("{of}/history/1")]);
        for path in histories.iter().flatten() {
            scene.keeps_out("GET", path, Value::Null, &none).await;
        }
        scene.keeps_out("GET", "/environments/dev/ruleset", Value::Null, &none).await;
        scene.keeps_out("POST", "/evaluate", json!({"environment": "dev"}), &none).await;
        for of in [FLAG, SEGMENT] {
            let path = format!("{of}/rollback");
            scene.keeps_out("POST", &path, json!({"to": 1}), &[&scene.member]).await;
        }
        for (method, path, body) in [
            ("GET", "/flags/nothing/environments/dev/history", Value::Null),
            ("GET", "/flags/menu/environments/nowhere/history", Value::Null),
            ("GET", "/flags/not%20a%20key/environments/dev/history", Value::Null),
            ("GET", "/flags/staff/environments/dev/history", Value::Null),
            ("GET", "/flags/menu/environments/dev/history/99", Value::Null),
            ("GET", "/flags/menu/environments/dev/history/last", Value::Null),
            ("GET", "/segments/menu/environments/dev/history", Value::Null),
            ("GET", "/segments/staff/environments/dev/history/99", Value::Null),
            ("GET", "/environments/nowhere/ruleset", Value::Null),
            ("POST", "/flags/nothing/environments/dev/rollback", json!({"to": 1})),
            ("POST", "/flags/menu/environments/nowhere/rollback", json!({"to": 1})),
            ("POST", "/segments/nothing/environments/dev/rollback", json!({"to": 1})),
        ] {
            scene.refused(&scene.admin, method, path, body).await.error(404, "not_found");
        }
        // No key of an application leads here.
        let key = scene.workspace.api_key("dev", domain::api_keys::KeyKind::Server).await;
        scene
            .refused(&Who::Token(key), "GET", "/environments/dev/ruleset", Value::Null)
            .await
            .error(401, "unauthenticated");
    })
    .await;
}
