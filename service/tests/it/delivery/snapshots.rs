use domain::api_keys::KeyKind;
use domain::flags::CreateFlag;
use engine::Context;
use serde_json::{Value, json};
use testkit::{Kit, Workspace, each};

use super::{document, publish};
use crate::{evaluate, off, on};

async fn switch_on(kit: &Kit, workspace: &Workspace, flag: &str) {
    let switch = workspace.switch(flag, "dev", true);
    kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
}

/// A document that cannot be read takes its own flag out of service and no other, and a good one brings it back.
#[tokio::test]
async fn a_corrupt_document_takes_out_its_own_flag() {
    let corrupt = ["", "{", "null", "[]", "{}", r#"{"format":1,"semantics":1,"key":"broken"}"#, "\u{1F4A5}"];
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        for key in ["broken", "menu"] {
            workspace.flag(key).await;
            switch_on(&kit, &workspace, key).await;
        }
        for text in corrupt {
            publish(&kit, &workspace, "dev", "broken", Some(text)).await;
            kit.services.delivery().refresh().await.unwrap();
            let answer = evaluate(&kit.services, &raw, "broken");
            assert_eq!((answer.reason.as_str(), &answer.value), ("malformed_flag", &Value::Null), "{text}");
            assert_eq!((answer.enabled, answer.version), (false, None));
            assert!(evaluate(&kit.services, &raw, "menu").enabled);
            // A node that starts now serves the others too.
            let other = kit.another_node().await;
            assert_eq!(evaluate(&other, &raw, "broken"), answer);
            assert_eq!(evaluate(&other, &raw, "menu"), evaluate(&kit.services, &raw, "menu"));
        }
        let good = document("broken", &["one", "two"]).to_string();
        publish(&kit, &workspace, "dev", "broken", Some(&good)).await;
        kit.services.delivery().refresh().await.unwrap();
        assert_eq!(evaluate(&kit.services, &raw, "broken").value, json!(1));
    })
    .await;
}

/// Bytes that are no text, which SQLite stores where text belongs, take out their own flag too.
#[tokio::test]
async fn bytes_that_are_no_text_take_out_their_own_flag() {
    each(async |kit| {
        // PostgreSQL takes none.
        if kit.database.name == "postgres" {
            return;
        }
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("broken").await;
        workspace.flag("menu").await;
        let damage = "UPDATE environment_document SET document = CAST(x'7bff' AS TEXT) WHERE key = 'broken'";
        kit.database.execute(damage).await;
        let other = kit.another_node().await;
        assert_eq!(evaluate(&other, &raw, "broken").reason.as_str(), "malformed_flag");
        assert_eq!(evaluate(&other, &raw, "menu"), off(1, 2));
    })
    .await;
}

/// A document that a later version wrote is answered with `unknown_type`, whether or not it happens to be readable.
#[tokio::test]
async fn a_document_of_a_later_version_is_not_guessed_at() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        workspace.flag("later").await;
        let (mut format, mut semantics, mut unreadable) =
            (document("later", &["a", "b"]), document("later", &["a", "b"]), document("later", &["a", "b"]));
        format["format"] = json!(2);
        semantics["semantics"] = json!(2);
        unreadable["format"] = json!(2);
        unreadable["news"] = json!({"nobody": "knows"});
        for later in [format, semantics, unreadable] {
            publish(&kit, &workspace, "dev", "later", Some(&later.to_string())).await;
            kit.services.delivery().refresh().await.unwrap();
            let answer = evaluate(&kit.services, &raw, "later");
            assert_eq!((answer.reason.as_str(), answer.value), ("unknown_type", Value::Null), "{later}");
            assert_eq!(evaluate(&kit.services, &raw, "menu").reason.as_str(), "flag_disabled");
        }
    })
    .await;
}

/// A flag that was removed is not found any more.
#[tokio::test]
async fn a_removed_flag_is_not_found() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        publish(&kit, &workspace, "dev", "menu", None).await;
        kit.services.delivery().refresh().await.unwrap();
        for node in [&kit.services, &kit.another_node().await] {
            let answer = evaluate(node, &raw, "menu");
            assert_eq!(
                (answer.reason.as_str(), answer.value, answer.revision),
                ("flag_not_found", Value::Null, 2)
            );
        }
    })
    .await;
}

/// A key reaches its own environment alone: neither another one of the project, nor another organization's.
#[tokio::test]
async fn a_key_reaches_its_own_environment_alone() {
    each(async |kit| {
        let (workspace, other) = (kit.workspace().await, kit.workspace().await);
        let (dev, prod, others) = (
            workspace.api_key("dev", KeyKind::Server).await,
            workspace.api_key("prod", KeyKind::Server).await,
            other.api_key("dev", KeyKind::Server).await,
        );
        workspace.flag("menu").await;
        other.flag("menu").await;
        other.flag("secret").await;
        switch_on(&kit, &other, "menu").await;
        switch_on(&kit, &other, "secret").await;

        assert_eq!(evaluate(&kit.services, &dev, "menu"), off(1, 1));
        assert_eq!(evaluate(&kit.services, &prod, "menu"), off(1, 1));
        assert_eq!(evaluate(&kit.services, &others, "menu"), on(2, 4));
        for raw in [&dev, &prod] {
            assert_eq!(evaluate(&kit.services, raw, "secret").reason.as_str(), "flag_not_found");
            assert_eq!(listed(&kit, raw), ["menu"]);
        }
        assert_eq!(listed(&kit, &others), ["menu", "secret"]);
    })
    .await;
}

fn listed(kit: &Kit, raw: &str) -> Vec<String> {
    let caller = kit.services.delivery().authenticate(raw).unwrap();
    let snapshot = caller.environment.snapshot();
    let context = Context::default();
    let all = snapshot.evaluate_all(caller.kind, &context, 0);
    all.map(|it| it.key.to_owned()).collect()
}

/// To a browser's key the flags that are not marked for browsers do not exist.
#[tokio::test]
async fn a_browser_sees_what_is_marked_for_browsers() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (server, browser) = (
            workspace.api_key("dev", KeyKind::Server).await,
            workspace.api_key("dev", KeyKind::Browser).await,
        );
        workspace.flag("hidden").await;
        let shown = CreateFlag { client_side: true, ..workspace.boolean_flag("shown") };
        kit.services.flags().create(&workspace.developer, shown).await.unwrap();

        assert_eq!(listed(&kit, &server), ["hidden", "shown"]);
        assert_eq!(listed(&kit, &browser), ["shown"]);
        assert_eq!(evaluate(&kit.services, &browser, "shown"), evaluate(&kit.services, &server, "shown"));
        // Hidden and missing are told apart by nothing.
        let hidden = evaluate(&kit.services, &browser, "hidden");
        assert_eq!(hidden, evaluate(&kit.services, &browser, "missing"));
        assert_eq!(hidden.reason.as_str(), "flag_not_found");
        // A document that cannot be read does not say for whom it is.
        publish(&kit, &workspace, "dev", "shown", Some("{")).await;
        kit.services.delivery().refresh().await.unwrap();
        assert_eq!(evaluate(&kit.services, &browser, "shown").reason.as_str(), "flag_not_found");
    })
    .await;
}

/// With the database gone a node goes on answering from memory, and says how old that is.
#[tokio::test]
async fn evaluation_outlives_the_database() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        switch_on(&kit, &workspace, "menu").await;
        assert_eq!(kit.services.delivery().freshness().age_ms, 0);

        kit.database.database.clone().close().await.unwrap();
        kit.clock.advance(90_000);
        assert!(kit.services.delivery().refresh().await.is_err());
        assert_eq!(evaluate(&kit.services, &raw, "menu"), on(2, 2));
        assert!(kit.services.delivery().authenticate("tb_dev_unknown").is_none());
        let freshness = kit.services.delivery().freshness();
        assert_eq!((freshness.age_ms, freshness.environments), (90_000, 6));
    })
    .await;
}

/// A database that was restored from a backup is behind the snapshots: they follow it back.
#[tokio::test]
async fn snapshots_follow_a_restored_backup() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        workspace.flag("newer").await;
        switch_on(&kit, &workspace, "menu").await;
        assert_eq!(evaluate(&kit.services, &raw, "menu"), on(2, 3));

        kit.database.execute("DELETE FROM environment_revision WHERE revision > 1").await;
        kit.database.execute("UPDATE environment SET revision = 1 WHERE revision > 1").await;
        kit.services.delivery().refresh().await.unwrap();
        assert_eq!(evaluate(&kit.services, &raw, "menu"), off(1, 1));
        assert_eq!(evaluate(&kit.services, &raw, "newer").reason.as_str(), "flag_not_found");
    })
    .await;
}

/// On SQLite a document can be bytes that are no text; that too is the fault of its flag alone.
#[tokio::test]
async fn a_document_that_is_no_text_takes_out_its_flag_alone() {
    each(async |kit| {
        if kit.database.name != "sqlite" {
            return;
        }
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("broken").await;
        workspace.flag("menu").await;
        kit.database.execute("UPDATE environment_document SET document = x'ff00' WHERE key = 'broken'").await;
        let node = kit.another_node().await;
        assert_eq!(evaluate(&node, &raw, "broken").reason.as_str(), "malformed_flag");
        assert_eq!(evaluate(&node, &raw, "menu").reason.as_str(), "flag_disabled");
    })
    .await;
}
