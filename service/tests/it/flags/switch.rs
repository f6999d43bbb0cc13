use domain::Error as Refusal;
use domain::api_keys::KeyKind;
use domain::flags::{Configuration, SwitchFlag};
use engine::ruleset::{Override, Serve};
use service::audit::Verdict;
use testkit::each;

use crate::{evaluate, off, on, revisions};

/// A switch gives the flag its next version and its environment the next revision, and this node serves it at once.
#[tokio::test]
async fn a_switch_is_served_at_once() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (dev, prod) = (
            workspace.api_key("dev", KeyKind::Server).await,
            workspace.api_key("prod", KeyKind::Server).await,
        );
        workspace.flag("menu").await;
        let before = kit.audit_entries().await;

        let switched = |enabled| workspace.switch("menu", "dev", enabled);
        let row = kit.services.flags().switch(&workspace.developer, switched(true)).await.unwrap();
        assert_eq!((row.enabled, row.version), (true, 2));
        assert_eq!(evaluate(&kit.services, &dev, "menu"), on(2, 2));
        assert_eq!(evaluate(&kit.services, &prod, "menu"), off(1, 1));

        let row = kit.services.flags().switch(&workspace.developer, switched(false)).await.unwrap();
        assert_eq!((row.enabled, row.version), (false, 3));
        assert_eq!(evaluate(&kit.services, &dev, "menu"), off(3, 3));
        assert_eq!(revisions(&kit, &workspace).await, [3, 1, 1]);

        assert_eq!(kit.audit_entries().await, before + 2);
        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let last = log.iter().rev().take(2).map(|entry| (entry.action.as_str(), entry.revision));
        assert!(last.eq([("flag.killed", Some(3)), ("flag.enabled", Some(2))]), "{log:?}");
        // Each entry begins where the one before it ended.
        assert_eq!(log[log.len() - 2].new, log[log.len() - 1].old);
    })
    .await;
}

/// Another node serves a change after its next look at the database, and not before.
#[tokio::test]
async fn another_node_serves_it_after_its_next_look() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        let other = kit.another_node().await;
        assert_eq!(evaluate(&other, &raw, "menu"), off(1, 1));

        kit.services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", true))
            .await
            .unwrap();
        assert_eq!(evaluate(&other, &raw, "menu"), off(1, 1));
        other.delivery().refresh().await.unwrap();
        assert_eq!(evaluate(&other, &raw, "menu"), on(2, 2));
    })
    .await;
}

/// Switching leaves the rest of the configuration alone.
#[tokio::test]
async fn a_switch_leaves_the_rest_alone() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        let configuration = Configuration {
            overrides: vec![Override {
                attributes: [("userId".to_owned(), vec!["user-1".to_owned()])].into(),
                variation: "on".into(),
            }],
            fallthrough: Serve::Variation("off".into()),
            ..Configuration::fixed("on", "off")
        };
        let configure = workspace.configure("menu", "dev", 1, configuration);
        kit.services.flags().configure(&workspace.developer, configure).await.unwrap();
        for enabled in [true, false, true] {
            let switch = workspace.switch("menu", "dev", enabled);
            kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
        }
        let answer = evaluate(&kit.services, &raw, "menu");
        assert_eq!((answer.reason.as_str(), answer.version), ("override_match", Some(5)));
    })
    .await;
}

/// Whoever switches a flag on in a version that they did not see is told both; a kill works whatever they saw.
#[tokio::test]
async fn a_stale_author_may_kill_and_not_enable() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let switch =
            |enabled, seen| SwitchFlag { version: Some(seen), ..workspace.switch("menu", "dev", enabled) };
        kit.services.flags().switch(&workspace.developer, switch(true, 1)).await.unwrap();
        for seen in [1, 3] {
            let stale = async { kit.services.flags().switch(&workspace.developer, switch(true, seen)).await };
            let message = "`menu` was changed in the meantime".to_owned();
            let expected = Refusal::Conflict { message, seen: Some(seen), current: Some(2) };
            assert_eq!(kit.refused(stale).await, expected);
        }
        let killed = kit.services.flags().switch(&workspace.developer, switch(false, 1)).await.unwrap();
        assert_eq!((killed.enabled, killed.version), (false, 3));
    })
    .await;
}

/// Switching to what it is already is somebody's decision too: it takes a version, a revision and an entry.
#[tokio::test]
async fn a_switch_to_the_same_counts() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let before = kit.audit_entries().await;
        let row =
            kit.services.flags().switch(&workspace.developer, workspace.switch("menu", "dev", false)).await;
        assert_eq!(row.unwrap().version, 2);
        assert_eq!(revisions(&kit, &workspace).await, [2, 1, 1]);
        assert_eq!(kit.audit_entries().await, before + 1);
    })
    .await;
}

/// Sixty people switch one flag at the same time, on two nodes: every switch gets a version and a revision of its own,
/// none is skipped, and the chain is whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_switches_lose_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        let before = kit.audit_entries().await;
        let nodes = [kit.services.clone(), kit.another_node().await];

        let mut switches = tokio::task::JoinSet::new();
        for place in 0..60 {
            let services = nodes[place % 2].clone();
            let actor = if place % 3 == 0 { &workspace.admin } else { &workspace.developer }.clone();
            let command = workspace.switch("menu", "dev", place % 5 != 0);
            switches.spawn(async move { services.flags().switch(&actor, command).await.unwrap().version });
        }
        let mut versions = switches.join_all().await;
        versions.sort_unstable();
        assert_eq!(versions, (2..=61).collect::<Vec<_>>());

        assert_eq!(revisions(&kit, &workspace).await, [61, 1, 1]);
        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let switched: Vec<_> = log.iter().filter_map(|entry| entry.revision).collect();
        assert_eq!(switched, (2..=61).collect::<Vec<_>>(), "revisions follow the order of the log");
        assert_eq!(kit.audit_entries().await, before + 60);
        let verdict = kit.services.audit().verify(&workspace.owner, &workspace.organization).await.unwrap();
        assert_eq!(verdict, Verdict::Whole(log.last().unwrap().seq));
        for node in &nodes {
            node.delivery().refresh().await.unwrap();
            let answer = evaluate(node, &raw, "menu");
            assert_eq!((answer.version, answer.revision), (Some(61), 61));
        }
    })
    .await;
}

/// Who switches on what somebody else has changed meanwhile gets a conflict with both versions, and nothing changes;
/// switching off heeds no version.
#[tokio::test]
async fn switching_on_asks_for_the_version_that_was_seen() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let switch = async |enabled, version| {
            let command = domain::flags::SwitchFlag { version, ..workspace.switch("menu", "dev", enabled) };
            kit.services.flags().switch(&workspace.developer, command).await
        };
        switch(true, Some(1)).await.unwrap();
        let before = (kit.state().await, kit.audit_entries().await);
        let refused = switch(true, Some(1)).await.unwrap_err().expose();
        let domain::Error::Conflict { seen, current, .. } = refused else { panic!("{refused:?}") };
        assert_eq!((seen, current), (Some(1), Some(2)));
        assert_eq!((kit.state().await, kit.audit_entries().await), before);
        assert_eq!(switch(false, Some(1)).await.unwrap().version, 3);
    })
    .await;
}
