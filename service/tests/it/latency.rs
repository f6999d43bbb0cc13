//! How soon a change is on the streams of other nodes. Measured in `make soak`; in everyday runs machines are too busy for a
//! bound to say anything.

use std::time::{Duration, Instant};

use domain::api_keys::KeyKind;
use service::{Services, Watcher};
use testkit::{Kit, TestRedis, Workspace, each, soak};

/// How long a change may take. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a node looks by itself.
const LOOK: Duration = Duration::from_secs(1);

/// How long it takes from when a change is asked for on one node until it is there for the streams of the other: 99 of 100 changes
/// take no longer.
#[expect(clippy::print_stdout, reason = "`make soak` shows it")]
async fn measure(
    what: &str,
    (teller, other): (&Services, &Services),
    workspace: &Workspace,
    (key, changes): (&str, usize),
) -> Duration {
    let watcher = Watcher::looking_every(LOOK, other);
    let caller = other.delivery().authenticate(key).unwrap();
    let mut events = other.delivery().follow(caller, None, None).unwrap();
    let mut times = Vec::with_capacity(changes);
    for round in 0..changes {
        let switch = workspace.switch("menu", "dev", round % 2 == 0);
        let began = Instant::now();
        teller.flags().switch(&workspace.developer, switch).await.unwrap();
        let revision = teller.delivery().authenticate(key).unwrap().environment.snapshot().revision();
        let reaching = async {
            while events.snapshot().revision() < revision {
                events.woken().await;
            }
        };
        tokio::time::timeout(PATIENCE, reaching).await.unwrap();
        times.push(began.elapsed());
        // The next one comes at another time between two looks.
        tokio::time::sleep(Duration::from_millis(u64::try_from(round * 37 % 101).unwrap())).await;
    }
    watcher.stop().await;
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!(
        "{what}: {changes} changes, p50 {:?}, p99 {:?}, longest {:?}",
        at(50),
        at(99),
        times[times.len() - 1]
    );
    at(99)
}

async fn prepared(kit: &Kit) -> (Workspace, String) {
    let workspace = kit.workspace().await;
    workspace.flag("menu").await;
    let key = workspace.api_key("dev", KeyKind::Server).await;
    (workspace, key)
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_on_other_nodes_soon() {
    let goal = |goal_ms| soak(PATIENCE, Duration::from_millis(goal_ms));
    each(async |kit| {
        let (workspace, key) = prepared(&kit).await;
        let name = kit.database.name;
        if name == "postgres" {
            let nodes = (&kit.another_node().await, &kit.another_node().await);
            let took = measure("by NOTIFY", nodes, &workspace, (&key, soak(5, 500))).await;
            assert!(took < goal(200), "{took:?}");
        }
        let Some(redis) = TestRedis::start() else { return };
        let (teller, other) = (kit.with_redis(&redis.url()).await, kit.with_redis(&redis.url()).await);
        let what = format!("by Redis, on {name}");
        let took = measure(&what, (&teller, &other), &workspace, (&key, soak(5, 500))).await;
        assert!(took < goal(200), "{took:?}");
        // Whoever tells by Redis does not tell who listens to PostgreSQL: the look alone is left.
        let what = format!("by looking alone, on {name}");
        let took =
            measure(&what, (&teller, &kit.another_node().await), &workspace, (&key, soak(2, 100))).await;
        assert!(took < goal(1500), "{took:?}");
    })
    .await;
}
