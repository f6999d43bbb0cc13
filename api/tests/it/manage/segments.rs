//! Segments over HTTP.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::api_keys::KeyKind;
use domain::flags::Configuration;
use engine::ruleset::Serve;
use serde_json::{Value, json};
use testkit::each;

use super::Who;
use super::scene::{Scene, paths, said};

const ONE: &str = "/segments/beta-testers";
const DEV: &str = "/segments/beta-testers/environments/dev";

/// A segment that names some segments.
fn names(segments: &[&str]) -> Value {
    json!({"op": "in_segment", "values": segments})
}

impl Scene {
    /// Makes a segment with one key in its list.
    async fn segment(&self, key: &str) -> Value {
        let body = json!({"key": key, "name": key, "included": ["user-1"]});
        said(self.ask(&self.developer, "POST", "/segments", body).await, 201)
    }

    /// Gives the flag `menu` a rule for those in a segment, and switches it on in `dev`.
    async fn rule_for(&self, segment: &str) {
        self.workspace.flag("menu").await;
        let mut configuration = Configuration::fixed("off", "off");
        configuration.enabled = true;
        let rule = json!({"id": "beta", "when": names(&[segment]), "serve": {"variation": "on"}});
        configuration.rules = vec![serde_json::from_value(rule).unwrap()];
        assert_eq!(configuration.fallthrough, Serve::Variation("off".into()));
        let command = self.workspace.configure("menu", "dev", 1, configuration);
        self.manage.kit.services.flags().configure(&self.workspace.developer, command).await.unwrap();
    }

    /// What the flag `menu` serves to somebody in `dev`.
    async fn serves(&self, user: &str) -> bool {
        let services = &self.manage.kit.services;
        let key = self.workspace.api_key("dev", KeyKind::Server).await;
        let caller = services.delivery().authenticate(&key).unwrap();
        let context = json!({"userId": user}).to_string();
        let context = engine::Context::from_json(context.as_bytes()).unwrap();
        caller.environment.snapshot().evaluate(caller.kind, "menu", &context, 0).detail.enabled
    }

    async fn upload(
        &self,
        query: &str,
        kind: &str,
        body: impl Into<axum::body::Body>,
    ) -> crate::client::Answer {
        let path = format!("{DEV}/upload?{query}");
        self.send(&self.developer, "POST", &path, &[("content-type", kind)], body).await
    }
}

/// A cursor that nobody was given is refused, whatever it says.
#[tokio::test]
async fn a_made_up_cursor_is_refused() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        for key in ["a", "b"] {
            scene.segment(key).await;
        }
        for (sort, places) in [
            ("key", [json!([1, "a"]), json!(["a\0", "a"]), json!(["a", "\0"]), json!("a"), json!(["a"])]),
            ("-name", [json!([0, "a"]), json!(["\0", "a"]), json!(["a", "a\0"]), json!(null), json!({})]),
            ("created", [json!(["a", "a"]), json!([0, "\0"]), json!([0.5, "a"]), json!([]), json!([0, 1])]),
            ("-updated", [json!(["0", "a"]), json!([0, "a\0"]), json!([1e300, "a"]), json!(1), json!(true)]),
        ] {
            let page = said(scene.get(&format!("/segments?limit=1&sort={sort}")).await, 200);
            let good: Value =
                serde_json::from_slice(&URL_SAFE_NO_PAD.decode(page["next"].as_str().unwrap()).unwrap())
                    .unwrap();
            let ask = async |cursor: &Value| {
                let cursor = URL_SAFE_NO_PAD.encode(cursor.to_string());
                scene.get(&format!("/segments?sort={sort}&cursor={cursor}")).await
            };
            assert_eq!(ask(&good).await.status, 200, "{sort}");
            for place in places {
                let answer = ask(&json!({"list": good["list"], "after": place})).await;
                assert_eq!(paths(&answer), ["cursor"], "{sort} {place}");
            }
        }
    })
    .await;
}

/// A segment is made with the same contents everywhere, found, renamed and deleted. Its versions go on where they ended.
#[tokio::test]
async fn a_segment_lives_and_its_versions_never_restart() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        let new = json!({
            "name": "Beta Testers", "description": "People who asked", "by": "company",
            "included": ["acme", "acme", "initech"], "excluded": ["evil"],
            "when": {"attribute": "plan", "op": "eq", "values": ["beta"]},
        });
        let made = said(scene.ask(&scene.developer, "POST", "/segments", new.clone()).await, 201);
        assert_eq!((&made["key"], &made["version"]), (&json!("beta-testers"), &json!(1)));
        let environments = made["environments"].as_array().unwrap();
        let named: Vec<_> = environments.iter().map(|it| it["environment"].as_str().unwrap()).collect();
        assert_eq!(named, ["dev", "staging", "prod"]);
        for environment in environments {
            let counts = ["included", "excluded", "has_condition", "version"].map(|name| &environment[name]);
            assert_eq!(counts, [&json!(2), &json!(1), &json!(true), &json!(1)]);
        }
        let answer = scene.get(ONE).await;
        assert_eq!(answer.body, made);
        let tag = answer.headers["etag"].to_str().unwrap().to_owned();
        let again = scene.send(&scene.member, "GET", ONE, &[("if-none-match", &tag)], "").await;
        assert_eq!(again.status, 304);
        let contents = said(scene.get(DEV).await, 200);
        assert_eq!(contents["included"], json!(["acme", "initech"]));
        assert_eq!(contents["by"], "company");
        assert_eq!(contents["is_complete"], true);

        scene.refused(&scene.developer, "POST", "/segments", new).await.error(409, "conflict");
        let renamed = said(
            scene.ask(&scene.developer, "PATCH", ONE, json!({"name": "Testers", "version": 1})).await,
            200,
        );
        assert_eq!((&renamed["name"], &renamed["version"]), (&json!("Testers"), &json!(2)));
        assert_eq!(renamed["description"], "People who asked");
        let clash = scene.refused(&scene.developer, "PATCH", ONE, json!({"name": "x", "version": 1})).await;
        assert_eq!(clash.error(409, "conflict"), &json!({"seen": 1, "current": 2}));

        said(scene.ask(&scene.developer, "PATCH", DEV, json!({"included": []})).await, 200);
        said(scene.ask(&scene.developer, "PATCH", DEV, json!({"included": ["initech"]})).await, 200);
        scene.refused(&scene.admin, "DELETE", ONE, json!({"confirm": "beta"})).await.invalid("confirm");
        said(scene.ask(&scene.admin, "DELETE", ONE, json!({"confirm": "beta-testers"})).await, 204);
        scene.get(ONE).await.error(404, "not_found");
        scene.get(DEV).await.error(404, "not_found");
        // Three versions of it were in `dev`, of whatever environment the next ones are.
        let made = scene.segment("beta-testers").await;
        assert_eq!((&made["version"], &made["environments"][2]["version"]), (&json!(4), &json!(4)));
        let sql = "SELECT action FROM audit_event WHERE resource_kind = 'segment' ORDER BY seq";
        let rows = scene.manage.kit.database.rows(sql).await;
        let actions: Vec<_> = rows.iter().map(|row| row["action"].as_str().unwrap()).collect();
        let expected = ["created", "updated", "configured", "configured", "deleted", "created"];
        let expected = expected.map(|name| format!("segment.{name}"));
        assert_eq!(actions, expected);
    })
    .await;
}

/// A request that is sent twice makes one segment.
#[tokio::test]
async fn a_request_that_is_sent_twice_makes_one() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        let body = json!({"name": "Staff"}).to_string();
        let send = async || {
            let headers = [("idempotency-key", "once"), ("content-type", "application/json")];
            scene.send(&scene.developer, "POST", "/segments", &headers, body.clone()).await
        };
        let first = said(send().await, 201);
        let state = scene.manage.kit.state().await;
        assert_eq!(said(send().await, 201), first);
        assert_eq!(scene.manage.kit.state().await, state);
    })
    .await;
}

/// Segments are listed a page at a time, in any order, and found by parts of their names.
#[tokio::test]
async fn segments_are_listed_and_found() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        for (key, name) in [("c", "Ada"), ("a_1", "ada b"), ("B", "Zoe"), ("ab1", "100 %")] {
            let body = json!({"key": key, "name": name});
            said(scene.ask(&scene.developer, "POST", "/segments", body).await, 201);
            scene.manage.kit.clock.advance(1);
        }
        let keys = |page: &Value| -> Vec<String> {
            let segments = page["segments"].as_array().unwrap();
            segments.iter().map(|segment| segment["key"].as_str().unwrap().to_owned()).collect()
        };
        let all = async |query: &str| {
            let mut found = Vec::new();
            let mut path = format!("/segments?limit=1&{query}");
            loop {
                let page = said(scene.get(&path).await, 200);
                assert!(page["segments"].as_array().unwrap().len() <= 1);
                found.extend(keys(&page));
                let Some(next) = page["next"].as_str() else { break };
                path = format!("/segments?limit=1&{query}&cursor={next}");
            }
            found
        };
        for (query, expected) in [
            ("", ["B", "a_1", "ab1", "c"]),
            ("sort=-key", ["c", "ab1", "a_1", "B"]),
            ("sort=name", ["ab1", "c", "a_1", "B"]),
            ("sort=-name", ["B", "a_1", "c", "ab1"]),
            ("sort=created", ["c", "a_1", "B", "ab1"]),
            ("sort=-updated", ["ab1", "B", "a_1", "c"]),
        ] {
            assert_eq!(all(query).await, expected, "{query}");
        }
        for (query, expected) in [
            ("q=ADA", vec!["a_1", "c"]),
            ("q=a_1", vec!["a_1"]),
            ("q=%25", vec!["ab1"]),
            ("q=nobody", vec![]),
        ] {
            let page = said(scene.get(&format!("/segments?{query}")).await, 200);
            assert_eq!(
                (keys(&page), &page["total"]),
                (expected.iter().map(ToString::to_string).collect(), &json!(expected.len()))
            );
        }
        let page = said(scene.get("/segments?limit=2").await, 200);
        let next = page["next"].as_str().unwrap();
        for (query, path) in [
            (format!("sort=name&cursor={next}"), "cursor"),
            (format!("q=a&cursor={next}"), "cursor"),
            ("cursor=nonsense".to_owned(), "cursor"),
            ("limit=0".to_owned(), "limit"),
            ("limit=101".to_owned(), "limit"),
            ("limit=many".to_owned(), "limit"),
            ("sort=colour".to_owned(), "sort"),
            ("page=2".to_owned(), "page"),
            ("q=a&q=b".to_owned(), "q"),
        ] {
            assert_eq!(paths(&scene.get(&format!("/segments?{query}")).await), [path], "{query}");
        }
    })
    .await;
}

/// What a segment contains is changed field by field, or replaced, in one environment; evaluation knows of it at once.
#[tokio::test]
async fn contents_are_changed_in_one_environment() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.segment("beta-testers").await;
        scene.rule_for("beta-testers").await;
        assert!(scene.serves("user-1").await && !scene.serves("user-2").await);
        let change =
            async |method: &str, body: Value| said(scene.ask(&scene.developer, method, DEV, body).await, 200);
        let contents = change("PATCH", json!({"included": ["user-2", "user-2"], "version": 1})).await;
        assert_eq!((&contents["included"], &contents["version"]), (&json!(["user-2"]), &json!(2)));
        assert!(!scene.serves("user-1").await && scene.serves("user-2").await);
        let when = json!({"attribute": "userId", "op": "starts_with", "values": ["user-"]});
        let contents = change("PATCH", json!({"excluded": ["user-3"], "by": "userId", "when": when})).await;
        assert_eq!((&contents["included"], &contents["when"]), (&json!(["user-2"]), &when));
        assert!(scene.serves("user-1").await && !scene.serves("user-3").await);
        let contents = change("PATCH", json!({"by": null, "when": null, "comment": "back"})).await;
        assert_eq!(
            (&contents["by"], &contents["when"], &contents["excluded"]),
            (&Value::Null, &Value::Null, &json!(["user-3"]))
        );
        assert!(!scene.serves("user-1").await);
        let clash =
            scene.refused(&scene.developer, "PATCH", DEV, json!({"version": 1, "included": ["x"]})).await;
        clash.error(409, "conflict");
        let clash = scene.refused(&scene.developer, "PUT", DEV, json!({"version": 1})).await;
        assert_eq!(clash.error(409, "conflict"), &json!({"seen": 1, "current": 4}));
        let contents = change("PUT", json!({"included": ["user-9"], "version": 4})).await;
        assert_eq!((&contents["included"], &contents["excluded"]), (&json!(["user-9"]), &json!([])));
        assert!(scene.serves("user-9").await && !scene.serves("user-2").await);
        let elsewhere = said(scene.get(&DEV.replace("dev", "prod")).await, 200);
        assert_eq!((&elsewhere["included"], &elsewhere["version"]), (&json!(["user-1"]), &json!(1)));
    })
    .await;
}

/// What is against the rules, or what evaluation could not do, is refused with its path; and what flags would lose with it, with
/// their names.
#[tokio::test]
async fn what_cannot_be_evaluated_is_refused() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.segment("beta-testers").await;
        scene.segment("all").await;
        let body = json!({"when": names(&["beta-testers"])});
        said(scene.ask(&scene.developer, "PATCH", "/segments/all/environments/dev", body).await, 200);
        for (body, expected) in [
            (json!({"included": ["a", "", "b\0"]}), vec!["included[1]", "included[2]"]),
            (json!({"excluded": ["x".repeat(1001)]}), vec!["excluded[0]"]),
            (json!({"included": null}), vec!["included"]),
            (json!({"by": ""}), vec!["by"]),
            (json!({"by": "a.".repeat(20)}), vec!["by"]),
            (json!({"when": {"op": "eq", "values": [1]}}), vec!["when.attribute"]),
            (json!({"when": {"all": [{"attribute": "a", "op": "eq"}]}}), vec!["when.all[0].values"]),
            (json!({"when": {"attribute": "a", "op": "matches", "values": ["("]}}), vec!["when"]),
            (json!({"when": names(&["no-such"])}), vec!["when"]),
            (json!({"when": names(&["beta-testers"])}), vec!["when"]),
            (json!({"when": names(&["all"])}), vec!["when"]),
            (json!({"comment": "x".repeat(2001)}), vec!["comment"]),
            (json!({"includde": []}), vec!["includde"]),
        ] {
            for method in ["PATCH", "PUT"] {
                let answer = scene.refused(&scene.developer, method, DEV, body.clone()).await;
                assert_eq!(paths(&answer), expected, "{method} {body}");
            }
        }
        for (body, expected) in [
            (json!({"name": ""}), "name"),
            (json!({"name": "x".repeat(201)}), "name"),
            (json!({"name": "日本"}), "key"),
            (json!({"name": "a", "key": "not a key"}), "key"),
            // The page that makes a segment has that address.
            (json!({"name": "a", "key": "new"}), "key"),
            (json!({"name": "New"}), "key"),
            (json!({"name": "a", "description": "x".repeat(2001)}), "description"),
            (json!({"name": "a", "included": [""]}), "included[0]"),
            (json!({"name": "a", "when": names(&["no-such"])}), "when"),
        ] {
            let answer = scene.refused(&scene.developer, "POST", "/segments", body.clone()).await;
            assert_eq!(paths(&answer), [expected], "{body}");
        }
        let answer = scene.refused(&scene.developer, "PATCH", ONE, json!({"name": null})).await;
        assert_eq!(paths(&answer), ["name"]);

        // Segments may use segments up to a depth. The flag is at the end of the longest way.
        let mut last = "all".to_owned();
        for number in 3..=16 {
            let key = format!("s{number}");
            let body = json!({"key": key, "name": key});
            said(scene.ask(&scene.developer, "POST", "/segments", body).await, 201);
            let body = json!({"when": names(&[&last])});
            let path = format!("/segments/{key}/environments/dev");
            said(scene.ask(&scene.developer, "PATCH", &path, body).await, 200);
            last = key;
        }
        scene.rule_for(&last).await;
        scene.segment("deep").await;
        let body = json!({"when": {"any": [names(&["deep"])]}});
        let answer = scene.refused(&scene.developer, "PATCH", DEV, body).await;
        let details = answer.error(400, "invalid").to_string();
        assert!(details.contains("segment `s16`") && details.contains("flag `menu`"), "{details}");
    })
    .await;
}

/// What uses a segment is told, by environment and rule, and keeps it from being deleted.
#[tokio::test]
async fn what_uses_a_segment_keeps_it() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.segment("beta-testers").await;
        // One that has it among its values, and not as a segment.
        let other = json!({"key": "other", "name": "Other", "when": {"attribute": "a", "op": "eq", "values": ["beta-testers"]}});
        said(scene.ask(&scene.developer, "POST", "/segments", other).await, 201);
        let none = json!({"flags": [], "segments": []});
        let uses = said(scene.get(&format!("{ONE}/uses")).await, 200);
        for environment in uses["environments"].as_array().unwrap() {
            assert_eq!((&environment["flags"], &environment["segments"]), (&none["flags"], &none["segments"]));
        }
        scene.rule_for("beta-testers").await;
        let all = json!({"key": "all", "name": "All", "when": {"not": names(&["beta-testers"])}});
        said(scene.ask(&scene.developer, "POST", "/segments", all).await, 201);
        let uses = said(scene.get(&format!("{ONE}/uses")).await, 200);
        let flag = json!({"key": "menu", "name": "menu", "archived": false, "rules": ["beta"]});
        let segments = json!([{"key": "all", "name": "All"}]);
        assert_eq!(
            uses["environments"],
            json!([
                {"environment": "dev", "flags": [flag], "segments": segments},
                {"environment": "staging", "flags": [], "segments": segments},
                {"environment": "prod", "flags": [], "segments": segments},
            ])
        );
        let delete = async || {
            let answer = scene.refused(&scene.admin, "DELETE", ONE, json!({"confirm": "beta-testers"})).await;
            answer.error(409, "conflict");
            answer.body["error"]["message"].as_str().unwrap().to_owned()
        };
        let message = delete().await;
        assert!(message.contains("the flag `menu` in dev") && message.contains("the segment `all` in prod"), "{message}");
        said(scene.ask(&scene.admin, "DELETE", "/segments/all", json!({"confirm": "all"})).await, 204);
        assert!(!delete().await.contains("segment `all`"));
        // An archived flag may be restored.
        scene.manage.kit.database.execute("UPDATE flag SET archived_at = 1").await;
        assert!(delete().await.contains("the archived flag `menu` in dev"));
        scene.manage.kit.database.execute("DELETE FROM flag").await;
        said(scene.ask(&scene.admin, "DELETE", ONE, json!({"confirm": "beta-testers"})).await, 204);
    })
    .await;
}

/// Keys are sent as texts and tables; what is wrong is named by its line, and nothing changes.
#[tokio::test]
async fn keys_are_uploaded() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.segment("beta-testers").await;
        let done = |read: u64, added: u64, removed: u64, total: u64, version: u64| {
            json!({"read": read, "added": added, "removed": removed, "total": total, "version": version, "revision": version})
        };
        let uploaded = async |query: &str, kind: &str, body: &'static str| said(scene.upload(query, kind, body).await, 200);
        let list = async |name: &str| said(scene.get(DEV).await, 200)[name].clone();
        let text = "text/plain; charset=utf-8";
        let answer = uploaded("list=included&mode=add&version=1&comment=more", text, "a\r\n\n b \na\nuser-1").await;
        assert_eq!(answer, done(4, 2, 0, 3, 2));
        assert_eq!(list("included").await, json!(["user-1", "a", "b"]));
        let answer = uploaded("list=included&mode=remove", text, "a\nnobody\n").await;
        assert_eq!(answer, done(2, 0, 1, 2, 3));
        let table = "plan,id\npro,\"x, y\"\nfree,b\n";
        let answer = uploaded("list=included&mode=replace&column=id", "text/csv", table).await;
        assert_eq!(answer, done(2, 1, 1, 2, 4));
        assert_eq!(list("included").await, json!(["x, y", "b"]));
        // The same once more is nothing new.
        let state = scene.manage.kit.state().await;
        let answer = uploaded("list=included&mode=replace&column=id", "text/csv", table).await;
        assert_eq!(answer, done(2, 0, 0, 2, 4));
        assert_eq!(scene.manage.kit.state().await, state);
        let answer = uploaded("list=excluded&mode=add&header=true", "text/csv", "id\nx\n").await;
        assert_eq!(answer, done(1, 1, 0, 1, 5));
        assert_eq!((list("excluded").await, list("included_count").await), (json!(["x"]), json!(2)));

        let state = scene.manage.kit.state().await;
        let long = "x".repeat(1001);
        let mode = "list=included&mode=add";
        for (query, kind, body, path) in [
            (mode, "text/plain", b"a\nb\0".to_vec(), "line 2"),
            (mode, "text/plain", b"a\n\nb\xff".to_vec(), "line 3"),
            (mode, "text/csv", format!("a\n{long}").into_bytes(), "line 2"),
            (mode, "application/json", b"[]".to_vec(), "Content-Type"),
            ("list=included&mode=add&column=id", "text/csv", b"a,b\n".to_vec(), "column"),
            ("list=included&mode=add&column=id", "text/plain", b"a".to_vec(), "column"),
            ("list=all&mode=add", "text/plain", b"a".to_vec(), "list"),
            ("list=included&mode=toggle", "text/plain", b"a".to_vec(), "mode"),
            ("list=included&mode=add&header=maybe", "text/csv", b"a".to_vec(), "header"),
            ("list=included&mode=add&limit=1", "text/csv", b"a".to_vec(), "limit"),
        ] {
            let answer = scene.upload(query, kind, body).await;
            assert_eq!(paths(&answer), [path], "{query}");
        }
        scene.upload("list=included", "text/plain", "a").await.error(400, "invalid");
        let clash = scene.upload("list=included&mode=add&version=1", "text/plain", "a").await;
        assert_eq!(clash.error(409, "conflict"), &json!({"seen": 1, "current": 5}));
        let body = format!("{}\n", "x".repeat(999)).repeat(33_600);
        assert_eq!(scene.status(&format!("{DEV}/upload?{mode}"), "text/plain", body).await, 413);
        assert_eq!(scene.manage.kit.state().await, state);
    })
    .await;
}

/// A list with a hundred thousand keys is saved, served, and shown in part.
#[tokio::test]
async fn a_long_list_is_served() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.segment("beta-testers").await;
        scene.rule_for("beta-testers").await;
        let keys: String = (0..100_000).map(|number| format!("somebody-{number}@example.com\n")).collect();
        let answer = said(scene.upload("list=included&mode=add", "text/plain", keys).await, 200);
        assert_eq!((&answer["added"], &answer["total"]), (&json!(100_000), &json!(100_001)));
        assert!(
            scene.serves("somebody-99999@example.com").await
                && !scene.serves("somebody-100000@example.com").await
        );
        let contents = said(scene.get(DEV).await, 200);
        assert_eq!(contents["included"].as_array().unwrap().len(), 1_000);
        assert_eq!((&contents["included_count"], &contents["is_complete"]), (&json!(100_001), &json!(false)));
        assert_eq!(said(scene.get(ONE).await, 200)["environments"][0]["included"], 100_001);
        // The audit log says how long it is, and which.
        let sql = "SELECT new_document FROM audit_event WHERE action = 'segment.configured'";
        let rows = scene.manage.kit.database.rows(sql).await;
        let document: Value = serde_json::from_str(rows[0]["new_document"].as_str().unwrap()).unwrap();
        assert_eq!(document["included"]["count"], 100_001);
        let history = said(scene.get(&format!("{DEV}/history")).await, 200);
        let newest = &history["versions"][0];
        assert_eq!(newest["changes"].as_array().unwrap().len(), 200);
        assert_eq!(newest["more_changes"], 99_800);
    })
    .await;
}

/// Each route keeps out whoever may not, and finds nothing where there is nothing.
#[tokio::test]
async fn routes_keep_out_whoever_may_not() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.segment("beta-testers").await;
        let none: [&Who; 0] = [];
        for path in ["/segments", ONE, &format!("{ONE}/uses"), DEV] {
            scene.keeps_out("GET", path, Value::Null, &none).await;
        }
        let upload = &format!("{DEV}/upload?list=included&mode=add");
        scene.keeps_out("POST", "/segments", json!({"name": "Another"}), &[&scene.member]).await;
        scene.keeps_out("PATCH", ONE, json!({"name": "New"}), &[&scene.member]).await;
        scene.keeps_out("PATCH", DEV, json!({"included": []}), &[&scene.member]).await;
        scene.keeps_out("PUT", DEV, json!({}), &[&scene.member]).await;
        let confirm = json!({"confirm": "beta-testers"});
        scene.keeps_out("DELETE", ONE, confirm.clone(), &[&scene.member, &scene.developer]).await;
        for who in [&Who::Nobody, &scene.outsider, &scene.member] {
            let state = scene.manage.kit.state().await;
            let answer = scene.send(who, "POST", upload, &[("content-type", "text/plain")], "a").await;
            assert!([401, 403, 404].contains(&answer.status.as_u16()), "{answer:?}");
            assert_eq!(scene.manage.kit.state().await, state);
        }
        for (method, path, body) in [
            ("GET", "/segments/nobody", Value::Null),
            ("GET", "/segments/nobody/uses", Value::Null),
            ("GET", "/segments/not%20a%20key", Value::Null),
            ("GET", "/segments/nobody/environments/dev", Value::Null),
            ("GET", "/segments/beta-testers/environments/nowhere", Value::Null),
            ("PATCH", "/segments/nobody", json!({"name": "New"})),
            ("PATCH", "/segments/nobody/environments/dev", json!({})),
            ("PUT", "/segments/beta-testers/environments/nowhere", json!({})),
            ("DELETE", "/segments/nobody", json!({"confirm": "nobody"})),
        ] {
            scene.refused(&scene.admin, method, path, body).await.error(404, "not_found");
        }
        // A protected environment asks for an admin who says why.
        scene.protect("prod").await;
        let prod = DEV.replace("dev", "prod");
        let body = json!({"included": [], "comment": "a test"});
        scene.refused(&scene.developer, "PATCH", &prod, body.clone()).await.error(403, "forbidden");
        scene.refused(&scene.admin, "PATCH", &prod, json!({"included": []})).await.invalid("comment");
        said(scene.ask(&scene.admin, "PATCH", &prod, body).await, 200);
    })
    .await;
}
