//! Limits that several nodes share.

use std::time::{Duration, Instant};

use service::{BreakerState, Parts, Services, Settings, Watcher};
use testkit::{Kit, TestRedis, each};

use super::{ask, asked, key, limit, rates};

/// How long something may take. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// So rare that a test is over before.
const NEVER: Duration = Duration::from_secs(3600);

/// A pause between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A node that shares limits.
struct Node {
    services: Services,
    watcher: Watcher,
}

impl Node {
    async fn over(kit: &Kit, redis: &TestRedis, settings: Settings) -> Self {
        let redis = Some(kit.redis(&redis.url()));
        let services = Services::open(Parts { settings, redis, ..kit.parts_of_another() }).await.unwrap();
        let watcher = Watcher::looking_every(NEVER, &services);
        Self { services, watcher }
    }

    /// Asks until it is refused; how often it was let in.
    async fn ask_all(&self, key: &str) -> usize {
        let asking = async {
            let mut admitted = 0;
            while ask(&self.services, key).is_ok() {
                admitted += 1;
                tokio::time::sleep(PAUSE).await;
            }
            admitted
        };
        tokio::time::timeout(PATIENCE, asking).await.unwrap()
    }
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(PAUSE).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "waited in vain until {what}");
}

/// How many milliseconds the only bucket in Redis takes to fill; 0 where there is none.
fn fills_in(redis: &TestRedis) -> i64 {
    match redis.ask(&["KEYS", "togglebit:limit:*"]).trim() {
        "" => 0,
        name => redis.ask(&["PTTL", name]).trim().parse::<i64>().unwrap().max(0),
    }
}

/// Runs a test with two nodes over one Redis, and with a key.
async fn with_nodes(settings: Settings, test: impl AsyncFn(&Kit, &mut TestRedis, [&Node; 2], &str)) {
    each(async |kit| {
        // What is shared is in Redis, whatever the database is.
        if kit.database.name != "sqlite" {
            return;
        }
        let Some(mut redis) = TestRedis::start() else { return };
        let workspace = kit.workspace().await;
        let first = Node::over(&kit, &redis, settings.clone()).await;
        let second = Node::over(&kit, &redis, settings.clone()).await;
        let key = key(&workspace, &kit, &first.services, None).await;
        second.services.delivery().refresh().await.unwrap();
        test(&kit, &mut redis, [&first, &second], &key).await;
        first.watcher.stop().await;
        second.watcher.stop().await;
    })
    .await;
}

/// What one node lets in the other one does not, for a key and for an organization alike; and nothing of it stays in Redis
/// for longer than it counts. Nobody is refused for want of a lease.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_lets_in_counts_on_the_other() {
    for settings in [rates(limit(1, 100), None), rates(None, limit(1, 100))] {
        with_nodes(settings, async |_, redis, [first, second], key| {
            let start = Instant::now();
            let at_once = asked(&first.services, key, 60).0;
            assert_eq!(at_once, 60);
            until("the first has told", || fills_in(redis) > 50_000).await;
            // The second knows nothing of it until it has asked, which it does with its first request.
            assert!(ask(&second.services, key).is_ok());
            let told = start.elapsed();
            until("the second has told", || {
                fills_in(redis) > 60_500 - i64::try_from(told.as_millis()).unwrap()
            })
            .await;
            let admitted =
                61 + second.ask_all(key).await + first.ask_all(key).await + second.ask_all(key).await;
            let most = 100 + usize::try_from(start.elapsed().as_secs()).unwrap() + 1;
            assert!((100..=most + 3).contains(&admitted), "{admitted} of {most}");
            let lasts = fills_in(redis);
            assert!((90_000..=110_000).contains(&lasts), "{lasts}");
        })
        .await;
    }
}

/// Two nodes that are asked without end let in together what one may, and what they let in at first before either knew of
/// the other is made good.
#[tokio::test(flavor = "multi_thread")]
async fn together_they_let_in_what_one_may() {
    const RATE: u32 = 200;
    with_nodes(rates(limit(RATE, RATE), None), async |_, _, nodes, key| {
        let start = Instant::now();
        let rush = async |node: &Node| {
            let mut admitted = asked(&node.services, key, 200).0;
            while start.elapsed() < Duration::from_millis(2500) {
                admitted += asked(&node.services, key, 20).0;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            admitted
        };
        let (first, second) = tokio::join!(rush(nodes[0]), rush(nodes[1]));
        let seconds = start.elapsed().as_secs_f64();
        let (admitted, may) =
            (f64::from(u32::try_from(first + second).unwrap()), f64::from(RATE) * (1.0 + seconds));
        // A batch for each node, and one more.
        assert!(admitted <= may + 60.0, "{admitted} ({first} and {second}) instead of {may}");
        assert!(admitted >= may * 0.7, "{admitted} ({first} and {second}) instead of {may}");
    })
    .await;
}

/// Without Redis each node counts by itself, with a bucket of its own; when Redis is back they share again.
#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_counts_by_itself() {
    with_nodes(rates(limit(1, 100), None), async |kit, redis, [first, second], key| {
        assert_eq!(asked(&first.services, key, 50).0, 50);
        until("the first has told", || fills_in(redis) > 40_000).await;
        redis.stop();
        // Long enough for any bucket to be full again.
        kit.clock.advance(300_000);
        for node in [first, second] {
            let mut admitted = 0;
            until("a whole bucket is let in", || {
                admitted += asked(&node.services, key, 10).0;
                admitted >= 100
            })
            .await;
            // It may hold a token yet that it had leased.
            assert!(admitted + asked(&node.services, key, 10).0 <= 102, "{admitted}");
        }
        let state = || first.services.redis().unwrap().state();
        until("Redis is left alone", || {
            let _ = ask(&first.services, key);
            state() == BreakerState::Open
        })
        .await;

        redis.start_again();
        kit.clock.advance(300_000);
        let mut admitted = 0;
        until("it is asked again", || {
            kit.clock.advance(60_000);
            admitted += asked(&first.services, key, 1).0;
            state() == BreakerState::Closed && fills_in(redis) > 0
        })
        .await;
        until("the other one has asked", || {
            kit.clock.advance(60_000);
            let before = fills_in(redis);
            admitted += asked(&second.services, key, 1).0;
            second.services.redis().unwrap().state() == BreakerState::Closed && fills_in(redis) > before
        })
        .await;
        // What was let in while Redis was away is owed by none; what is let in now is by both.
        let rest = first.ask_all(key).await + second.ask_all(key).await + first.ask_all(key).await;
        assert!(rest + admitted >= 95 && rest <= 110, "{admitted} and {rest}");
        until("the bucket in Redis is empty", || fills_in(redis) > 90_000).await;
    })
    .await;
}
