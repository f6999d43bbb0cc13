use engine::ruleset::{Prerequisite, Serve};
use serde_json::{Value, json};
use testkit::{START, each};

use super::Flags;

/// What no document says changes field by field, and reaches no environment.
#[tokio::test]
async fn a_flag_changes_field_by_field() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        let before = flags.flag("menu").await;
        flags.protect("prod").await;
        let revisions = flags.revisions().await;
        let mut expected = before.clone();
        let admin = flags.workspace.admin.person().unwrap().clone();
        flags.kit().clock.advance(5);
        for (version, (patch, changed)) in (2..).zip([
            (json!({"name": "The menu"}), json!({"name": "The menu"})),
            (json!({"description": "What is for lunch."}), json!({"description": "What is for lunch."})),
            (json!({"tags": ["b", "a", "b"]}), json!({"tags": ["a", "b"]})),
            (json!({"owner": admin.id}), json!({"owner": {"id": admin.id, "name": admin.name}})),
            (json!({"owner": null}), json!({"owner": null})),
            (json!({"temporary": true}), json!({"temporary": true})),
            (json!({"expires_at": START.0 + 9}), json!({"expires_at": START.0 + 9})),
            (json!({"temporary": false}), json!({"temporary": false, "expires_at": null})),
            (
                json!({"temporary": true, "expires_at": START.0 + 10, "tags": []}),
                json!({"temporary": true, "expires_at": START.0 + 10, "tags": []}),
            ),
            (json!({"expires_at": null, "version": 10}), json!({"expires_at": null})),
        ]) {
            let answer = flags.done("PATCH", "/menu", patch).await;
            for (field, value) in changed.as_object().unwrap() {
                expected[field] = value.clone();
            }
            expected["version"] = json!(version);
            expected["updated_at"] = json!(START.0 + 5);
            assert_eq!(answer, expected);
            assert_eq!(flags.logged(1).await, [("flag.updated".to_owned(), "menu".to_owned())]);
        }
        assert_eq!(flags.get("/menu").await, expected);
        assert_eq!(flags.revisions().await, revisions);
    })
    .await;
}

/// What is so already changes nothing, and is no entry of the log.
#[tokio::test]
async fn what_is_so_already_changes_nothing() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        let before = flags.flag("menu").await;
        let (state, entries) = (flags.kit().state().await, flags.kit().audit_entries().await);
        let same = json!({
            "name": "menu", "tags": [], "client_side": false, "variations": before["variations"], "version": 1,
            "owner": before["owner"]["id"],
        });
        assert_eq!(flags.done("PATCH", "/menu", same).await, before);
        assert!(flags.kit().state().await == state);
        assert_eq!(flags.kit().audit_entries().await, entries);
    })
    .await;
}

/// Variations and browsers' sight of the flag reach every environment at once.
#[tokio::test]
async fn what_documents_say_reaches_every_environment() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        flags.switch("menu", "dev", true).await;
        let (revisions, entries) = (flags.revisions().await, flags.kit().audit_entries().await);
        let variations = json!([
            {"key": "on", "value": false}, {"key": "third", "value": true}, {"key": "off", "value": true}
        ]);
        let answer = flags.done("PATCH", "/menu", json!({"variations": variations})).await;
        assert_eq!(flags.kit().audit_entries().await, entries + 1);
        assert_eq!(answer["variations"], variations);
        assert_eq!(answer["version"], 2);
        let version = |environment: &str| answer["environments"][environment]["version"].clone();
        assert_eq!([version("dev"), version("prod"), version("staging")], [3, 2, 2]);
        assert_eq!(flags.served("dev", "menu").await, json!(false));
        assert_eq!(flags.served("prod", "menu").await, json!(true));
        let after: Vec<_> = revisions.iter().map(|revision| revision + 1).collect();
        assert_eq!(flags.revisions().await, after);

        let answer = flags.done("PATCH", "/menu", json!({"client_side": true})).await;
        assert_eq!(answer["client_side"], true);
        assert_eq!(answer["environments"]["prod"]["version"], 3);
    })
    .await;
}

/// In a protected environment it takes an admin, who says why.
#[tokio::test]
async fn a_protected_environment_asks_for_more() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        flags.protect("prod").await;
        let patch = |comment: &str| Some(json!({"client_side": true, "comment": comment}));
        flags.refused((&flags.developer, 403, "forbidden"), "PATCH", "/menu", patch("why")).await;
        let answer = flags.refused((&flags.admin, 400, "invalid"), "PATCH", "/menu", patch("  ")).await;
        answer.invalid("comment");
        assert_eq!(flags.ask(&flags.admin, "PATCH", "/menu", patch("why")).await.status, 200);
    })
    .await;
}

/// A variation that is used somewhere stays.
#[tokio::test]
async fn a_variation_that_is_used_stays() {
    let variations = |keys: [&str; 2]| -> Value {
        let variation = |key| json!({"key": key, "value": key == "on"});
        keys.map(variation).into_iter().collect()
    };
    each(async |kit| {
        let flags = Flags::over(kit).await;
        let three = json!([
            {"key": "on", "value": true}, {"key": "maybe", "value": false}, {"key": "off", "value": false}
        ]);
        let body = json!({"name": "menu", "variations": three});
        flags.done("POST", "", body).await;
        flags.configure("menu", "staging", |it| it.fallthrough = Serve::Variation("maybe".into())).await;
        let patch = json!({"variations": variations(["on", "off"])});
        let said = flags.invalid("PATCH", "/menu", patch.clone(), "variations").await;
        assert!(
            said.contains("`staging`") && said.contains("fallthrough") && said.contains("`maybe`"),
            "{said}"
        );

        flags.configure("menu", "staging", |_| ()).await;
        flags.flag("lunch").await;
        let needs = Prerequisite { flag: "menu".into(), variations: vec!["maybe".into()] };
        flags.configure("lunch", "dev", |it| it.prerequisites = vec![needs]).await;
        let said = flags.invalid("PATCH", "/menu", patch.clone(), "variations").await;
        assert!(said.contains("`dev`") && said.contains("`lunch`") && said.contains("`maybe`"), "{said}");

        flags.configure("lunch", "dev", |_| ()).await;
        assert_eq!(flags.done("PATCH", "/menu", patch).await["variations"], variations(["on", "off"]));
    })
    .await;
}

/// What is against the rules names its field; another version clashes; who may not is told.
#[tokio::test]
async fn a_change_against_the_rules_names_its_fields() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        for (patch, field) in [
            (json!({"name": null}), "name"),
            (json!({"name": ""}), "name"),
            (json!({"description": "x".repeat(2001)}), "description"),
            (json!({"tags": ["x".repeat(51)]}), "tags"),
            (json!({"owner": flags.workspace.outsider.person().unwrap().id}), "owner"),
            (json!({"temporary": null}), "temporary"),
            (json!({"expires_at": START.0 + 1}), "expires_at"),
            (json!({"temporary": true, "expires_at": START.0}), "expires_at"),
            (json!({"temporary": false, "expires_at": START.0 + 1}), "expires_at"),
            (json!({"variations": []}), "variations"),
            (
                json!({"variations": [{"key": "on", "value": "yes"}, {"key": "off", "value": false}]}),
                "variations[0].value",
            ),
            (json!({"kind": "advanced"}), "kind"),
            (json!({"name": "a", "comment": "x".repeat(2001)}), "comment"),
        ] {
            flags.invalid("PATCH", "/menu", patch, field).await;
        }
        let patch = Some(json!({"name": "a", "version": 7}));
        let answer = flags.refused((&flags.admin, 409, "conflict"), "PATCH", "/menu", patch).await;
        assert_eq!(answer.body["error"]["details"], json!({"seen": 7, "current": 1}));
        flags.refuses_others("PATCH", "/menu", Some(json!({"name": "a"})), &[&flags.member]).await;
        flags.done_by(&flags.admin, "POST", "/menu/archive", json!({})).await;
        let patch = Some(json!({"name": "a"}));
        flags.refused((&flags.admin, 409, "conflict"), "PATCH", "/menu", patch).await;
    })
    .await;
}
