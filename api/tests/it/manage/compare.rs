//! Environments beside each other, and flags from one to another.

use serde_json::{Value, json};
use testkit::each;

use super::Who;
use super::targeting::Targeting;

const DEV: &str = "/flags/menu/environments/dev";
const STAGING: &str = "/flags/menu/environments/staging";

fn rule(id: &str, variation: &str) -> Value {
    let when = json!({"attribute": "plan", "op": "eq", "values": [id]});
    json!({"id": id, "when": when, "serve": {"variation": variation}})
}

fn promotion(more: Value) -> Value {
    let mut body = json!({"from": "dev", "to": "staging"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// Each flag's outcome by its key.
fn outcomes(answer: &Value) -> Vec<(&str, &str)> {
    let flags = answer["flags"].as_array().unwrap().iter();
    flags.map(|flag| (flag["flag"].as_str().unwrap(), flag["outcome"].as_str().unwrap())).collect()
}

/// What two environments do differently is told place by place; who compares changes nothing.
#[tokio::test]
async fn differences_are_told_place_by_place() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.workspace.flag("other").await;
        at.done("PATCH", STAGING, json!({"rules": [rule("a", "on"), rule("b", "on")]})).await;
        let rules = json!([rule("b", "on"), rule("a", "off"), rule("c", "on")]);
        at.done("PATCH", DEV, json!({"enabled": true, "rules": rules})).await;
        let body = json!({"from": "dev", "to": "staging"});
        let before = at.stored().await;
        let compared = at.ask(&at.member, "POST", "/compare", Some(body.clone())).await;
        assert_eq!(at.stored().await, before);
        let expected = json!({"from": "dev", "to": "staging", "flags": [
            {"flag": "menu", "status": "differs", "from_version": 2, "to_version": 2, "differences": [
                {"path": "enabled", "from": true, "to": false},
                {"path": "rules", "from": ["b", "a"], "to": ["a", "b"]},
                {"path": "rules[a].serve.variation", "from": "off", "to": "on"},
                {"path": "rules[c]", "from": rule("c", "on")},
            ]},
            {"flag": "other", "status": "same", "from_version": 1, "to_version": 1, "differences": []},
        ]});
        let sorted = |value: &Value| {
            let mut value = value.clone();
            for flag in value["flags"].as_array_mut().unwrap() {
                flag["differences"].as_array_mut().unwrap().sort_by_key(|it| it["path"].to_string());
            }
            value
        };
        assert_eq!(sorted(&compared.body), sorted(&expected));
        let one = at.done("POST", "/compare", json!({"from": "dev", "to": "prod", "flags": ["other"]})).await;
        assert_eq!(one["flags"].as_array().unwrap().len(), 1);

        at.ask(&Who::Nobody, "POST", "/compare", Some(body.clone())).await.error(401, "unauthenticated");
        at.ask(&at.outsider, "POST", "/compare", Some(body)).await.error(404, "not_found");
        for missing in
            [json!({"from": "dev", "to": "other"}), json!({"from": "dev", "to": "prod", "flags": ["gone"]})]
        {
            at.refused("POST", "/compare", missing, (404, "not_found")).await;
        }
        at.invalid("POST", "/compare", json!({"from": "dev", "to": "Prod"}), &["to"]).await;
        at.invalid("POST", "/compare", json!({"from": "dev", "to": "prod", "flags": ["a b"]}), &["flags[0]"])
            .await;
        let many: Vec<_> = (0..1001).map(|number| format!("flag-{number}")).collect();
        at.invalid("POST", "/compare", json!({"from": "dev", "to": "prod", "flags": many}), &["flags"]).await;
    })
    .await;
}

/// One flag that cannot be read does not keep the others from being compared and promoted.
#[tokio::test]
async fn what_cannot_be_read_is_left_alone() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.workspace.flag("other").await;
        at.done("PATCH", "/flags/other/environments/dev", json!({"rules": [rule("a", "on")]})).await;
        let database = &at.manage.kit.database;
        database.execute("UPDATE flag_configuration SET body = '{}' WHERE flag_id = (SELECT id FROM flag WHERE key = 'menu')").await;
        let compared = at.done("POST", "/compare", json!({"from": "dev", "to": "staging"})).await;
        assert_eq!(compared["flags"][0]["status"], "unreadable");
        assert_eq!(compared["flags"][1]["status"], "differs");
        let promoted = at.done("POST", "/promote", promotion(json!({}))).await;
        assert_eq!(outcomes(&promoted), [("menu", "unreadable"), ("other", "promoted")]);
    })
    .await;
}

/// Promoted flags do what they do elsewhere, but are not switched on by it; all in one revision with an entry each.
#[tokio::test]
async fn flags_are_promoted_together() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        for flag in ["other", "same"] {
            at.workspace.flag(flag).await;
        }
        at.done("PATCH", DEV, json!({"enabled": true, "rules": [rule("a", "on")]})).await;
        // Each needs the other's flag to be there, and the second the first one's variation.
        at.done("PATCH", "/flags/other/environments/dev", json!({
            "prerequisites": [{"flag": "menu", "variations": ["on"]}],
        }))
        .await;
        let entries = at.manage.kit.audit_entries().await;
        let dry = at.done("POST", "/promote", promotion(json!({"dry_run": true}))).await;
        let planned = [("menu", "promoted"), ("other", "promoted"), ("same", "same")];
        assert_eq!((outcomes(&dry), &dry["revision"]), (planned.to_vec(), &Value::Null));
        assert_eq!(dry["flags"][0]["differences"], json!([{"path": "rules[a]", "from": rule("a", "on")}]));
        assert_eq!(at.ask(&at.member, "GET", STAGING, None).await.body["version"], 1);
        assert_eq!(at.manage.kit.audit_entries().await, entries);

        let done = at.done("POST", "/promote", promotion(json!({"comment": "release"}))).await;
        assert_eq!((outcomes(&done), &done["revision"]), (planned.to_vec(), &json!(4)));
        assert_eq!(done["flags"], dry["flags"]);
        let staged = at.ask(&at.member, "GET", STAGING, None).await.body;
        assert_eq!((&staged["enabled"], &staged["version"], &staged["revision"]), (&json!(false), &json!(2), &json!(4)));
        assert_eq!(staged["rules"], json!([rule("a", "on")]));
        let log = at.manage.kit.database.rows(
            "SELECT resource_key, revision, comment FROM audit_event WHERE action = 'flag.targeting_promoted' ORDER BY seq",
        );
        let log: Vec<_> = log.await.iter().map(|row| json!([row["resource_key"], row["revision"], row["comment"]])).collect();
        assert_eq!(log, [json!(["menu", 4, "release"]), json!(["other", 4, "release"])]);
        let verdict = at.manage.kit.services.audit().verify(&at.workspace.owner, &at.workspace.organization).await;
        assert!(matches!(verdict.unwrap(), service::audit::Verdict::Whole(_)));

        // What is the same is not promoted again.
        let before = at.stored().await;
        let again = at.done("POST", "/promote", promotion(json!({}))).await;
        assert_eq!(again["revision"], Value::Null);
        assert_eq!(at.stored().await, before);
        let switched = at.done("POST", "/promote", promotion(json!({"fields": "enabled"}))).await;
        assert_eq!(outcomes(&switched), [("menu", "promoted"), ("other", "same"), ("same", "same")]);
        assert_eq!(at.ask(&at.member, "GET", STAGING, None).await.body["enabled"], true);
        let one = at.done("POST", "/promote", json!({"from": "dev", "to": "prod", "fields": "all", "flags": ["menu"]})).await;
        assert_eq!(outcomes(&one), [("menu", "promoted")]);
        let served = at.evaluate("prod", "menu", &[json!({"userId": "u", "plan": "a"})]).await;
        assert_eq!(served, [json!(["on", "segment_match"])]);
    })
    .await;
}

/// Somebody killed a flag: promoting its targeting does not look at that, and promoting all does not undo it unasked.
#[tokio::test]
async fn a_kill_outlives_a_promotion_of_targeting() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.done("PATCH", DEV, json!({"enabled": true, "rules": [rule("a", "on")]})).await;
        at.done("POST", "/promote", promotion(json!({"fields": "all"}))).await;
        at.done("POST", &format!("{STAGING}/kill"), json!({})).await;
        at.done("PATCH", DEV, json!({"rules": [rule("b", "on")]})).await;
        let targeting = at.done("POST", "/promote", promotion(json!({"fields": "targeting"}))).await;
        assert_eq!(outcomes(&targeting), [("menu", "promoted")]);
        for fields in ["all", "enabled"] {
            at.refused("POST", "/promote", promotion(json!({"fields": fields})), (409, "conflict")).await;
        }
        assert_eq!(at.ask(&at.member, "GET", STAGING, None).await.body["enabled"], false);

        // Nor does promoting the state hide that somebody changed the targeting.
        at.done("PATCH", STAGING, json!({"rules": [rule("fix", "off")]})).await;
        let state = promotion(json!({"fields": "enabled", "conflict": "overwrite"}));
        at.done("POST", "/promote", state).await;
        at.done("PATCH", DEV, json!({"rules": [rule("c", "on")]})).await;
        at.refused("POST", "/promote", promotion(json!({})), (409, "conflict")).await;
    })
    .await;
}

/// A flag that somebody changed in the meantime fails the whole, or is left out, or is overwritten: as is asked.
#[tokio::test]
async fn a_conflict_is_dealt_with_as_asked() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.workspace.flag("other").await;
        for flag in ["menu", "other"] {
            at.done("PATCH", &format!("/flags/{flag}/environments/dev"), json!({"rules": [rule("a", "on")]}))
                .await;
        }
        // To switch it is no change of what is taken over.
        at.done("PATCH", STAGING, json!({"enabled": true})).await;
        assert_eq!(
            outcomes(&at.done("POST", "/promote", promotion(json!({"dry_run": true}))).await),
            [("menu", "promoted"), ("other", "promoted")]
        );
        at.done("PATCH", STAGING, json!({"rules": [rule("fix", "off")]})).await;
        let refused = at.refused("POST", "/promote", promotion(json!({})), (409, "conflict")).await;
        let message = refused.body["error"]["message"].as_str().unwrap();
        assert!(message.contains("`menu`") && !message.contains("`other`"), "{message}");
        let dry = at.done("POST", "/promote", promotion(json!({"dry_run": true}))).await;
        assert_eq!(outcomes(&dry), [("menu", "conflict"), ("other", "promoted")]);

        // The author saw it so, or did not.
        let seen = |version: i64| promotion(json!({"versions": {"menu": version}, "dry_run": true}));
        assert_eq!(outcomes(&at.done("POST", "/promote", seen(3)).await)[0], ("menu", "promoted"));
        assert_eq!(outcomes(&at.done("POST", "/promote", seen(2)).await)[0], ("menu", "conflict"));
        let stale = promotion(json!({"versions": {"menu": 2}}));
        let refused = at.refused("POST", "/promote", stale, (409, "conflict")).await;
        assert_eq!(refused.body["error"]["details"], json!({"seen": 2, "current": 3}));

        let skipped = at.done("POST", "/promote", promotion(json!({"conflict": "skip"}))).await;
        assert_eq!(outcomes(&skipped), [("menu", "skipped"), ("other", "promoted")]);
        assert_eq!(at.ask(&at.member, "GET", STAGING, None).await.body["version"], 3);
        let overwritten = at.done("POST", "/promote", promotion(json!({"conflict": "overwrite"}))).await;
        assert_eq!(outcomes(&overwritten), [("menu", "promoted"), ("other", "same")]);
        let staged = at.ask(&at.member, "GET", STAGING, None).await.body;
        assert_eq!((&staged["rules"], &staged["enabled"]), (&json!([rule("a", "on")]), &json!(true)));
        // From here on it was promoted last.
        at.done("PATCH", DEV, json!({"rules": [rule("b", "on")]})).await;
        assert_eq!(
            outcomes(&at.done("POST", "/promote", promotion(json!({}))).await)[0],
            ("menu", "promoted")
        );
    })
    .await;
}

/// What would not work there is refused with its flag, and nothing is promoted.
#[tokio::test]
async fn what_would_not_work_is_refused_with_its_flag() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        for flag in ["other", "third"] {
            at.workspace.flag(flag).await;
        }
        let needs = |flag: &str| json!({"prerequisites": [{"flag": flag, "variations": ["on"]}]});
        at.done("PATCH", DEV, needs("other")).await;
        at.done("PATCH", "/flags/third/environments/dev", json!({"rules": [rule("a", "on")]})).await;
        at.done("PATCH", "/flags/other/environments/staging", needs("menu")).await;
        let body = promotion(json!({"flags": ["menu", "third"]}));
        at.invalid("POST", "/promote", body.clone(), &["flags.menu.prerequisites", "flags"]).await;
        at.invalid(
            "POST",
            "/promote",
            promotion(json!({"flags": ["menu"], "dry_run": true})),
            &["flags.menu.prerequisites", "flags"],
        )
        .await;

        at.invalid("POST", "/promote", promotion(json!({"versions": {"mneu": 1}})), &["versions.mneu"]).await;
        at.invalid("POST", "/promote", promotion(json!({"to": "dev"})), &["to"]).await;
        at.invalid("POST", "/promote", promotion(json!({"fields": "most"})), &["fields"]).await;
        at.invalid("POST", "/promote", promotion(json!({"conflict": "merge"})), &["conflict"]).await;
        at.refused("POST", "/promote", promotion(json!({"from": "other"})), (404, "not_found")).await;
        at.refused("POST", "/promote", promotion(json!({"to": "other"})), (404, "not_found")).await;
        at.refused("POST", "/promote", promotion(json!({"flags": ["gone"]})), (404, "not_found")).await;
        at.keeps_others_out("POST", "/promote", Some(promotion(json!({"flags": ["third"]})))).await;
    })
    .await;
}

/// Into a protected environment an admin promotes, and says why; to see what would happen takes no reason.
#[tokio::test]
async fn protection_is_heeded_where_flags_go() {
    each(async |kit| {
        let at = Targeting::over(kit).await;
        at.protect("prod").await;
        at.done("PATCH", DEV, json!({"rules": [rule("a", "on")]})).await;
        let body = |mut more: Value| {
            more["to"] = json!("prod");
            Some(promotion(more))
        };
        let before = at.stored().await.0;
        at.ask(&at.developer, "POST", "/promote", body(json!({"comment": "why"})))
            .await
            .error(403, "forbidden");
        at.ask(&at.admin, "POST", "/promote", body(json!({}))).await.invalid("comment");
        let dry = at.ask(&at.admin, "POST", "/promote", body(json!({"dry_run": true}))).await;
        assert_eq!((dry.status.as_u16(), outcomes(&dry.body)), (200, vec![("menu", "promoted")]));
        assert_eq!(at.stored().await.0, before);
        let done = at.ask(&at.admin, "POST", "/promote", body(json!({"comment": "why"}))).await;
        assert_eq!((done.status.as_u16(), &done.body["revision"]), (200, &json!(2)));
        // From where it is protected it is only read.
        at.done("PATCH", DEV, json!({"rules": []})).await;
        let back = json!({"from": "prod", "to": "dev", "conflict": "overwrite"});
        assert_eq!(outcomes(&at.done("POST", "/promote", back).await), [("menu", "promoted")]);
    })
    .await;
}
