//! Importing LaunchDarkly's format, and asking for it.

use axum::body::Body;
use axum::http::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL};
use axum::http::{Method, Request};
use domain::api_keys::KeyKind;
use domain::flags::{Configuration, CreateFlag};
use domain::ruleset::{Condition, Operator, Prerequisite, Rule, Serve, Test};
use serde_json::{Value, json};
use testkit::each;

use super::Who;
use super::place::Place;
use crate::client::Client;

const PATH: &str = "/import/launchdarkly";

fn file() -> Value {
    json!({
        "databasePremium": {
            "flagVersion": 1, "trackEvents": false, "value": true, "variation": 0, "version": 1
        },
        "aclp": {
            "flagVersion": 9, "trackEvents": false,
            "value": {"beta": false, "enabled": true, "bypassAccountCapabilities": true},
            "variation": 1, "version": 435
        }
    })
}

fn into(environment: &str, flags: Value) -> Value {
    json!({"environment": environment, "flags": flags})
}

fn overwrite(environment: &str, flags: Value) -> Value {
    json!({"environment": environment, "flags": flags, "conflict": "overwrite"})
}

fn one(value: Value, variation: Value) -> Value {
    json!({"flag": {"flagVersion": 1, "trackEvents": false, "value": value, "variation": variation, "version": 7}})
}

async fn configure(place: &Place, key: &str, environment: &str, version: i64, configuration: Configuration) {
    let command = place.workspace.configure(key, environment, version, configuration);
    place.kit().services.flags().configure(&place.workspace.admin, command).await.unwrap();
}

/// What is imported is served exactly as it was, to everybody; the flags are off in the other environments.
#[tokio::test]
async fn what_is_imported_is_served_as_it_was() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let answer = place.post(&place.developer, PATH, into("dev", file())).await;
        let created = |key: &str, version: i64| json!({"key": key, "outcome": "created", "version": version});
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &json!({
            "dry_run": false, "flags": [created("aclp", 435), created("databasePremium", 1)]
        })));
        assert_eq!(place.served("dev").await, file());
        let mut elsewhere = file();
        elsewhere["databasePremium"]["value"] = json!(false);
        elsewhere["databasePremium"]["variation"] = json!(1);
        elsewhere["aclp"]["version"] = json!(1);
        for environment in ["staging", "prod"] {
            assert_eq!(place.served(environment).await, elsewhere);
        }
        // One entry for each flag, in the environment.
        let entries = place.kit().database.rows(
            "SELECT action, resource_key, revision FROM audit_event WHERE resource_kind = 'flag' ORDER BY seq",
        ).await;
        let entry = |key: &str| json!({"action": "flag.created", "resource_key": key, "revision": 1});
        assert_eq!(entries, [entry("aclp"), entry("databasePremium")]);
        let told = "SELECT new_document FROM audit_event WHERE resource_key = 'databasePremium'";
        let told = &place.kit().database.rows(told).await[0]["new_document"];
        let told: Value = serde_json::from_str(told.as_str().unwrap()).unwrap();
        let person = place.workspace.developer.person().unwrap().id;
        assert_eq!((&told["owner"], &told["name"]), (&json!(person), &json!("databasePremium")));
        assert_eq!((&told["tags"], &told["configuration"]["enabled"]), (&json!([]), &json!(true)));
        let shape = &place.kit().database.rows(
            "SELECT kind, value_type, name, variations FROM flag WHERE key = 'aclp'").await[0];
        assert_eq!((&shape["kind"], &shape["value_type"], &shape["name"]), (&json!("advanced"), &json!("json"), &json!("aclp")));
        let variations: Value = serde_json::from_str(shape["variations"].as_str().unwrap()).unwrap();
        assert_eq!(variations, json!([
            {"key": "placeholder-0", "value": {"placeholder": 0}},
            {"key": "variation-1", "value": file()["aclp"]["value"]}
        ]));
    })
    .await;
}

/// Values of every type, in every place, survive; so do events that are to be tracked, where they were.
#[tokio::test]
async fn every_type_survives() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let values = [
            json!(true),
            json!(false),
            json!(""),
            json!("placeholder-0"),
            json!("ä\n\"\u{1F600}"),
            json!(0),
            json!(1),
            json!(-7),
            json!(0.1),
            json!(9_007_199_254_740_993_i64),
            json!(1e300),
            json!({}),
            json!([]),
            json!([null, {"a": [1.5]}]),
            json!({"placeholder": 0}),
            json!(null),
        ];
        let mut flags = serde_json::Map::new();
        for (number, value) in values.iter().enumerate() {
            for place in [0, 1, 2, 49].into_iter().filter(|place| !value.is_boolean() || *place < 2) {
                let flag = json!({
                    "flagVersion": 3, "trackEvents": number % 2 == 0, "value": value, "variation": place,
                    "version": 9_007_199_254_740_991_i64
                });
                flags.insert(format!("flag-{number}-{place}"), flag);
            }
        }
        let flags = Value::Object(flags);
        assert_eq!(place.post(&place.developer, PATH, into("staging", flags.clone())).await.status, 200);
        assert_eq!(place.served("staging").await, flags);
        let dev = place.served("dev").await;
        assert!(dev.as_object().unwrap().values().all(|flag| flag["trackEvents"] == false), "{dev}");
    })
    .await;
}

/// The same file imported again changes nothing; another one makes the flag serve what it says, to everybody.
#[tokio::test]
async fn flags_that_are_there_are_overwritten() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.workspace.flag("menu").await;
        let when = Condition::Test(Test {
            attribute: Some("plan".into()), op: Operator::Eq, values: vec!["pro".into()],
        });
        let rule = Rule { id: "pro".into(), name: None, when, serve: Serve::Variation("on".into()) };
        let configuration = Configuration { rules: vec![rule], ..Configuration::fixed("off", "off") };
        configure(&place, "menu", "dev", 1, configuration).await;
        let flag = |value: bool, variation: u32, version: i64| json!({"menu": {
            "flagVersion": 1, "trackEvents": false, "value": value, "variation": variation, "version": version
        }});
        for (file, outcome, version) in [
            (flag(true, 0, 40), "changed", 40),
            (flag(true, 0, 40), "unchanged", 40),
            (flag(true, 0, 12), "unchanged", 40),
            (flag(true, 0, 41), "changed", 41),
            // Versions never go back.
            (flag(false, 1, 5), "changed", 42),
            (flag(false, 1, 42), "unchanged", 42),
        ] {
            let entries = place.kit().audit_entries().await;
            let answer = place.post(&place.developer, PATH, overwrite("dev", file.clone())).await;
            let expected = json!([{"key": "menu", "outcome": outcome, "version": version}]);
            assert_eq!(answer.body["flags"], expected, "{file}");
            let served = place.served("dev").await;
            assert_eq!(served["menu"]["version"], version);
            assert_eq!(served["menu"]["value"], file["menu"]["value"]);
            let gained = place.kit().audit_entries().await - entries;
            // A key was made to look.
            assert_eq!(gained, 1 + i64::from(outcome == "changed"), "{file}");
        }
        assert_eq!(place.served("staging").await["menu"]["version"], 1);
        let stored = place.kit().database.rows("SELECT DISTINCT body FROM flag_configuration WHERE version = 42").await;
        let stored: Value = serde_json::from_str(stored[0]["body"].as_str().unwrap()).unwrap();
        assert_eq!(stored, json!({"enabled": true, "off_variation": "off", "fallthrough": {"variation": "off"}}));
    })
    .await;
}

/// Each environment's file fills in what the others' did not show. The variations are all environments' then.
#[tokio::test]
async fn files_of_several_environments_complete_each_other() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let flag = |value: &str, variation: u32, version: i64| json!({"theme": {
            "flagVersion": 4, "trackEvents": false, "value": value, "variation": variation, "version": version
        }});
        assert_eq!(place.post(&place.developer, PATH, into("dev", flag("dark", 2, 10))).await.status, 200);
        for (environment, file) in [("staging", flag("light", 0, 20)), ("prod", flag("grey", 3, 30))] {
            let answer = place.post(&place.developer, PATH, overwrite(environment, file.clone())).await;
            assert_eq!(answer.body["flags"][0]["outcome"], "changed", "{answer:?}");
        }
        // The variations changed for all: two more versions in dev, one more in staging.
        for (environment, mut file, version) in
            [("dev", flag("dark", 2, 10), 12), ("staging", flag("light", 0, 20), 21), ("prod", flag("grey", 3, 30), 30)]
        {
            file["theme"]["version"] = json!(version);
            file["theme"]["flagVersion"] = json!(6);
            let served = place.served(environment).await;
            assert_eq!(served["theme"]["value"], file["theme"]["value"], "{environment}");
            assert_eq!(served["theme"]["version"], version, "{environment}");
        }
        for (file, field) in [
            (flag("grey", 0, 40), "variation"),
            (flag("red", 2, 40), "variation"),
            (flag("grey", 1, 40), "variation"),
            (json!({"theme": {"value": 7, "variation": 1, "version": 1}}), "value"),
        ] {
            place.invalid(&place.developer, PATH, overwrite("dev", file), &[&format!("flags.theme.{field}")]).await;
        }
        // What stands for a value and is served somewhere is not taken away.
        configure(&place, "theme", "staging", 21, Configuration::fixed("placeholder-1", "variation-0")).await;
        let file = flag("blue", 1, 40);
        place.invalid(&place.developer, PATH, overwrite("dev", file), &["flags.theme.variation"]).await;
    })
    .await;
}

/// Flags that are there are skipped where that is wanted, and else nothing at all is imported.
#[tokio::test]
async fn a_conflict_is_skipped_or_refused() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.workspace.flag("aclp").await;
        for body in [into("dev", file()), json!({"environment": "dev", "flags": file(), "conflict": "fail"})]
        {
            place.refused(&place.developer, "POST", PATH, Some(body), (409, "conflict")).await;
        }
        let body = json!({"environment": "dev", "flags": file(), "conflict": "skip"});
        let answer = place.post(&place.developer, PATH, body.clone()).await;
        assert_eq!(
            answer.body["flags"],
            json!([
                {"key": "aclp", "outcome": "skipped", "version": 1},
                {"key": "databasePremium", "outcome": "created", "version": 1}
            ])
        );
        assert_eq!(place.served("dev").await["aclp"]["value"], false);
        // Nothing is left to do, which is no change.
        let state = place.kit().state().await;
        let answer = place.post(&place.developer, PATH, body).await;
        assert_eq!(answer.body["flags"][1]["outcome"], "skipped");
        assert!(place.kit().state().await == state);
        place.invalid(&place.developer, PATH, overwrite("dev", file()), &["flags.aclp.value"]).await;
    })
    .await;
}

/// A dry run tells what would be, and changes nothing; in a protected environment it takes no reason, but the right.
#[tokio::test]
async fn a_dry_run_changes_nothing() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.protect("prod").await;
        let mut body = into("prod", file());
        body["dry_run"] = json!(true);
        let before = place.kit().state().await;
        let entries = place.kit().audit_entries().await;
        let answer = place.post(&place.admin, PATH, body.clone()).await;
        assert_eq!((answer.status.as_u16(), &answer.body["dry_run"]), (200, &json!(true)));
        assert_eq!(answer.body["flags"][0]["outcome"], "created");
        assert!(place.kit().state().await == before);
        assert_eq!(place.kit().audit_entries().await, entries);
        place.refused(&place.developer, "POST", PATH, Some(body), (403, "forbidden")).await;
    })
    .await;
}

/// A protected environment asks for an admin who says why; that there is one keeps nobody from importing into another.
#[tokio::test]
async fn a_protected_environment_asks_for_more() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.protect("prod").await;
        place.invalid(&place.admin, PATH, into("prod", file()), &["comment"]).await;
        let mut body = into("prod", file());
        body["comment"] = json!("moving over");
        place.refused(&place.developer, "POST", PATH, Some(body.clone()), (403, "forbidden")).await;
        assert_eq!(place.post(&place.developer, PATH, into("dev", file())).await.status, 200);
        body["conflict"] = json!("overwrite");
        assert_eq!(place.post(&place.admin, PATH, body).await.status, 200);
        assert_eq!(place.served("prod").await["databasePremium"]["value"], true);
        // Other variations are other ones in prod, too.
        let more = json!({"aclp": {"value": {}, "variation": 3, "version": 500}});
        place.refused(&place.developer, "POST", PATH, Some(overwrite("dev", more)), (403, "forbidden")).await;
    })
    .await;
}

/// What is wrong is named, and nothing of the file is imported.
#[tokio::test]
async fn a_file_with_a_fault_is_refused_whole() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let mut deep = json!(1);
        for _ in 0..200 {
            deep = json!([deep]);
        }
        let fields = |name: &str, value: Value| {
            let mut flag = one(json!("a"), json!(0));
            flag["flag"][name] = value;
            flag
        };
        for (flags, path) in [
            (one(json!(null), json!(null)), "flags.flag.variation"),
            (one(json!("a\u{0}"), json!(0)), "flags.flag.value"),
            (one(json!("a"), json!(null)), "flags.flag.variation"),
            (one(json!("a"), json!(-1)), "flags.flag.variation"),
            (one(json!("a"), json!(1.5)), "flags.flag.variation"),
            (one(json!("a"), json!("0")), "flags.flag.variation"),
            (one(json!("a"), json!(50)), "flags.flag.variation"),
            (one(json!("a"), json!(4_294_967_296_i64)), "flags.flag.variation"),
            (one(json!(true), json!(2)), "flags.flag.variation"),
            (fields("version", json!(0)), "flags.flag.version"),
            (fields("version", json!(-1)), "flags.flag.version"),
            (fields("version", json!(9_007_199_254_740_992_i64)), "flags.flag.version"),
            (fields("version", json!(null)), "flags.flag.version"),
            (fields("flagVersion", json!(0)), "flags.flag.flagVersion"),
            (fields("trackEvents", json!("yes")), "flags.flag.trackEvents"),
            (fields("surprise", json!(1)), "flags.flag.surprise"),
        ] {
            let mut whole = file();
            whole["flag"] = flags["flag"].clone();
            place.invalid(&place.developer, PATH, into("dev", whole), &[path]).await;
        }
        let flag = one(json!(true), json!(0))["flag"].to_string();
        let twice = format!(r#"{{"environment":"dev","flags":{{"flag":{flag},"flag":{flag}}}}}"#);
        let state = place.kit().state().await;
        let answer = place.ask_as(&place.developer, "POST", PATH, "application/json", Some(twice)).await;
        let message = answer.invalid("flags");
        assert!(message.starts_with("the key `flag` is there twice"), "{message}");
        assert!(place.kit().state().await == state);
        let flag = &one(json!(true), json!(0))["flag"];
        let reserved = into("dev", json!({"bulk": flag, "new": flag}));
        place.invalid(&place.developer, PATH, reserved, &["flags.bulk", "flags.new"]).await;
        place.invalid(&place.developer, PATH, into("dev", json!([])), &["flags"]).await;
        let body = json!({"environment": "dev", "flags": {}, "conflict": "sometimes"});
        place.invalid(&place.developer, PATH, body, &["conflict"]).await;
        place.invalid(&place.developer, PATH, json!({"flags": {}}), &[""]).await;
        let many: serde_json::Map<_, _> = (0..10_001)
            .map(|number| (format!("flag-{number}"), one(json!(true), json!(0))["flag"].clone()))
            .collect();
        place.invalid(&place.developer, PATH, into("dev", json!(many)), &["flags"]).await;
        let body = json!({"environment": "dev", "flags": {"a b": one(json!(true), json!(0))["flag"]}});
        place.refused(&place.developer, "POST", PATH, Some(body), (400, "invalid")).await;
        place
            .refused(&place.developer, "POST", PATH, Some(into("dev", one(deep, json!(0)))), (400, "invalid"))
            .await;
    })
    .await;
}

/// Who may not, may not; what is not there is not found.
#[tokio::test]
async fn importing_takes_a_developer() {
    each(async |kit| {
        let place = Place::over(kit).await;
        // Before the file is read: for whoever may, one as long as this is too long.
        for (who, status, code) in [(&place.member, 403, "forbidden"), (&place.developer, 413, "too_large")] {
            let long = " ".repeat(32 * 1024 * 1024 + 1);
            place.ask_as(who, "POST", PATH, "application/json", Some(long)).await.error(status, code);
        }
        let body = || Some(into("dev", file()));
        place.refused(&Who::Nobody, "POST", PATH, body(), (401, "unauthenticated")).await;
        place.refused(&place.outsider, "POST", PATH, body(), (404, "not_found")).await;
        place.refused(&place.member, "POST", PATH, body(), (403, "forbidden")).await;
        place.refused(&place.developer, "POST", PATH, Some(into("nope", file())), (404, "not_found")).await;
        let reading = place.manage.token_of(&place.workspace.developer, "read").await;
        place.get(&reading, "/organization").await;
        place.refused(&reading, "POST", PATH, body(), (403, "forbidden")).await;
    })
    .await;
}

/// Many flags are imported at once, and a file may be larger than other bodies, up to its own limit.
#[tokio::test]
async fn a_file_may_be_large() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let many: serde_json::Map<_, _> = (0..1_100)
            .map(|number| {
                let value = json!({"text": "x".repeat(1000), "number": number});
                (format!("flag-{number}"), one(value, json!(1))["flag"].clone())
            })
            .collect();
        let many = Value::Object(many);
        assert!(many.to_string().len() > 1024 * 1024);
        let answer = place.post(&place.developer, PATH, into("dev", many.clone())).await;
        assert_eq!(answer.status, 200);
        assert_eq!(place.served("dev").await, many);
        let long = " ".repeat(32 * 1024 * 1024 + 1);
        let answer = place.ask_as(&place.developer, "POST", PATH, "application/json", Some(long)).await;
        answer.error(413, "too_large");
    })
    .await;
}

/// Whatever needs a flag must be able to go on: prerequisites name its variations.
#[tokio::test]
async fn what_others_need_stays() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let theme = |value: &str, variation: u32| json!({"theme": {"value": value, "variation": variation, "version": 3}});
        assert_eq!(place.post(&place.developer, PATH, into("dev", theme("dark", 1))).await.status, 200);
        place.workspace.flag("menu").await;
        let needed = Prerequisite { flag: "theme".into(), variations: vec!["placeholder-0".into()] };
        let configuration =
            Configuration { enabled: true, prerequisites: vec![needed], ..Configuration::fixed("on", "off") };
        configure(&place, "menu", "staging", 1, configuration).await;
        place.invalid(&place.developer, PATH, overwrite("dev", theme("light", 0)), &["flags"]).await;
    })
    .await;
}

/// A flag that only browsers may not see is not told to their keys; one that nothing can be served of says null.
#[tokio::test]
async fn the_format_is_asked_for_with_a_key_of_the_environment() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let shown = CreateFlag { client_side: true, ..client.workspace.boolean_flag("shown") };
        client.kit.services.flags().create(&client.workspace.developer, shown).await.unwrap();
        let answer = |value: bool, variation: u32, version: u32| {
            json!({"flagVersion": 1, "trackEvents": false, "value": value, "variation": variation, "version": version})
        };
        let all = json!({"menu": answer(true, 0, 2), "shown": answer(false, 1, 1)});
        let path = "/api/v1/environments/dev/flags";
        for answer in [
            client.get(path).await,
            client.get(&format!("{path}?userId=user-1&context=%7B%22plan%22%3A%22pro%22%7D")).await,
            client.get("/api/v1/environments/%64ev/flags").await,
            client.post(path, "").await,
            client.post(path, r#"{"userId":"user-1","context":{"plan":"pro"}}"#).await,
        ] {
            assert_eq!((answer.status.as_u16(), &answer.body), (200, &all));
            assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
        }
        client.get(&format!("{path}?context=1")).await.invalid("context");
        client.get(&format!("{path}?user=1")).await.invalid("query");
        client.post(path, r#"{"surprise":1}"#).await.invalid("surprise");
        for other in ["staging", "prod", "nope", "DEV", "%FF"] {
            let path = format!("/api/v1/environments/{other}/flags");
            client.get(&path).await.error(404, "not_found");
            client.post(&path, "{}").await.error(404, "not_found");
        }
        for method in [Method::PUT, Method::DELETE] {
            let wrong = client.send(client.request(method, path, Body::empty())).await;
            wrong.error(405, "method_not_allowed");
            assert_eq!(wrong.headers[ALLOW], "GET,HEAD,POST,OPTIONS");
        }
        let anonymous = Request::get(path).body(Body::empty()).unwrap();
        client.send(anonymous).await.error(401, "unauthenticated");
        let browser = client.workspace.api_key("dev", KeyKind::Browser).await;
        let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {browser}"));
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.body, json!({"shown": all["shown"]}));
    })
    .await;
}

/// The context decides here as elsewhere.
#[tokio::test]
async fn the_format_follows_the_context() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let when = Condition::Test(Test {
            attribute: Some("plan".into()),
            op: Operator::Eq,
            values: vec!["pro".into()],
        });
        let rule = Rule { id: "pro".into(), name: None, when, serve: Serve::Variation("off".into()) };
        let configuration = Configuration {
            enabled: true,
            track_events: true,
            rules: vec![rule],
            ..Configuration::fixed("on", "off")
        };
        let configure = client.workspace.configure("menu", "dev", 2, configuration);
        client.kit.services.flags().configure(&client.workspace.developer, configure).await.unwrap();
        let path = "/api/v1/environments/dev/flags";
        for (plan, value, variation) in [("pro", false, 1), ("free", true, 0)] {
            let body = json!({"context": {"plan": plan}}).to_string();
            let expected = json!({"menu": {
                "flagVersion": 1, "trackEvents": true, "value": value, "variation": variation, "version": 3
            }});
            assert_eq!(client.post(path, body).await.body, expected);
        }
    })
    .await;
}

/// A flag whose values are any JSON may serve `true` in whatever place.
#[tokio::test]
async fn a_flag_of_json_may_serve_a_boolean_in_any_place() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let variations = json!([
            {"key": "a", "value": 1}, {"key": "b", "value": 2}, {"key": "c", "value": true}
        ]);
        let configuration = json!({"enabled": true, "off_variation": "a", "fallthrough": {"variation": "c"}});
        let new = json!({
            "name": "Mixed", "value_type": "json", "variations": variations, "configuration": configuration
        });
        assert_eq!(place.post(&place.developer, "/flags", new).await.status, 201);
        let on = place.ask(
            &place.developer,
            "PATCH",
            "/flags/mixed/environments/dev",
            Some(json!({"enabled": true})),
        );
        assert_eq!(on.await.status, 200);
        let served = place.served("dev").await;
        assert_eq!((&served["mixed"]["value"], &served["mixed"]["variation"]), (&json!(true), &json!(2)));
        let again = place.post(&place.developer, PATH, overwrite("dev", served.clone())).await;
        assert_eq!(again.status, 200, "{again:?}");
        assert_eq!(place.served("dev").await, served);
    })
    .await;
}

/// What is answered can be imported, whatever else the environment has: a flag that cannot be read is left out.
#[tokio::test]
async fn what_is_answered_can_be_imported() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let mut flags = file();
        flags["nothing"] = one(json!(null), json!(1))["flag"].clone();
        assert_eq!(place.post(&place.developer, PATH, into("dev", flags.clone())).await.status, 200);
        place.workspace.flag("broken").await;
        let broken = "UPDATE environment_document SET document = '{}' WHERE key = 'broken'";
        place.kit().database.execute(broken).await;
        let key = place.workspace.api_key("dev", KeyKind::Server).await;
        let services = place.kit().another_node().await;
        let machines = crate::client::with(api::Api {
            services,
            schema_steps: crate::client::STEPS,
            proxies: 1,
            shared_max_age: 0,
        });
        let request = Request::get("/api/v1/environments/dev/flags");
        let request = request.header(AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).unwrap();
        let answer = crate::client::send(&machines, request).await;
        assert_eq!(answer.body, flags);
        let there = place.another().await;
        let imported = there.post(&there.developer, PATH, into("prod", answer.body)).await;
        assert_eq!(imported.status, 200, "{imported:?}");
        assert_eq!(there.served("prod").await, flags);
    })
    .await;
}
