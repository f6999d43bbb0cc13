//! What flags do in each environment: seen, changed, replaced, switched, purged.

use domain::flags::ArchiveFlag;
use engine::ruleset::Kind;
use serde_json::{Value, json};
use testkit::each;

use super::Who;
use super::targeting::Targeting;

const DEV: &str = "/flags/menu/environments/dev";
const PROD: &str = "/flags/menu/environments/prod";

fn test(attribute: &str, op: &str, values: &[&str]) -> Value {
    json!({"attribute": attribute, "op": op, "values": values})
}

/// A configuration is seen whole by everybody in the organization, with a tag that changes with it.
#[tokio::test]
async fn a_configuration_is_seen_whole() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        let seen = at.ask(&at.member, "GET", DEV, None).await;
        let expected = json!({
            "flag": "menu", "environment": "dev", "version": 1, "revision": 1,
            "updated_at": at.manage.kit.services.now().0, "kind": "boolean", "enabled": false, "off_variation": "off",
            "track_events": false, "window": null, "prerequisites": [], "overrides": [], "rules": [], "fallthrough": {"variation": "on"},
            "simple": {"enabled": false, "rollout_pct": null, "rules": []}, "warnings": [],
        });
        assert_eq!((seen.status.as_u16(), &seen.body), (200, &expected));
        let tag = seen.headers["etag"].clone();
        assert_eq!(at.ask(&at.admin, "GET", DEV, None).await.headers["etag"], tag);
        at.done("PATCH", DEV, json!({"enabled": true})).await;
        assert_ne!(at.ask(&at.member, "GET", DEV, None).await.headers["etag"], tag);

        at.ask(&Who::Nobody, "GET", DEV, None).await.error(401, "unauthenticated");
        at.ask(&at.outsider, "GET", DEV, None).await.error(404, "not_found");
        for nowhere in ["/flags/other/environments/dev", "/flags/menu/environments/other", "/flags/%20/environments/dev"] {
            at.ask(&at.member, "GET", nowhere, None).await.error(404, "not_found");
        }
    })
    .await;
}

/// What is left out of a change stays as it is, and null clears a window.
#[tokio::test]
async fn a_change_leaves_the_rest_alone() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        let rule = json!({"id": "beta", "name": "Beta", "when": test("plan", "eq", &["pro"]), "serve": {"variation": "on"}});
        let overrides = json!([{"match": {"userId": ["user-1"]}, "variation": "on"}]);
        let mut expected = at.done("PATCH", DEV, json!({"comment": "first", "rules": [rule]})).await;
        for (field, value) in [
            ("window", json!({"until": 5_000_000_000_000_i64})),
            ("overrides", overrides),
            ("fallthrough", json!({"variation": "off"})),
            ("off_variation", json!("on")),
            ("enabled", json!(true)),
            ("track_events", json!(true)),
            ("window", Value::Null),
            ("rules", json!([])),
        ] {
            let after = at.done("PATCH", DEV, json!({field: value})).await;
            expected[field] = value;
            for counted in ["version", "revision"] {
                expected[counted] = json!(expected[counted].as_i64().unwrap() + 1);
            }
            expected["simple"] = after["simple"].clone();
            assert_eq!(after, expected, "{field}");
            assert_eq!(at.ask(&at.member, "GET", DEV, None).await.body, expected, "{field}");
        }
        assert_eq!(expected["version"], 10);
        let entry = at.newest_entry().await;
        assert_eq!((&entry["action"], &entry["revision"]), (&json!("flag.configured"), &json!(10)));
        at.keeps_others_out("PATCH", DEV, Some(json!({"off_variation": "off"}))).await;
        for nowhere in ["/flags/other/environments/dev", "/flags/menu/environments/other"] {
            at.refused("PATCH", nowhere, json!({"off_variation": "off"}), (404, "not_found")).await;
        }
    })
    .await;
}

/// Only to switch is a switch, with its right and its rules: off heeds no version and no protection.
#[tokio::test]
async fn to_change_enabled_alone_is_a_switch() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.protect("prod").await;
        assert_eq!(at.done("PATCH", DEV, json!({"enabled": true, "version": 1})).await["version"], 2);
        assert_eq!(at.newest_entry().await["action"], "flag.enabled");
        let stale = at.refused("PATCH", DEV, json!({"enabled": true, "version": 1}), (409, "conflict")).await;
        assert_eq!(stale.body["error"]["details"], json!({"seen": 1, "current": 2}));
        assert_eq!(at.done("PATCH", DEV, json!({"enabled": false, "version": 1})).await["enabled"], false);
        assert_eq!(at.newest_entry().await["action"], "flag.killed");

        let on = at.ask(&at.admin, "PATCH", PROD, Some(json!({"enabled": true, "comment": "now"}))).await;
        assert_eq!((on.status.as_u16(), &on.body["enabled"]), (200, &json!(true)));
        assert_eq!(at.done("PATCH", PROD, json!({"enabled": false})).await["enabled"], false);
        let before = at.stored().await;
        for body in [json!({"enabled": true}), json!({"enabled": false, "off_variation": "on"})] {
            at.ask(&at.developer, "PATCH", PROD, Some(body.clone())).await.error(403, "forbidden");
            at.ask(&at.admin, "PATCH", PROD, Some(body)).await.invalid("comment");
        }
        assert_eq!(at.stored().await.0, before.0);
    })
    .await;
}

/// Whoever saw another version is told both; a body that says what it must not is refused with the field.
#[tokio::test]
async fn a_change_against_the_rules_names_its_field() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.workspace.flag("other").await;
        at.done(
            "PATCH",
            "/flags/other/environments/dev",
            json!({
                "prerequisites": [{"flag": "menu", "variations": ["on"]}],
            }),
        )
        .await;
        let rule = |when: Value| json!({"rules": [{"id": "a", "when": when, "serve": {"variation": "on"}}]});
        let nested = |inner: Value| rule(json!({"all": [test("a", "eq", &["b"]), {"not": inner}]}));
        let rollout = |weights: Value| json!({"fallthrough": {"rollout": {"weights": weights}}});
        let cases: Vec<(Value, &[&str])> = vec![
            (json!({"enabled": null}), &["enabled"]),
            (json!({"rules": null}), &["rules"]),
            (json!({"off_variation": "gone"}), &["off_variation"]),
            (
                json!({"off_variation": "gone", "fallthrough": {"variation": "lost"}}),
                &["off_variation", "fallthrough.variation"],
            ),
            (json!({"window": {"from": 5, "until": 5}}), &["window.until"]),
            (json!({"window": {"since": 5}}), &["window.since"]),
            (json!({"window": []}), &["window"]),
            (json!({"overrides": [{"match": {}, "variation": "on"}]}), &["overrides[0].match"]),
            (
                json!({"overrides": [{"match": {"a": ["b"]}, "variation": "gone"}]}),
                &["overrides[0].variation"],
            ),
            (rollout(json!([{"variation": "on", "weight": 99_999}])), &["fallthrough.rollout.weights"]),
            (
                rollout(json!([{"variation": "gone", "weight": 100_000}])),
                &["fallthrough.rollout.weights[0].variation"],
            ),
            (
                json!({"fallthrough": {"rollout": {
                    "weights": [{"variation": "on", "weight": 100_000}], "ramp": {"steps": []},
                }}}),
                &["fallthrough.rollout.ramp.steps"],
            ),
            (nested(test("a", "matches", &["good", "("])), &["rules[0].when.all[1].not.values[1]"]),
            (nested(test("a", "semver_gt", &["one"])), &["rules[0].when.all[1].not.values[0]"]),
            (
                nested(json!({"op": "in_segment", "values": ["gone"]})),
                &["rules[0].when.all[1].not.values[0]"],
            ),
            (nested(test("a", "eq", &[])), &["rules[0].when.all[1].not.values"]),
            (nested(test("a", "equals", &["b"])), &["rules[0].when.all[1].not.op"]),
            (rule(json!({"all": [], "op": "eq"})), &["rules[0].when"]),
            (
                json!({"rules": [
                    {"id": "same", "when": {"all": []}, "serve": {"variation": "on"}},
                    {"id": "same", "when": {"all": []}, "serve": {"variation": "on"}},
                ]}),
                &["rules[1].id"],
            ),
            (json!({"rules": [{"id": "a", "serve": {"variation": "on"}}]}), &["rules[0]"]),
            (json!({"rules": [{"id": "a", "op": "eq"}]}), &["rules[0]"]),
            (
                json!({"rules": [{"id": "a", "when": {"all": []}, "serves": {"variation": "on"}}]}),
                &["rules[0].serves"],
            ),
            (json!({"prerequisites": [{"flag": "other", "variations": ["on"]}]}), &["prerequisites"]),
            (json!({"prerequisites": [{"flag": "gone", "variations": ["on"]}]}), &["prerequisites[0].flag"]),
            (json!({"off_variation": "off\u{0}"}), &["", "off_variation"]),
            (json!({"enabled": true, "comment": "a\u{0}"}), &["comment"]),
            (json!({"enabled": true, "comment": "x".repeat(2001)}), &["comment"]),
            (json!({"rollout_pct": 25.0001}), &["rollout_pct"]),
            (json!({"rollout_pct": 100.5}), &["rollout_pct"]),
            (json!({"rollout_pct": "25"}), &["rollout_pct"]),
            (json!({"rollout_percent": 25}), &["rollout_percent"]),
        ];
        for (body, paths) in cases {
            at.invalid("PATCH", DEV, body, paths).await;
        }
        let stale = json!({"off_variation": "on", "version": 7});
        let answer = at.refused("PATCH", DEV, stale, (409, "conflict")).await;
        assert_eq!(answer.body["error"]["details"], json!({"seen": 7, "current": 1}));
    })
    .await;
}

/// What contradicts itself is saved, with a warning at its place.
#[tokio::test]
async fn a_contradiction_is_a_warning() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        let when = json!({"all": [test("plan", "eq", &["pro"]), test("plan", "eq", &["free"]), test("plan", "neq", &["pro"])]});
        let rules = json!([
            {"id": "fine", "when": test("plan", "eq", &["pro"]), "serve": {"variation": "on"}},
            {"id": "odd", "when": when, "serve": {"variation": "on"}},
        ]);
        let changed = at.done("PATCH", DEV, json!({"rules": rules})).await;
        let expected = json!([
            {"path": "rules[1].when.all[1]",
                "message": "contradicts `plan eq \"pro\"` (all[0]): holds only for a list that has both"},
            {"path": "rules[1].when.all[2]", "message": "contradicts `plan eq \"pro\"` (all[0]): never holds"},
        ]);
        assert_eq!(changed["warnings"], expected);
        assert_eq!(at.ask(&at.member, "GET", DEV, None).await.body["warnings"], expected);
    })
    .await;
}

/// A boolean and a percentage flag: the share of everybody, which keeps what decides who is who.
#[tokio::test]
async fn a_share_of_everybody_is_the_fallthrough() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.flag("share", Kind::Percentage, &["more"]).await;
        for path in [DEV, "/flags/share/environments/dev"] {
            let rollout = |pct: u32, seed: Value| {
                let weights =
                    json!([{"variation": "on", "weight": pct}, {"variation": "off", "weight": 100_000 - pct}]);
                let mut rollout = json!({"algorithm": "togglebit", "weights": weights});
                if !seed.is_null() {
                    rollout["seed"] = seed;
                    rollout["bucket_by"] = json!("tenant");
                }
                json!({"rollout": rollout})
            };
            let changed = at.done("PATCH", path, json!({"rollout_pct": 33.333, "enabled": true})).await;
            assert_eq!(changed["fallthrough"], rollout(33_333, Value::Null));
            assert_eq!(changed["simple"], json!({"enabled": true, "rollout_pct": 33.333, "rules": []}));
            let mut seeded = rollout(33_333, json!("campaign"));
            seeded["rollout"]["ramp"] = json!({"steps": [{"at": 5, "weights": seeded["rollout"]["weights"]}]});
            let ramped = at.done("PATCH", path, json!({"fallthrough": seeded})).await;
            assert_eq!(ramped["simple"], Value::Null);
            let changed = at.done("PATCH", path, json!({"rollout_pct": 50})).await;
            assert_eq!(changed["fallthrough"], rollout(50_000, json!("campaign")));
            assert_eq!(changed["simple"]["rollout_pct"], 50);
            let changed = at.done("PATCH", path, json!({"rollout_pct": null})).await;
            assert_eq!(changed["fallthrough"], json!({"variation": "on"}));
            assert_eq!(changed["simple"]["rollout_pct"], Value::Null);
            // Rules of the general form may stand beside it.
            let rules = json!([{"id": "a", "when": {"all": []}, "serve": {"variation": "off"}}]);
            let changed = at.done("PATCH", path, json!({"rollout_pct": 5, "rules": rules})).await;
            assert_eq!((&changed["rules"][0]["id"], &changed["simple"]), (&json!("a"), &Value::Null));

            at.invalid("PATCH", path, json!({"rollout_pct": 5, "fallthrough": {"variation": "on"}}), &["rollout_pct"]).await;
            at.invalid("PATCH", path, json!({"rules": [test("plan", "eq", &["pro"])]}), &["rules[0]"]).await;
        }
        let three = json!([
            {"variation": "on", "weight": 20_000}, {"variation": "more", "weight": 20_000}, {"variation": "off", "weight": 60_000},
        ]);
        let path = "/flags/share/environments/dev";
        at.done("PATCH", path, json!({"fallthrough": {"rollout": {"weights": three}}})).await;
        at.invalid("PATCH", path, json!({"rollout_pct": 50}), &["rollout_pct"]).await;
        at.flag("free", Kind::Advanced, &[]).await;
        for body in [json!({"rollout_pct": 50}), json!({"rules": [test("plan", "eq", &["pro"])]})] {
            let field = if body["rules"].is_null() { "rollout_pct" } else { "rules[0]" };
            at.invalid("PATCH", "/flags/free/environments/dev", body, &[field]).await;
        }
    })
    .await;
}

/// A segment flag: whom all tests let through is served the first variation, and nobody else.
#[tokio::test]
async fn tests_become_one_rule() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.flag("team", Kind::Segment, &[]).await;
        let path = "/flags/team/environments/dev";
        let tests = json!([test("plan", "in", &["pro", "team"]), test("country", "eq", &["AT"])]);
        let changed = at.done("PATCH", path, json!({"enabled": true, "rules": tests})).await;
        assert_eq!(
            changed["rules"],
            json!([{"id": "simple", "when": {"all": tests}, "serve": {"variation": "on"}}])
        );
        assert_eq!(changed["fallthrough"], json!({"variation": "off"}));
        assert_eq!(changed["simple"], json!({"enabled": true, "rollout_pct": null, "rules": tests}));
        let both = json!({"userId": "u", "plan": "pro", "country": "AT"});
        let one = json!({"userId": "u", "plan": "pro"});
        let served = at.evaluate("dev", "team", &[both.clone(), one.clone()]).await;
        assert_eq!(served, [json!(["on", "segment_match"]), json!(["off", "segment_no_match"])]);
        // What it says in short leads to the same.
        let again = at.done("PATCH", path, changed["simple"].clone()).await;
        assert_eq!((&again["rules"], &again["simple"]), (&changed["rules"], &changed["simple"]));

        let wrong = json!({"rules": [test("plan", "eq", &["pro"]), test("plan", "matches", &["a", "("])]});
        at.invalid("PATCH", path, wrong, &["rules[1].values[1]"]).await;
        at.invalid("PATCH", path, json!({"rules": [test("plan", "eq", &[])]}), &["rules[0].values"]).await;
        at.invalid(
            "PATCH",
            path,
            json!({"rules": [{"op": "in_segment", "values": ["gone"]}]}),
            &["rules[0].values[0]"],
        )
        .await;
        at.invalid("PATCH", path, json!({"rollout_pct": 50}), &["rollout_pct"]).await;
        let rule = json!({"id": "a", "when": {"all": []}, "serve": {"variation": "on"}});
        at.invalid("PATCH", path, json!({"rules": [test("plan", "eq", &["pro"]), rule]}), &["rules[1]"])
            .await;
        let fixed = json!({"rules": tests, "fallthrough": {"variation": "on"}});
        at.invalid("PATCH", path, fixed, &["fallthrough"]).await;

        let nobody = at.done("PATCH", path, json!({"rules": []})).await;
        assert_eq!(nobody["simple"], json!({"enabled": true, "rollout_pct": null, "rules": []}));
        let served = at.evaluate("dev", "team", &[both]).await;
        assert_eq!(served[0][0], "off");
    })
    .await;
}

/// A combined flag: a share of whom all tests let through. Each can be changed without the other.
#[tokio::test]
async fn a_share_of_whom_tests_let_through() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.flag("some", Kind::Combined, &[]).await;
        let path = "/flags/some/environments/dev";
        at.invalid("PATCH", path, json!({"rollout_pct": 50}), &["rollout_pct"]).await;
        at.invalid("PATCH", path, json!({"rollout_pct": 50, "rules": []}), &["rollout_pct"]).await;
        let tests = json!([test("plan", "eq", &["pro"])]);
        let all = at.done("PATCH", path, json!({"rules": tests, "enabled": true})).await;
        assert_eq!(all["simple"], json!({"enabled": true, "rollout_pct": 100, "rules": tests}));
        let served = at
            .evaluate("dev", "some", &[json!({"userId": "u", "plan": "pro"}), json!({"userId": "u"})])
            .await;
        assert_eq!(served, [json!(["on", "segment_and_percentage"]), json!(["off", "segment_no_match"])]);

        let mut rules = at.done("PATCH", path, json!({"rollout_pct": 20})).await["rules"].clone();
        assert_eq!(rules[0]["serve"]["rollout"]["weights"][0], json!({"variation": "on", "weight": 20_000}));
        rules[0]["serve"]["rollout"]["seed"] = json!("campaign");
        at.done("PATCH", path, json!({"rules": rules})).await;
        let others = json!([test("plan", "eq", &["team"])]);
        let changed = at.done("PATCH", path, json!({"rules": others})).await;
        assert_eq!(changed["rules"][0]["serve"], rules[0]["serve"], "the share stays");
        let changed = at.done("PATCH", path, json!({"rollout_pct": 30})).await;
        assert_eq!(changed["rules"][0]["serve"]["rollout"]["seed"], "campaign");
        assert_eq!(changed["simple"], json!({"enabled": true, "rollout_pct": 30, "rules": others}));

        let general = json!([{"id": "a", "when": {"all": []}, "serve": {"variation": "on"}}]);
        at.invalid("PATCH", path, json!({"rollout_pct": 5, "rules": general}), &["rollout_pct"]).await;
        let several = json!([general[0], {"id": "b", "when": {"all": []}, "serve": {"variation": "on"}}]);
        assert_eq!(at.done("PATCH", path, json!({"rules": several})).await["simple"], Value::Null);
        at.invalid("PATCH", path, json!({"rollout_pct": 5}), &["rollout_pct"]).await;
    })
    .await;
}

/// To replace says everything: what is left out is empty.
#[tokio::test]
async fn to_replace_says_everything() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.done("PATCH", DEV, json!({"overrides": [{"match": {"userId": ["user-1"]}, "variation": "on"}], "window": {"from": 1}})).await;
        let whole = json!({"enabled": true, "off_variation": "on", "fallthrough": {"variation": "off"}, "version": 2});
        let replaced = at.done("PUT", DEV, whole.clone()).await;
        assert_eq!((&replaced["overrides"], &replaced["window"]), (&json!([]), &Value::Null));
        assert_eq!((&replaced["enabled"], &replaced["off_variation"], &replaced["version"]), (&json!(true), &json!("on"), &json!(3)));
        assert_eq!(at.newest_entry().await["action"], "flag.configured");
        at.refused("PUT", DEV, whole.clone(), (409, "conflict")).await;
        at.keeps_others_out("PUT", DEV, Some(whole.clone())).await;
        at.refused("PUT", "/flags/other/environments/dev", whole.clone(), (404, "not_found")).await;
        for (field, value, path) in [
            ("off_variation", json!("gone"), "off_variation"),
            ("enabled", Value::Null, "enabled"),
            ("rollout_pct", json!(5), "rollout_pct"),
            ("rules", json!([{"id": "a", "when": test("a", "matches", &["("]), "serve": {"variation": "on"}}]), "rules[0].when.values[0]"),
        ] {
            let mut body = whole.clone();
            body[field] = value;
            body["version"] = json!(3);
            at.invalid("PUT", DEV, body, &[path]).await;
        }
    })
    .await;
}

/// The kill switch: at once, whatever the version, in a protected environment too, by a developer without a comment.
#[tokio::test]
async fn a_kill_needs_nothing_but_a_developer() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.protect("prod").await;
        let on = json!({"enabled": true, "comment": "now"});
        assert_eq!(at.ask(&at.admin, "PATCH", PROD, Some(on)).await.status, 200);
        let path = format!("{PROD}/kill");
        at.keeps_others_out("POST", &path, None).await;
        let killed = at.ask(&at.developer, "POST", &path, None).await;
        assert_eq!((killed.status.as_u16(), &killed.body["enabled"]), (200, &json!(false)));
        assert_eq!(at.newest_entry().await["action"], "flag.killed");
        assert_eq!(
            at.evaluate("prod", "menu", &[json!({"userId": "u"})]).await,
            [json!(["off", "flag_disabled"])]
        );
        at.done("POST", &path, json!({"comment": "twice"})).await;
        assert_eq!(at.newest_entry().await["comment"], "twice");
        at.refused("POST", "/flags/other/environments/prod/kill", json!({}), (404, "not_found")).await;
        at.invalid("POST", &path, json!({"comment": "x".repeat(2001)}), &["comment"]).await;
        at.invalid("POST", &path, json!({"version": 1}), &["version"]).await;
        at.workspace.flag("gone").await;
        let archive = ArchiveFlag {
            project: at.workspace.project.clone(),
            key: "gone".parse().unwrap(),
            comment: Some("a test".into()),
        };
        at.manage.kit.services.flags().archive(&at.workspace.admin, archive).await.unwrap();
        at.refused("POST", "/flags/gone/environments/dev/kill", json!({}), (404, "not_found")).await;
    })
    .await;
}

/// In a long list the value that is wrong is named; whether each of the others is, is asked of no more than that value.
#[tokio::test]
async fn a_fault_in_a_long_list_is_found() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        let mut networks: Vec<_> = (0..20_000).map(|n| format!("10.{}.{}.0/24", n / 256, n % 256)).collect();
        networks.push("10.0.0.0/33".to_owned());
        let rule = json!({
            "id": "a", "when": {"attribute": "ip", "op": "in_cidr", "values": networks}, "serve": {"variation": "on"}
        });
        at.invalid("PATCH", DEV, json!({"rules": [rule]}), &["rules[0].when.values[20000]"]).await;
    })
    .await;
}

/// A flag whose stored configuration cannot be read goes on being served, and can be killed and replaced. Killed, it has
/// the targeting that was served.
#[tokio::test]
async fn what_cannot_be_read_can_be_killed_and_replaced() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.done("PATCH", DEV, json!({"enabled": true, "rollout_pct": 40})).await;
        let database = &at.manage.kit.database;
        database.execute("UPDATE flag_configuration SET body = 'not json'").await;
        at.ask(&at.member, "GET", DEV, None).await.error(500, "internal");
        let killed = at.done("POST", &format!("{DEV}/kill"), json!({})).await;
        assert_eq!(
            (&killed["enabled"], &killed["version"], &killed["simple"]["rollout_pct"]),
            (&json!(false), &json!(3), &json!(40))
        );
        assert_eq!(at.evaluate("dev", "menu", &[json!({"userId": "u"})]).await, [json!(["off", "flag_disabled"])]);

        database.execute("UPDATE flag_configuration SET body = '{}'").await;
        database.execute("UPDATE environment_document SET document = 'not json' WHERE kind = 'flag'").await;
        let killed = at.done("PATCH", DEV, json!({"enabled": false})).await;
        assert_eq!((&killed["version"], &killed["fallthrough"]), (&json!(4), &json!({"variation": "on"})));
        // A kind that serves through rules serves "off" until it has some.
        for table in ["UPDATE flag SET kind = 'segment'", "UPDATE flag_configuration SET body = '{}'"] {
            database.execute(table).await;
        }
        database.execute("UPDATE environment_document SET document = 'not json' WHERE kind = 'flag'").await;
        let killed = at.done("PATCH", DEV, json!({"enabled": false})).await;
        assert_eq!((&killed["version"], &killed["fallthrough"]), (&json!(5), &json!({"variation": "off"})));
        database.execute("UPDATE flag SET kind = 'boolean'").await;
        database.execute("UPDATE flag_configuration SET body = '{}'").await;
        let whole = json!({"enabled": true, "off_variation": "off", "fallthrough": {"variation": "on"}, "version": 5});
        assert_eq!(at.done("PUT", DEV, whole).await["version"], 6);
        assert_eq!(at.evaluate("dev", "menu", &[json!({"userId": "u"})]).await, [json!(["on", "boolean"])]);
    })
    .await;
}

/// A toggle turns what is on off and what is off on, each with its right.
#[tokio::test]
async fn a_toggle_takes_the_right_of_its_direction() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.protect("prod").await;
        let path = format!("{DEV}/toggle");
        for (enabled, action) in [(true, "flag.enabled"), (false, "flag.killed"), (true, "flag.enabled")] {
            assert_eq!(at.done("POST", &path, json!({})).await["enabled"], enabled);
            assert_eq!(at.newest_entry().await["action"], action);
        }
        at.keeps_others_out("POST", &path, None).await;
        at.refused("POST", "/flags/other/environments/dev/toggle", json!({}), (404, "not_found")).await;
        at.refused("POST", "/flags/menu/environments/other/toggle", json!({}), (404, "not_found")).await;
        at.invalid("POST", &path, json!({"enabled": true}), &["enabled"]).await;
        let path = format!("{PROD}/toggle");
        let before = at.stored().await;
        at.ask(&at.developer, "POST", &path, None).await.error(403, "forbidden");
        at.ask(&at.admin, "POST", &path, None).await.invalid("comment");
        assert_eq!(at.stored().await.0, before.0);
        let on = at.ask(&at.admin, "POST", &path, Some(json!({"comment": "now"}))).await;
        assert_eq!((on.status.as_u16(), &on.body["enabled"]), (200, &json!(true)));
        assert_eq!(at.done("POST", &path, json!({})).await["enabled"], false);
    })
    .await;
}

/// A purge gives the environment another revision, and changes nothing that it serves.
#[tokio::test]
async fn a_purge_takes_a_revision() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.protect("prod").await;
        let path = "/environments/prod/purge";
        let tag = at.ask(&at.member, "GET", PROD, None).await.headers["etag"].clone();
        assert_eq!(
            at.done("POST", path, json!({})).await,
            json!({"environment": "prod", "revision": 2, "streams": 0})
        );
        assert_eq!(at.newest_entry().await["action"], "environment.purged");
        let purged = at.done("POST", path, json!({"flag": "menu", "comment": "stale"})).await;
        assert_eq!(purged["revision"], 3);
        let entry = at.newest_entry().await;
        assert_eq!((&entry["action"], &entry["resource_key"]), (&json!("flag.purged"), &json!("menu")));
        let rows = at.manage.kit.database.rows(
            "SELECT revision, purge FROM environment_revision WHERE purge IS NOT NULL ORDER BY revision",
        );
        let rows: Vec<_> = rows.await.iter().map(|row| json!([row["revision"], row["purge"]])).collect();
        assert_eq!(rows, [json!([2, ""]), json!([3, "menu"])]);
        let seen = at.ask(&at.member, "GET", PROD, None).await;
        assert_eq!((&seen.body["version"], &seen.body["revision"]), (&json!(1), &json!(3)));
        assert_ne!(seen.headers["etag"], tag);
        assert_eq!(
            at.evaluate("prod", "menu", &[json!({"userId": "u"})]).await,
            [json!(["off", "flag_disabled"])]
        );

        at.keeps_others_out("POST", path, Some(json!({}))).await;
        at.refused("POST", path, json!({"flag": "other"}), (404, "not_found")).await;
        at.refused("POST", "/environments/other/purge", json!({}), (404, "not_found")).await;
        at.invalid("POST", path, json!({"flag": "not a key"}), &["flag"]).await;
        at.invalid("POST", path, json!({"flags": []}), &["flags"]).await;
    })
    .await;
}
