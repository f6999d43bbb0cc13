use engine::ruleset::Prerequisite;
use serde_json::{Value, json};
use testkit::each;

use super::{Flags, keys};

/// What came of each flag: its key and status, in their order.
fn came(answer: &Value) -> Vec<(&str, &str)> {
    let results = answer["results"].as_array().unwrap();
    let came = results.iter().map(|result| {
        assert_eq!(result["reason"].is_string(), result["status"] == "refused", "{result}");
        (result["key"].as_str().unwrap(), result["status"].as_str().unwrap())
    });
    came.collect()
}

/// Flags are switched together: each that was not so already, with an entry of the log, in one revision.
#[tokio::test]
async fn flags_are_switched_together() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        for key in ["a", "b", "c", "gone"] {
            flags.flag(key).await;
        }
        flags.switch("b", "dev", true).await;
        flags.done_by(&flags.admin, "POST", "/gone/archive", json!({})).await;
        let revision = flags.revisions().await[0];
        let named = json!(["c", "b", "nope", "a", "gone", "c"]);
        let body = json!({"action": "enable", "keys": named, "environment": "dev", "comment": "lunch"});
        let answer = flags.done("POST", "/bulk", body.clone()).await;
        let expected =
            [("c", "done"), ("b", "unchanged"), ("nope", "refused"), ("a", "done"), ("gone", "refused")];
        assert_eq!(came(&answer), expected);
        let entry = |key: &str| ("flag.enabled".to_owned(), key.to_owned());
        assert_eq!(flags.logged(2).await, [entry("a"), entry("c")]);
        assert_eq!(flags.revisions().await[0], revision + 1);
        assert_eq!(keys(&flags.get("?environment=dev&state=on").await), ["a", "b", "c"]);
        assert_eq!(flags.get("/a").await["environments"]["dev"]["version"], 2);

        let (state, entries) = (flags.kit().state().await, flags.kit().audit_entries().await);
        let answer = flags.done("POST", "/bulk", body).await;
        assert_eq!(came(&answer)[0], ("c", "unchanged"));
        assert!(flags.kit().state().await == state);
        assert_eq!(flags.kit().audit_entries().await, entries);

        let body = json!({"action": "disable", "keys": ["a", "b"], "environment": "dev"});
        assert_eq!(came(&flags.done("POST", "/bulk", body).await), [("a", "done"), ("b", "done")]);
        assert_eq!(flags.served("dev", "a").await, json!(false));
        assert_eq!(flags.served("dev", "c").await, json!(true));
    })
    .await;
}

/// One flag that cannot be read keeps no other from being switched, and is switched off itself.
#[tokio::test]
async fn what_cannot_be_read_is_switched_off_with_the_others() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        for key in ["a", "b"] {
            flags.flag(key).await;
            flags.switch(key, "dev", true).await;
        }
        let body = |action: &str| json!({"action": action, "keys": ["a", "b"], "environment": "dev"});
        let spoil = "UPDATE flag_configuration SET body = 'not json' WHERE flag_id = (SELECT id FROM flag WHERE key = 'a')";
        flags.kit().database.execute(spoil).await;
        assert_eq!(came(&flags.done("POST", "/bulk", body("enable")).await), [("a", "refused"), ("b", "unchanged")]);
        assert_eq!(came(&flags.done("POST", "/bulk", body("disable")).await), [("a", "done"), ("b", "done")]);
        for key in ["a", "b"] {
            assert_eq!(flags.served("dev", key).await, json!(false));
        }
    })
    .await;
}

/// Tags are added and taken away, and reach no environment.
#[tokio::test]
async fn flags_are_tagged_together() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("a").await;
        let full: Vec<_> = (0..40).map(|number| format!("tag-{number}")).collect();
        flags.done("POST", "", json!({"name": "b", "tags": full})).await;
        flags.done("POST", "", json!({"name": "c", "tags": ["food", "web"]})).await;
        let revisions = flags.revisions().await;
        let body = |action: &str| json!({"action": action, "keys": ["a", "b", "c"], "tags": ["web", "food"]});
        let answer = flags.done("POST", "/bulk", body("tag")).await;
        assert_eq!(came(&answer), [("a", "done"), ("b", "refused"), ("c", "unchanged")]);
        let a = flags.get("/a").await;
        assert_eq!((&a["tags"], &a["version"]), (&json!(["food", "web"]), &json!(2)));
        let answer = flags.done("POST", "/bulk", body("untag")).await;
        assert_eq!(came(&answer), [("a", "done"), ("b", "unchanged"), ("c", "done")]);
        assert_eq!(keys(&flags.get("?tag=web").await), [""; 0]);
        assert_eq!(flags.revisions().await, revisions);
    })
    .await;
}

/// Flags that need each other are archived together; one that another flag needs stays, and what it needs with it.
#[tokio::test]
async fn flags_are_archived_together() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        for key in ["base", "middle", "top", "pair", "needs-pair"] {
            flags.flag(key).await;
        }
        let needs = |key: &str| vec![Prerequisite { flag: key.into(), variations: vec!["on".into()] }];
        flags.configure("middle", "dev", |it| it.prerequisites = needs("base")).await;
        flags.configure("top", "prod", |it| it.prerequisites = needs("middle")).await;
        flags.configure("needs-pair", "staging", |it| it.prerequisites = needs("pair")).await;
        let named = json!(["base", "middle", "pair", "needs-pair"]);
        let body = json!({"action": "archive", "keys": named});
        let answer = flags.done_by(&flags.admin, "POST", "/bulk", body.clone()).await;
        let expected = [("base", "refused"), ("middle", "refused"), ("pair", "done"), ("needs-pair", "done")];
        assert_eq!(came(&answer), expected);
        assert!(answer["results"][0]["reason"].as_str().unwrap().contains("`middle`"), "{answer}");
        assert_eq!(keys(&flags.get("?archived=true").await), ["needs-pair", "pair"]);
        assert_eq!(keys(&flags.get("").await), ["base", "middle", "top"]);
        assert_eq!(flags.served("dev", "pair").await, Value::Null);
    })
    .await;
}

/// Whoever may not, or says too little, changes no flag; what is against the rules names its field.
#[tokio::test]
async fn all_are_refused_together() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("a").await;
        flags.protect("prod").await;
        let many: Vec<_> = (0..501).map(|number| format!("flag-{number}")).collect();
        for (body, field) in [
            (json!({"action": "archive"}), ""),
            (json!({"action": "burn", "keys": ["a"]}), "action"),
            (json!({"action": "archive", "keys": []}), "keys"),
            (json!({"action": "archive", "keys": many}), "keys"),
            (json!({"action": "archive", "keys": ["a b"]}), "keys[0]"),
            (json!({"action": "archive", "keys": ["a"], "environment": "dev"}), "environment"),
            (json!({"action": "archive", "keys": ["a"], "tags": ["b"]}), "tags"),
            (json!({"action": "enable", "keys": ["a"]}), "environment"),
            (json!({"action": "tag", "keys": ["a"]}), "tags"),
            (json!({"action": "tag", "keys": ["a"], "tags": [" "]}), "tags"),
            (json!({"action": "enable", "keys": ["a"], "environment": "prod"}), "comment"),
            (json!({"action": "archive", "keys": ["a"]}), "comment"),
        ] {
            flags.invalid("POST", "/bulk", body, field).await;
        }
        let on = json!({"action": "enable", "keys": ["a"], "environment": "prod", "comment": "why"});
        flags.refuses_others("POST", "/bulk", Some(on.clone()), &[&flags.member, &flags.developer]).await;
        let archive = json!({"action": "archive", "keys": ["a"], "comment": "why"});
        flags.refused((&flags.developer, 403, "forbidden"), "POST", "/bulk", Some(archive)).await;
        let nowhere = json!({"action": "disable", "keys": ["a"], "environment": "nope"});
        flags.refused((&flags.admin, 404, "not_found"), "POST", "/bulk", Some(nowhere)).await;
        flags.done_by(&flags.admin, "POST", "/bulk", on).await;
        let kill = json!({"action": "disable", "keys": ["a"], "environment": "prod"});
        assert_eq!(came(&flags.done("POST", "/bulk", kill).await), [("a", "done")]);
    })
    .await;
}
