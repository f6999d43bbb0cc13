use engine::ruleset::{Prerequisite, Serve};
use serde_json::{Value, json};
use testkit::each;

use super::Flags;

/// A copy does what the flag does, under another key, and is off everywhere.
#[tokio::test]
async fn a_copy_is_off_everywhere() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        let body = json!({
            "name": "Menu", "description": "Lunch", "tags": ["food"], "client_side": true, "owner": null,
            "temporary": true,
        });
        flags.done("POST", "", body).await;
        flags
            .configure("menu", "dev", |it| {
                it.enabled = true;
                it.fallthrough = Serve::Variation("off".into());
            })
            .await;
        let copy = flags.done("POST", "/menu/copy", json!({"key": "menu@v2"})).await;
        let original = flags.get("/menu").await;
        for field in
            ["name", "description", "tags", "client_side", "variations", "kind", "value_type", "temporary"]
        {
            assert_eq!(copy[field], original[field], "{field}");
        }
        assert_ne!(copy["id"], original["id"]);
        assert_eq!(copy["owner"]["id"], json!(flags.workspace.developer.person().unwrap().id));
        assert_eq!(copy["version"], 1);
        for (environment, state) in copy["environments"].as_object().unwrap() {
            assert_eq!((&state["enabled"], &state["version"]), (&json!(false), &json!(1)), "{environment}");
            assert_eq!(state["served"], original["environments"][environment]["served"], "{environment}");
        }
        assert_eq!(flags.logged(1).await, [("flag.created".to_owned(), "menu@v2".to_owned())]);

        let body = json!({"key": "named", "name": "Another", "keep_state": true});
        let copy = flags.done("POST", "/menu/copy", body).await;
        assert_eq!(copy["name"], "Another");
        let enabled = |environment: &str| copy["environments"][environment]["enabled"].clone();
        assert_eq!([enabled("dev"), enabled("staging"), enabled("prod")], [true, false, false]);
        let told = "SELECT new_document FROM audit_event WHERE resource_key = 'named'";
        let told = flags.kit().database.rows(told).await;
        let told: Value = serde_json::from_str(told[0]["new_document"].as_str().unwrap()).unwrap();
        assert_eq!((&told["name"], &told["owner"]), (&json!("Another"), &copy["owner"]["id"]));
        assert_eq!(told["environments"]["dev"]["enabled"], true);
        assert_eq!(told["environments"]["dev"]["fallthrough"], json!({"variation": "off"}));
        assert_eq!(told["environments"]["staging"]["enabled"], false);
    })
    .await;
}

/// A copy that is on in a protected environment takes what switching on there does.
#[tokio::test]
async fn a_copy_that_is_on_takes_the_right_to_it() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        flags.switch("menu", "prod", true).await;
        flags.protect("prod").await;
        let on = |comment: Value| Some(json!({"key": "a", "keep_state": true, "comment": comment}));
        let refused = (&flags.developer, 403, "forbidden");
        flags.refused(refused, "POST", "/menu/copy", on(json!("why"))).await;
        flags.invalid("POST", "/menu/copy", on(json!(" ")).unwrap(), "comment").await;
        flags.done_by(&flags.admin, "POST", "/menu/copy", on(json!("why")).unwrap()).await;
        assert_eq!(flags.served("prod", "a").await, json!(true));
        flags.done("POST", "/menu/copy", json!({"key": "b"})).await;
    })
    .await;
}

/// What a copy refers to has to be where it is copied to; its key has to be free there.
#[tokio::test]
async fn a_copy_finds_what_it_refers_to() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        flags.flag("lunch").await;
        let needs = Prerequisite { flag: "lunch".into(), variations: vec!["on".into()] };
        flags.configure("menu", "staging", |it| it.prerequisites = vec![needs]).await;
        flags.done("POST", "/menu/copy", json!({"key": "a"})).await;
        flags
            .refused((&flags.developer, 409, "conflict"), "POST", "/menu/copy", Some(json!({"key": "a"})))
            .await;
        for (body, field) in [
            (json!({}), ""),
            (json!({"key": "a b"}), "key"),
            (json!({"key": "new"}), "key"),
            (json!({"key": "b", "name": ""}), "name"),
            (json!({"key": "b", "comment": "x".repeat(2001)}), "comment"),
            (json!({"key": "b", "other": 1}), "other"),
        ] {
            flags.invalid("POST", "/menu/copy", body, field).await;
        }
        // A flag that goes on needing what has gone cannot be copied while it is archived.
        for key in ["a", "menu", "lunch"] {
            flags.done_by(&flags.admin, "POST", &format!("/{key}/archive"), json!({})).await;
        }
        let path = "environments.staging.configuration.prerequisites[0].flag";
        let said = flags.invalid("POST", "/menu/copy", json!({"key": "b"}), path).await;
        assert!(said.contains("`lunch`"), "{said}");
        let copy = Some(json!({"key": "b"}));
        flags.refuses_others("POST", "/menu/copy", copy, &[&flags.member]).await;
        let elsewhere = Some(json!({"key": "b", "project": "nope"}));
        flags.refused((&flags.admin, 404, "not_found"), "POST", "/lunch/copy", elsewhere).await;
    })
    .await;
}
