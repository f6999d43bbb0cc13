use std::sync::Arc;

use domain::Error as Refusal;
use domain::api_keys::KeyKind;
use domain::flags::{ChangeConfiguration, ConfigurationView, FlagAt};
use engine::ruleset::Override;
use service::audit::Verdict;
use service::{Actor, Error, Services};
use testkit::{Workspace, each};
use tokio::sync::Semaphore;

use crate::{evaluate, revisions};

fn at(workspace: &Workspace, environment: &str) -> FlagAt {
    FlagAt {
        project: workspace.project.clone(),
        key: "menu".parse().unwrap(),
        environment: environment.parse().unwrap(),
    }
}

/// Adds an override of one's own to those that are there, and begins anew where somebody else was faster.
async fn add_override(
    services: &Services,
    actor: &Actor,
    at: FlagAt,
    user: String,
    turns: &Semaphore,
) -> ConfigurationView {
    loop {
        let _turn = turns.acquire().await.unwrap();
        let seen = services.flags().configuration(actor, &at).await.unwrap();
        let own =
            Override { attributes: [("userId".into(), vec![user.clone()])].into(), variation: "on".into() };
        let overrides = seen.overrides.into_iter().chain([own]).collect();
        let (version, overrides) = (Some(seen.version), Some(overrides));
        let command = ChangeConfiguration { version, overrides, ..Default::default() };
        match services.flags().change(actor, at.clone(), command).await {
            Ok(view) => return view,
            Err(Error::Refused(Refusal::Conflict { seen: Some(told), current: Some(current), .. })) => {
                assert!(told == seen.version && current > told, "{told} {current}");
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Two hundred people change one flag at the same time, on two nodes, each in the version that they saw: none loses what
/// another wrote, and each gets a version and a revision of its own. Twenty of them at a time get through, or nearly
/// every attempt would be one that is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_authors_lose_nothing() {
    const AUTHORS: usize = 200;
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        let nodes = [kit.services.clone(), kit.another_node().await];
        let turns = Arc::new(Semaphore::new(20));
        let mut authors = tokio::task::JoinSet::new();
        for place in 0..AUTHORS {
            let (services, actor) = (nodes[place % 2].clone(), workspace.developer.clone());
            let (at, turns) = (at(&workspace, "dev"), Arc::clone(&turns));
            authors.spawn(async move {
                add_override(&services, &actor, at, format!("user-{place}"), &turns).await
            });
        }
        let views = authors.join_all().await;

        let last = i64::try_from(AUTHORS).unwrap() + 1;
        let mut counted: Vec<_> = views.iter().map(|view| (view.version, view.revision)).collect();
        counted.sort_unstable();
        assert_eq!(counted, (2..=last).map(|count| (count, count)).collect::<Vec<_>>());
        let after =
            kit.services.flags().configuration(&workspace.member, &at(&workspace, "dev")).await.unwrap();
        let mut users: Vec<_> =
            after.overrides.iter().flat_map(|it| it.attributes["userId"].clone()).collect();
        users.sort();
        let mut expected: Vec<_> = (0..AUTHORS).map(|place| format!("user-{place}")).collect();
        expected.sort();
        assert_eq!((after.version, users), (last, expected));

        assert_eq!(revisions(&kit, &workspace).await, [last, 1, 1]);
        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let changed: Vec<_> = log.iter().filter_map(|entry| entry.revision).collect();
        assert_eq!(changed, (2..=last).collect::<Vec<_>>(), "revisions follow the order of the log");
        let verdict = kit.services.audit().verify(&workspace.owner, &workspace.organization).await.unwrap();
        assert_eq!(verdict, Verdict::Whole(log.last().unwrap().seq));
        for node in &nodes {
            node.delivery().refresh().await.unwrap();
            assert_eq!(evaluate(node, &raw, "menu").version, Some(u64::try_from(last).unwrap()));
        }
    })
    .await;
}

/// Toggles that meet each other each turn the flag around once, or say that they could not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_toggles_each_turn_it_around_once() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let mut toggles = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (services, actor, at) =
                (kit.services.clone(), workspace.developer.clone(), at(&workspace, "dev"));
            toggles.spawn(async move { services.flags().toggle(&actor, at, None).await });
        }
        let (done, refused): (Vec<_>, Vec<_>) = toggles.join_all().await.into_iter().partition(Result::is_ok);
        for outcome in refused {
            let Err(Error::Refused(Refusal::Conflict { .. })) = outcome else { panic!("{outcome:?}") };
        }
        let mut views: Vec<_> = done.into_iter().map(|view| view.unwrap()).collect();
        views.sort_unstable_by_key(|view| view.version);
        let turned: Vec<_> = views.iter().map(|view| (view.version, view.enabled)).collect();
        let expected: Vec<_> = (2..).map(|version| (version, version % 2 == 0)).take(views.len()).collect();
        assert!(!views.is_empty());
        assert_eq!(turned, expected);
    })
    .await;
}
