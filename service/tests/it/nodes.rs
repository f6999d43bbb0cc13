//! Several nodes over one database: how they hear of each other's changes, and what is left where they cannot.

use std::time::Duration;

use domain::api_keys::KeyKind;
use service::delivery::{Encoding, Subscription};
use service::{BreakerState, Services, Watcher};
use testkit::{Kit, TestRedis, Workspace, each};

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

    /// Waits until it has a revision.
    async fn reach(&mut self, revision: u64) {
        let reaching = async {
            while self.revision() < revision {
                self.events.woken().await;
            }
        };
        let reached = tokio::time::timeout(PATIENCE, reaching).await;
        assert!(reached.is_ok(), "{} instead of {revision}", self.revision());
        assert_eq!(self.revision(), revision);
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

/// Lets a node hear from another once. Whoever begins to listen may miss what is told meanwhile.
async fn acquaint(told: &mut Node, teller: &Services, workspace: &Workspace) {
    let heard = async {
        for number in 0.. {
            let before = told.revision();
            switch(teller, workspace, number % 2 == 0).await;
            if tokio::time::timeout(Duration::from_millis(200), told.reach(before + 1)).await.is_ok() {
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
        acquaint(&mut node, &kit.services, &workspace).await;
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
        acquaint(&mut deaf, &teller, &workspace).await;
        assert_eq!(teller.redis().unwrap().state(), BreakerState::Closed);

        redis.stop();
        let before = looking.revision();
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
        acquaint(&mut deaf, &teller, &workspace).await;
        assert_eq!(teller.redis().unwrap().state(), BreakerState::Closed);
        looking.reach(deaf.revision()).await;
        deaf.watcher.stop().await;
        looking.watcher.stop().await;
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
        const CHANGES: u64 = 100;
        let change = async |services: &Services| {
            for round in 0..CHANGES / 2 {
                switch(services, &workspace, round % 2 == 0).await;
            }
        };
        tokio::join!(change(&kit.services), change(&other));
        let texts = {
            let mut texts = Vec::new();
            for node in &mut nodes {
                node.reach(before + CHANGES).await;
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
