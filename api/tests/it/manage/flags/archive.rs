use engine::ruleset::Prerequisite;
use serde_json::{Value, json};
use testkit::{START, each};

use super::{Flags, keys};

/// An archived flag is served nowhere, and comes back as it was with the next version.
#[tokio::test]
async fn a_flag_goes_and_comes_back() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        flags.switch("menu", "dev", true).await;
        flags.kit().clock.advance(7);
        let archived = flags.done_by(&flags.admin, "POST", "/menu/archive", json!({"comment": "gone"})).await;
        assert_eq!((&archived["archived_at"], &archived["version"]), (&json!(START.0 + 7), &json!(2)));
        assert_eq!(flags.logged(1).await, [("flag.archived".to_owned(), "menu".to_owned())]);
        assert_eq!(archived["environments"]["dev"]["version"], 2);
        assert_eq!(flags.revisions().await, [3, 2, 2]);
        assert_eq!(flags.served("dev", "menu").await, Value::Null);
        assert_eq!(flags.get("/menu").await, archived);
        assert!(keys(&flags.get("").await).is_empty());
        assert_eq!(keys(&flags.get("?archived=true").await), ["menu"]);
        flags.refused((&flags.admin, 409, "conflict"), "POST", "/menu/archive", None).await;

        let restored = flags.done_by(&flags.admin, "POST", "/menu/restore", json!({})).await;
        assert_eq!(flags.logged(1).await, [("flag.restored".to_owned(), "menu".to_owned())]);
        assert_eq!((&restored["archived_at"], &restored["version"]), (&Value::Null, &json!(3)));
        let version = |environment: &str| restored["environments"][environment]["version"].clone();
        assert_eq!([version("dev"), version("prod"), version("staging")], [3, 2, 2]);
        assert_eq!(flags.served("dev", "menu").await, json!(true));
        assert_eq!(flags.served("prod", "menu").await, json!(false));
        flags.refused((&flags.admin, 409, "conflict"), "POST", "/menu/restore", None).await;
    })
    .await;
}

/// A flag that another one needs stays; one whose prerequisite went does not come back.
#[tokio::test]
async fn prerequisites_stay() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        for key in ["menu", "lunch", "dinner"] {
            flags.flag(key).await;
        }
        let needs = || Prerequisite { flag: "menu".into(), variations: vec!["on".into()] };
        flags.configure("lunch", "staging", |it| it.prerequisites = vec![needs()]).await;
        flags.configure("dinner", "prod", |it| it.prerequisites = vec![needs()]).await;
        let refused = flags.refused((&flags.admin, 409, "conflict"), "POST", "/menu/archive", None).await;
        let said = refused.body["error"]["message"].as_str().unwrap();
        assert!(said.contains("`dinner`, `lunch`"), "{said}");

        for key in ["lunch", "dinner", "menu"] {
            flags.done_by(&flags.admin, "POST", &format!("/{key}/archive"), json!({})).await;
        }
        let refused = flags.refused((&flags.admin, 409, "conflict"), "POST", "/lunch/restore", None).await;
        let said = refused.body["error"]["message"].as_str().unwrap();
        assert!(said.contains("`staging`") && said.contains("no flag `menu`"), "{said}");
        for key in ["menu", "lunch", "dinner"] {
            flags.done_by(&flags.admin, "POST", &format!("/{key}/restore"), json!({})).await;
        }
    })
    .await;
}

/// Archiving and restoring take an admin, and a comment where an environment is protected.
#[tokio::test]
async fn who_archives_says_why() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        flags.protect("prod").await;
        let why = json!({"comment": "why"});
        for path in ["/menu/archive", "/menu/restore"] {
            flags.refuses_others("POST", path, Some(why.clone()), &[&flags.member, &flags.developer]).await;
            flags.invalid("POST", path, json!({}), "comment").await;
            flags.invalid("POST", path, json!({"comment": "x".repeat(2001)}), "comment").await;
            flags.invalid("POST", path, json!({"why": "x"}), "why").await;
            flags.done_by(&flags.admin, "POST", path, why.clone()).await;
        }
    })
    .await;
}

/// A deleted flag leaves its key, and its last version behind: whoever gets the key goes on after it.
#[tokio::test]
async fn a_deleted_flag_leaves_its_version() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        for enabled in [true, false, true] {
            flags.switch("menu", "dev", enabled).await;
        }
        let typed = json!({"confirm": "menu"});
        flags.refused((&flags.admin, 409, "conflict"), "DELETE", "/menu", Some(typed.clone())).await;
        flags.done_by(&flags.admin, "POST", "/menu/archive", json!({})).await;
        flags.invalid("DELETE", "/menu", json!({"confirm": "Menu"}), "confirm").await;
        flags.invalid("DELETE", "/menu", json!({}), "").await;
        let too_little = [&flags.member, &flags.developer];
        flags.refuses_others("DELETE", "/menu", Some(typed.clone()), &too_little).await;

        let revisions = flags.revisions().await;
        let answer = flags.ask(&flags.admin, "DELETE", "/menu", Some(typed.clone())).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (204, &Value::Null));
        assert_eq!(flags.revisions().await, revisions);
        assert_eq!(flags.logged(1).await, [("flag.deleted".to_owned(), "menu".to_owned())]);
        flags.ask(&flags.admin, "GET", "/menu", None).await.error(404, "not_found");
        flags.ask(&flags.admin, "DELETE", "/menu", Some(typed.clone())).await.error(404, "not_found");

        // It was switched three times in one environment, and archived.
        let made = flags.flag("menu").await;
        assert_eq!((&made["version"], &made["environments"]["prod"]["version"]), (&json!(5), &json!(5)));
        assert_eq!(flags.served("dev", "menu").await, json!(false));
        flags.done_by(&flags.admin, "POST", "/menu/archive", json!({})).await;
        flags.ask(&flags.admin, "DELETE", "/menu", Some(typed)).await;
        assert_eq!(flags.flag("menu").await["version"], 7);
    })
    .await;
}
