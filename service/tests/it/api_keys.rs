//! API keys. How they work is in `delivery::keys`.

use domain::api_keys::{CreateApiKey, KeyKind};
use domain::{Error as Refusal, Millis};
use testkit::{START, Workspace, each};

use crate::{evaluate, off};

fn command(workspace: &Workspace) -> CreateApiKey {
    CreateApiKey {
        project: workspace.project.clone(),
        environment: "dev".parse().unwrap(),
        name: "CI".into(),
        kind: KeyKind::Server,
        expires_at: None,
        allowed_networks: None,
        rate_limit: None,
    }
}

/// A key names its kind and environment, works at once, is shown once, and is stored nowhere.
#[tokio::test]
async fn a_key_is_shown_once_and_stored_nowhere() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        for (kind, head) in [(KeyKind::Server, "tb_dev_"), (KeyKind::Browser, "tbc_dev_")] {
            let command = CreateApiKey { kind, ..command(&workspace) };
            let key = kit.services.api_keys().create(&workspace.admin, command).await.unwrap();
            let raw = key.raw.clone().unwrap();
            let token = raw.strip_prefix(head).unwrap();
            assert_eq!(token.len(), 40);
            assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
            assert_eq!(key.key.prefix, format!("{head}{}", &token[..6]));
            assert!(kit.services.delivery().authenticate(&raw).is_some());
            assert!(!format!("{key:?}").contains(token));
            let stored = format!("{:?}", kit.state().await);
            let logged = format!("{:?}", kit.database.rows("SELECT * FROM audit_event").await);
            assert!(stored.contains(&key.key.prefix) && logged.contains(&key.key.prefix));
            assert!(!stored.contains(token) && !logged.contains(token));
        }
        assert_ne!(
            workspace.api_key("dev", KeyKind::Server).await,
            workspace.api_key("dev", KeyKind::Server).await
        );
    })
    .await;
}

/// Another node knows a new key after its next look.
#[tokio::test]
async fn another_node_knows_a_key_after_its_next_look() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let other = kit.another_node().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        assert!(other.delivery().authenticate(&raw).is_none());
        other.delivery().refresh().await.unwrap();
        assert_eq!(evaluate(&other, &raw, "menu"), off(1, 1));
    })
    .await;
}

/// A key against the rules is refused with the field that is.
#[tokio::test]
async fn a_key_against_the_rules_names_its_field() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let named = |name: &str| CreateApiKey { name: name.into(), ..command(&workspace) };
        let until = |at: i64| CreateApiKey { expires_at: Some(Millis(at)), ..command(&workspace) };
        let cases = [
            (named(""), "name"),
            (named(&"n".repeat(101)), "name"),
            (named("a\0b"), "name"),
            (until(START.0), "expires_at"),
            (until(START.0 - 1), "expires_at"),
            (until(i64::MIN), "expires_at"),
        ];
        for (command, path) in cases {
            let refusal =
                kit.refused(kit.services.api_keys().create(&workspace.admin, command.clone())).await;
            let Refusal::Invalid { details } = refusal else { panic!("{command:?}: {refusal:?}") };
            assert_eq!(details[0].path, path);
        }
        kit.services.api_keys().create(&workspace.admin, until(START.0 + 1)).await.unwrap();
    })
    .await;
}
