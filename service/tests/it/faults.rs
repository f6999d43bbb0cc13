//! What goes on while parts fail: evaluation does, and nothing is lost or stale afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use domain::api_keys::KeyKind;
use service::delivery::{Encoding, WarmFile};
use service::{Clock, Database, Parts, Services, Watcher};
use testkit::{FaultyPostgres, Kit, ManualClock, TestDatabase, each, soak};

use crate::{evaluate, on};

/// How long something may take to be so. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whoever asks for a flag again and again, and always gets the same.
struct Load {
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    thread: std::thread::JoinHandle<()>,
}

impl Load {
    fn of(services: &Services, key: &str) -> Self {
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (services, key) = (services.clone(), key.to_owned());
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&asked));
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                assert_eq!(evaluate(&services, &key, "menu"), on(2, 2));
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { stop, asked, thread }
    }

    /// Waits until some thousands more were answered.
    async fn goes_on(&self) {
        let before = self.asked.load(Ordering::Relaxed);
        eventually(async || self.asked.load(Ordering::Relaxed) > before + 5000).await;
    }

    fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
    }
}

async fn eventually(so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
}

/// While the database is stopped every evaluation is answered as before and no change is half done; when it is back the
/// node recovers by itself.
#[tokio::test(flavor = "multi_thread")]
async fn no_evaluation_fails_while_the_database_is_stopped() {
    let Some(mut server) = FaultyPostgres::start() else { return };
    let kit = Kit::over(TestDatabase::of(&server).await).await;
    let workspace = kit.workspace().await;
    workspace.flag("menu").await;
    let switch = |enabled| workspace.switch("menu", "dev", enabled);
    kit.services.flags().switch(&workspace.developer, switch(true)).await.unwrap();
    let key = workspace.api_key("dev", KeyKind::Server).await;
    let watcher = Watcher::looking_every(Duration::from_millis(50), &kit.services);
    let load = Load::of(&kit.services, &key);
    load.goes_on().await;

    for _ in 0..soak(2, 20) {
        server.stop();
        load.goes_on().await;
        let refused = kit.services.flags().switch(&workspace.developer, switch(false)).await;
        assert!(matches!(refused, Err(service::Error::Database(_))), "{refused:?}");
        load.goes_on().await;
        server.start_again();
        eventually(async || kit.services.delivery().refresh().await.is_ok()).await;
        load.goes_on().await;
    }
    load.end();
    eventually(async || kit.services.flags().switch(&workspace.developer, switch(false)).await.is_ok()).await;
    assert!(!evaluate(&kit.services, &key, "menu").enabled);
    // What was counted meanwhile is written down.
    watcher.stop().await;
    eventually(async || kit.services.delivery().flush_usage().await.is_ok()).await;
}

/// A node that starts while the database is stopped serves what was kept, and is current as soon as it is back.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_starts_without_the_database() {
    let Some(mut server) = FaultyPostgres::start() else { return };
    let kit = Kit::over(TestDatabase::of(&server).await).await;
    let folder = tempfile::tempdir().unwrap();
    let file = WarmFile::at(folder.path().join("snapshots"));
    let workspace = kit.workspace().await;
    workspace.flag("menu").await;
    let key = workspace.api_key("dev", KeyKind::Server).await;
    let switch = |enabled| workspace.switch("menu", "dev", enabled);
    kit.services.flags().switch(&workspace.developer, switch(true)).await.unwrap();
    kit.services.delivery().keep(&file).await.unwrap();
    kit.services.flags().switch(&workspace.developer, switch(false)).await.unwrap();
    server.stop();

    let database = Database::unreached(server.url()).await.unwrap();
    let parts = Parts { database, ..kit.parts_of_another() };
    let cold = Services::open_warm(parts, file.read().unwrap().unwrap()).await;
    let watcher = Watcher::looking_every(Duration::from_millis(50), &cold);
    assert_eq!(evaluate(&cold, &key, "menu"), on(2, 2));
    server.start_again();
    eventually(async || !evaluate(&cold, &key, "menu").enabled).await;
    watcher.stop().await;
}

/// Nodes whose clocks are an hour apart serve the same: what orders changes is the database.
#[tokio::test(flavor = "multi_thread")]
async fn clocks_may_be_apart() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let key = workspace.api_key("dev", KeyKind::Server).await;
        let ahead = Arc::new(ManualClock::default());
        ahead.advance(3_600_000);
        let clock = Arc::clone(&ahead) as Arc<dyn Clock>;
        let other = Services::open(Parts { clock, ..kit.parts_of_another() }).await.unwrap();
        for round in 0..10 {
            let node = if round % 2 == 0 { &kit.services } else { &other };
            let switch = workspace.switch("menu", "dev", round % 4 < 2);
            node.flags().switch(&workspace.developer, switch).await.unwrap();
        }
        let text = async |services: &Services| {
            services.delivery().refresh().await.unwrap();
            let snapshot = services.delivery().authenticate(&key).unwrap().environment.snapshot();
            snapshot.ruleset("dev", Encoding::Identity).unwrap()
        };
        let (one, another) = (text(&kit.services).await, text(&other).await);
        assert_eq!(one, another);
        assert_eq!(evaluate(&kit.services, &key, "menu"), evaluate(&other, &key, "menu"));
    })
    .await;
}
