//! Several nodes over one database: how they hear of each other's changes, and what is left where they cannot.

use std::time::Duration;

use domain::api_keys::KeyKind;
use domain::environments::DeleteEnvironment;
use domain::flags::PurgeCaches;
use service::delivery::{Encoding, End, Subscription};
use service::{BreakerState, Parts, Services, Watcher};
use testkit::{Kit, TestRedis, Workspace, each, soak};

/// How long a change may take. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// So rare that a test is over before.
const NEVER: Duration = Duration::from_secs(3600);

/// A node that watches.
struct Node {
    watcher: Watcher,
    events: Subscription,
}

impl Node {
    async fn watching(services: Services, key: &str, period: Duration) -> Self {
        services.delivery().refresh().await.unwrap();
        let watcher = Watcher::looking_every(period, &services);
        let caller = services.delivery().authenticate(key).unwrap();
        let events = services.delivery().follow(caller, None, None).unwrap();
        Self { watcher, events }
    }

    fn revision(&self) -> u64 {
        self.events.snapshot().revision()
    }

    /// Waits until it has a revision, and not a later one.
    async fn reach(&mut self, revision: u64) {
        let reached = tokio::time::timeout(PATIENCE, self.hear(revision)).await;
        assert!(reached.is_ok(), "{} instead of {revision}", self.revision());
        assert_eq!(self.revision(), revision);
    }

    /// Waits until it has a revision, or a later one.
    async fn hear(&mut self, revision: u64) {
        while self.revision() < revision {
            self.events.woken().await;
        }
    }
}

async fn switch(services: &Services, workspace: &Workspace, enabled: bool) {
    services.flags().switch(&workspace.developer, workspace.switch("menu", "dev", enabled)).await.unwrap();
}

async fn prepared(kit: &Kit) -> (Workspace, String) {
    let workspace = kit.workspace().await;
    workspace.flag("menu").await;
    let key = workspace.api_key("dev", KeyKind::Server).await;
    (workspace, key)
}

/// Lets a node hear of another's changes until it has heard of the last one. Whoever begins to listen may miss what is told
/// meanwhile.
async fn acquaint(told: &mut Node, teller: &Services, (workspace, key): (&Workspace, &str)) {
    let heard = async {
        for number in 0.. {
            switch(teller, workspace, number % 2 == 0).await;
            let last = teller.delivery().authenticate(key).unwrap().environment.snapshot().revision();
            if tokio::time::timeout(Duration::from_millis(200), told.hear(last)).await.is_ok() {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.unwrap();
}

/// Without a look of its own a node hears of changes through PostgreSQL. Of its own it does not have to hear.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_tells_of_changes() {
    each(async |kit| {
        if kit.database.name != "postgres" {
            return;
        }
        let (workspace, key) = prepared(&kit).await;
        let mut node = Node::watching(kit.another_node().await, &key, NEVER).await;
        acquaint(&mut node, &kit.services, (&workspace, &key)).await;
        for enabled in [true, false, true] {
            let before = node.revision();
            switch(&kit.services, &workspace, enabled).await;
            node.reach(before + 1).await;
        }
        node.watcher.stop().await;
    })
    .await;
}

/// The same through Redis. Where that is killed a node looks by itself, and when it is back it hears again.
#[tokio::test(flavor = "multi_thread")]
async fn redis_tells_of_changes() {
    each(async |kit| {
        let Some(mut redis) = TestRedis::start() else { return };
        let (workspace, key) = prepared(&kit).await;
        let teller = kit.with_redis(&redis.url()).await;
        let mut deaf = Node::watching(kit.with_redis(&redis.url()).await, &key, NEVER).await;
        let mut looking =
            Node::watching(kit.with_redis(&redis.url()).await, &key, Duration::from_millis(50)).await;
        acquaint(&mut deaf, &teller, (&workspace, &key)).await;
        assert_eq!(teller.redis().unwrap().state(), BreakerState::Closed);

        redis.stop();
        let before = deaf.revision();
        for round in 0..6 {
            switch(&teller, &workspace, round % 2 == 1).await;
        }
        looking.reach(before + 6).await;
        let opened = async {
            while teller.redis().unwrap().state() == BreakerState::Closed {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, opened).await.unwrap();

        redis.start_again();
        // It hears that something may have been missed, and looks.
        deaf.reach(before + 6).await;
        kit.clock.advance(60_000);
        acquaint(&mut deaf, &teller, (&workspace, &key)).await;
        assert_eq!(teller.redis().unwrap().state(), BreakerState::Closed);
        looking.reach(deaf.revision()).await;
        deaf.watcher.stop().await;
        looking.watcher.stop().await;
    })
    .await;
}

/// Redis that takes commands and does not answer them holds up nobody: neither who changes something, nor who looks by
/// themselves. When it answers again, its hints are heard again.
#[tokio::test(flavor = "multi_thread")]
async fn redis_may_hang() {
    each(async |kit| {
        let Some(redis) = TestRedis::start() else { return };
        let (workspace, key) = prepared(&kit).await;
        let teller = kit.with_redis(&redis.url()).await;
        let mut deaf = Node::watching(kit.with_redis(&redis.url()).await, &key, NEVER).await;
        let mut looking =
            Node::watching(kit.with_redis(&redis.url()).await, &key, Duration::from_millis(20)).await;
        acquaint(&mut deaf, &teller, (&workspace, &key)).await;

        redis.hang();
        let before = deaf.revision();
        let began = std::time::Instant::now();
        for round in 0..20 {
            switch(&teller, &workspace, round % 2 == 1).await;
        }
        // A command may take a second until it is given up.
        assert!(began.elapsed() < Duration::from_secs(15), "changes wait for Redis: {:?}", began.elapsed());
        looking.reach(before + 20).await;
        redis.go_on();
        kit.clock.advance(60_000);
        acquaint(&mut deaf, &teller, (&workspace, &key)).await;
        looking.reach(deaf.revision()).await;
        for node in [deaf, looking] {
            node.watcher.stop().await;
        }
    })
    .await;
}

/// A thousand changes on two nodes at once: both end at the same revision, with the same bytes.
#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_end_with_the_same() {
    each(async |kit| {
        let (workspace, key) = prepared(&kit).await;
        let before = kit.services.delivery().authenticate(&key).unwrap().environment.snapshot().revision();
        let other = kit.another_node().await;
        let period = Duration::from_millis(20);
        let mut nodes = [
            Node::watching(kit.services.clone(), &key, period).await,
            Node::watching(other.clone(), &key, period).await,
        ];
        let changes: u64 = soak(100, 1000);
        let change = async |services: &Services| {
            for round in 0..changes / 2 {
                switch(services, &workspace, round % 2 == 0).await;
            }
        };
        tokio::join!(change(&kit.services), change(&other));
        let texts = {
            let mut texts = Vec::new();
            for node in &mut nodes {
                node.reach(before + changes).await;
                texts.push(node.events.snapshot().ruleset("dev", Encoding::Identity).unwrap());
            }
            texts
        };
        assert_eq!(texts[0], texts[1]);
        for node in nodes {
            node.watcher.stop().await;
        }
    })
    .await;
}

/// A node whose database is away hears through Redis of a key that was revoked, and refuses it. Other keys go on.
#[tokio::test(flavor = "multi_thread")]
async fn redis_tells_of_revoked_keys() {
    each(async |kit| {
        let Some(redis) = TestRedis::start() else { return };
        let (workspace, key) = prepared(&kit).await;
        let kept = workspace.api_key("dev", KeyKind::Server).await;
        let teller =
            Node::watching(kit.with_redis(&redis.url()).await, &key, Duration::from_millis(20)).await;
        let database = kit.database.connect_again().await;
        let connected = kit.redis(&redis.url());
        let parts = Parts { database: database.clone(), redis: Some(connected), ..kit.parts_of_another() };
        let services = Services::open(parts).await.unwrap();
        let delivery = services.delivery().clone();
        let mut cut_off = Node::watching(services, &key, NEVER).await;
        database.close().await.unwrap();

        workspace.revoke_key(&key).await;
        let ended = tokio::time::timeout(PATIENCE, async {
            while cut_off.events.end().is_none() {
                cut_off.events.woken().await;
            }
        });
        ended.await.unwrap();
        assert_eq!(cut_off.events.end(), Some(End::Revoked));
        assert!(delivery.authenticate(&key).is_none());
        assert!(delivery.authenticate(&kept).is_some());
        for node in [teller, cut_off] {
            node.watcher.stop().await;
        }
    })
    .await;
}

/// A purge tells how many streams hear of it: those of the node that is asked, and those of the others as of when they
/// counted last. A node that has stopped counts for nothing, at once or after a while.
#[tokio::test]
async fn a_purge_counts_streams_of_all_nodes() {
    each(async |kit| {
        let (workspace, key) = prepared(&kit).await;
        let other = kit.another_node().await;
        let follow = |services: &Services| {
            let caller = services.delivery().authenticate(&key).unwrap();
            services.delivery().follow(caller, None, None).unwrap()
        };
        let told = async || {
            let (flags, dev) = (kit.services.flags(), "dev".parse().unwrap());
            let command = PurgeCaches { flag: None, comment: None };
            flags.purge(&workspace.admin, &workspace.project, dev, command).await.unwrap().streams
        };
        let _here = follow(&kit.services);
        let there = (follow(&other), follow(&other));
        assert_eq!(told().await, 1);
        other.delivery().count_streams().await.unwrap();
        assert_eq!(told().await, 3);
        drop(there.0);
        kit.clock.advance(1);
        other.delivery().count_streams().await.unwrap();
        assert_eq!(told().await, 2);
        kit.clock.advance(30_000);
        assert_eq!(told().await, 1, "what is as old as that is not trusted");
        other.delivery().count_streams().await.unwrap();
        assert_eq!(told().await, 2);
        drop(there.1);
        kit.clock.advance(1);
        other.delivery().count_streams().await.unwrap();
        assert_eq!(told().await, 1);
        assert_eq!(kit.database.number("SELECT COUNT(*) FROM stream_count").await, 0);

        // An environment that was deleted meanwhile keeps the others from nothing.
        let again = follow(&other);
        let prod = workspace.api_key("prod", KeyKind::Server).await;
        other.delivery().refresh().await.unwrap();
        let caller = other.delivery().authenticate(&prod).unwrap();
        let _prod = other.delivery().follow(caller, None, None).unwrap();
        let command = DeleteEnvironment {
            project: workspace.project.clone(),
            environment: "prod".parse().unwrap(),
            confirm: "prod".into(),
        };
        kit.services.environments().delete(&workspace.owner, command).await.unwrap();
        other.delivery().count_streams().await.unwrap();
        assert_eq!(told().await, 2);
        drop(again);
    })
    .await;
}
