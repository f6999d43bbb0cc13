//! Pages that are open are told what happens: what they may see, whichever node did it, and what they missed.

use std::sync::Arc;
use std::time::Duration;

use domain::Error as Refusal;
use domain::access::Role;
use domain::audit::{ActorKind, News};
use domain::orgs::{NarrowRole, NarrowedRole};
use service::news::{Begin, Follower};
use service::{Actor, Services, Watcher};
use testkit::{Kit, Workspace, each};

use crate::{id, refusal};

/// How long something may take. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// So rare that a test is over before.
const NEVER: Duration = Duration::from_secs(3600);

/// How long nothing is waited for.
const MOMENT: Duration = Duration::from_millis(300);

async fn follow(services: &Services, workspace: &Workspace, after: Option<i64>) -> Follower {
    services.audit().follow(&workspace.member, &workspace.organization, after).await.unwrap()
}

async fn next(follower: &mut Follower) -> Option<Arc<News>> {
    tokio::time::timeout(PATIENCE, follower.next()).await.expect("nothing is told")
}

async fn switch(services: &Services, workspace: &Workspace, enabled: bool) {
    services.flags().switch(&workspace.developer, workspace.switch("menu", "dev", enabled)).await.unwrap();
}

/// The number of the newest entry.
async fn head(kit: &Kit, workspace: &Workspace) -> i64 {
    kit.services.projects().place(&workspace.member, &workspace.project).await.unwrap().seq
}

/// A change is told by the node that made it, without a look of its own: what happened, where, and who did it.
#[tokio::test(flavor = "multi_thread")]
async fn live_pages_are_told_what_happens() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let watcher = Watcher::looking_every(NEVER, &kit.services);
        let before = head(&kit, &workspace).await;
        let mut follower = follow(&kit.services, &workspace, None).await;
        assert_eq!(follower.begin(), Begin::After(before));
        switch(&kit.services, &workspace, true).await;

        let news = next(&mut follower).await.unwrap();
        let developer = workspace.developer.person().unwrap();
        let entry =
            kit.services.audit().entry(&workspace.member, &workspace.organization, before + 1).await.unwrap();
        let expected = News {
            seq: before + 1,
            at: entry.at,
            actor: ActorKind::User,
            by: Some(developer.id),
            name: Some(developer.name.clone()),
            action: "flag.enabled".into(),
            kind: "flag".into(),
            id: entry.resource.id.clone(),
            key: "menu".into(),
            project: Some("default".into()),
            environment: Some("dev".into()),
            revision: entry.revision,
        };
        assert_eq!(*news, expected);
        assert_eq!(head(&kit, &workspace).await, before + 1);
        // What was written stays in the log, and whoever did it is named by the name alone.
        let told = serde_json::to_string(&*news).unwrap();
        assert!(!told.contains("a test") && !told.contains(&developer.email), "{told}");
        watcher.stop().await;
    })
    .await;
}

/// What another node does is told at the next look.
#[tokio::test(flavor = "multi_thread")]
async fn live_pages_are_told_what_other_nodes_do() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let other = kit.another_node().await;
        let watcher = Watcher::looking_every(Duration::from_millis(50), &kit.services);
        let mut follower = follow(&kit.services, &workspace, None).await;
        for enabled in [true, false, true] {
            switch(&other, &workspace, enabled).await;
        }
        let mut told = Vec::new();
        for _ in 0..3 {
            told.push(next(&mut follower).await.unwrap().action.clone());
        }
        assert_eq!(told, ["flag.enabled", "flag.killed", "flag.enabled"]);
        watcher.stop().await;
    })
    .await;
}

/// Whoever was away is told what they missed, once and in its order; of too much they hear that there was some.
#[tokio::test(flavor = "multi_thread")]
async fn live_pages_that_were_away_are_told_what_they_missed() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let watcher = Watcher::looking_every(NEVER, &kit.services);
        // Somebody else is there all the time.
        let mut first = follow(&kit.services, &workspace, None).await;
        let before = head(&kit, &workspace).await;
        for enabled in [true, false] {
            switch(&kit.services, &workspace, enabled).await;
            next(&mut first).await.unwrap();
        }
        let mut back = follow(&kit.services, &workspace, Some(before)).await;
        assert_eq!(back.begin(), Begin::After(before));
        switch(&kit.services, &workspace, true).await;
        for seq in 1..=3 {
            assert_eq!(next(&mut back).await.unwrap().seq, before + seq);
        }
        assert!(tokio::time::timeout(MOMENT, back.next()).await.is_err(), "something is told twice");

        // Of a database that was restored since.
        let unknown = follow(&kit.services, &workspace, Some(before + 100)).await;
        assert_eq!(unknown.begin(), Begin::Anew(before + 3));
        for number in 0..201 {
            switch(&kit.services, &workspace, number % 2 == 1).await;
        }
        let late = follow(&kit.services, &workspace, Some(before)).await;
        assert!(matches!(late.begin(), Begin::Anew(_)), "{:?}", late.begin());
        watcher.stop().await;
    })
    .await;
}

/// What happens faster than it is taken is lost, and that is said.
#[tokio::test(flavor = "multi_thread")]
async fn live_pages_that_are_too_slow_begin_anew() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let watcher = Watcher::looking_every(NEVER, &kit.services);
        let mut slow = follow(&kit.services, &workspace, None).await;
        let mut fast = follow(&kit.services, &workspace, None).await;
        for number in 0..300 {
            switch(&kit.services, &workspace, number % 2 == 0).await;
            next(&mut fast).await.unwrap();
        }
        assert_eq!(next(&mut slow).await, None);
        watcher.stop().await;
    })
    .await;
}

/// Nobody is told of an organization that is not theirs.
#[tokio::test(flavor = "multi_thread")]
async fn live_pages_are_told_of_their_own_organization_alone() {
    each(async |kit| {
        let (workspace, other) = (kit.workspace().await, kit.workspace().await);
        other.flag("menu").await;
        let watcher = Watcher::looking_every(Duration::from_millis(50), &kit.services);
        let audit = kit.services.audit();
        for stranger in [&workspace.outsider, &other.owner] {
            let refused = refusal(audit.follow(stranger, &workspace.organization, None).await);
            assert_eq!(refused, Refusal::not_found("organization"));
        }
        let refused = refusal(audit.follow(&Actor::anonymous(), &workspace.organization, None).await);
        assert_eq!(refused, Refusal::Unauthenticated);

        let mut follower = follow(&kit.services, &workspace, None).await;
        let mut theirs = follow(&kit.services, &other, None).await;
        switch(&kit.services, &other, true).await;
        assert_eq!(next(&mut theirs).await.unwrap().key, "menu");
        assert!(tokio::time::timeout(MOMENT, follower.next()).await.is_err());
        watcher.stop().await;
    })
    .await;
}

/// What somebody may do, everywhere in an organization; and that it may have changed, whichever node did it.
#[tokio::test(flavor = "multi_thread")]
async fn live_pages_hear_that_rights_changed() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let watcher = Watcher::looking_every(Duration::from_millis(50), &kit.services);
        let _follower = follow(&kit.services, &workspace, None).await;
        let mut changes = kit.services.access_changes();
        let organization = workspace.organization.clone();
        let (user, place) = (id(&workspace.developer), "default/prod".parse().unwrap());
        let command =
            NarrowRole { organization: organization.clone(), user, place, role: Some(Role::Member) };
        let other = kit.another_node().await;
        other.orgs().narrow(&workspace.admin, command).await.unwrap();
        tokio::time::timeout(PATIENCE, changes.changed()).await.unwrap().unwrap();

        let rights = kit.services.orgs().rights(&workspace.developer, &organization).await.unwrap();
        let narrowed = NarrowedRole { place: "default/prod".parse().unwrap(), role: Role::Member };
        assert_eq!((rights.role, rights.narrowed), (Role::Developer, vec![narrowed]));
        let rights = kit.services.orgs().rights(&workspace.admin, &organization).await.unwrap();
        assert_eq!((rights.role, rights.narrowed), (Role::Admin, Vec::new()));
        let refused = refusal(kit.services.orgs().rights(&workspace.outsider, &organization).await);
        assert_eq!(refused, Refusal::not_found("organization"));

        // A session that ends on another node, too.
        changes.mark_unchanged();
        other.accounts().end_other_sessions(&workspace.member).await.unwrap();
        tokio::time::timeout(PATIENCE, changes.changed()).await.unwrap().unwrap();
        watcher.stop().await;
    })
    .await;
}
