//! What happens by itself: looks at the database, each second as the guarantee behind all hints and at once when another
//! node tells of a change; counters written down; what has expired deleted.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Services;
use crate::error::causes;

/// How often the database is looked at for changes that no hint told of.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// How often counters are written down.
const FLUSH_INTERVAL: Duration = Duration::from_secs(5);

/// How often what is served is kept for a warm start, where it is another.
const KEEP_INTERVAL: Duration = Duration::from_secs(5);

/// How often nodes tell each other which keys were revoked: twice of it is well within the two seconds that it may take.
const REVOCATION_INTERVAL: Duration = Duration::from_millis(500);

/// How often what has expired is deleted.
const TIDY_INTERVAL: Duration = Duration::from_secs(3600);

/// Keeps snapshots current and counters written until it is stopped.
pub struct Watcher {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Watcher {
    /// Starts watching.
    pub fn start(services: &Services) -> Self {
        Self::looking_every(LOOK_INTERVAL, services)
    }

    /// Starts watching, and looks at the database so often, besides what other nodes tell of.
    pub fn looking_every(period: Duration, services: &Services) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        // Each in a task of its own: writing counters down may take longer than a look may wait.
        let (hints, stopped) = (services.hints().clone(), stop.clone());
        tasks.spawn(async move { hints.listen(&stopped).await });
        tasks.spawn(look(services.clone(), period, stop.clone()));
        tasks.spawn(tell(services.clone(), stop.clone()));
        let again = (stop.clone(), services.clone());
        let outage = Outage::new("usage cannot be written down; it is kept");
        let flush = |services: Services| async move { services.delivery().flush_usage().await };
        tasks.spawn(repeat(again.clone(), FLUSH_INTERVAL, outage, flush));
        let (delivery, stopped) = (services.delivery().clone(), stop.clone());
        tasks.spawn(async move { delivery.share_limits(stopped).await });
        let outage = Outage::new("other nodes cannot be told how many streams there are");
        let count = |services: Services| async move { services.count_streams().await };
        tasks.spawn(repeat(again.clone(), FLUSH_INTERVAL, outage, count));
        let outage = Outage::new("what is served cannot be kept for a start without the database");
        let keep = |services: Services| async move { services.keep_warm().await };
        tasks.spawn(repeat(again.clone(), KEEP_INTERVAL, outage, keep));
        let outage = Outage::new("Redis cannot tell which keys were revoked");
        let revocations = |services: Services| async move {
            services.tell_revocations().await?;
            services.heed_revocations().await
        };
        tasks.spawn(repeat(again.clone(), REVOCATION_INTERVAL, outage, revocations));
        let outage = Outage::new("what has expired cannot be deleted");
        let tidy = |services: Services| async move { services.tidy().await };
        tasks.spawn(repeat(again, TIDY_INTERVAL, outage, tidy));
        tasks.close();
        Self { stop, tasks }
    }

    /// Stops watching once what is under way has ended.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

/// Looks at the database from time to time, and when another node tells of a change.
async fn look(services: Services, period: Duration, stop: CancellationToken) {
    let mut outage = Outage::new("the database cannot be read; answering from memory");
    let mut ticks = ticks(period);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
            () = services.hints().heard() => {}
        }
        services.news().wake();
        outage.report(services.delivery().refresh().await);
    }
}

/// Tells pages that are open what happens: after changes of this node, and at each look.
async fn tell(services: Services, stop: CancellationToken) {
    let mut outage = Outage::new("the audit log cannot be read; pages that are open are told later");
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = services.news().due() => {}
        }
        outage.report(services.tell_news().await);
    }
}

/// Does something again and again.
async fn repeat<W, E>(
    (stop, services): (CancellationToken, Services),
    period: Duration,
    mut outage: Outage,
    work: impl Fn(Services) -> W,
) where
    W: Future<Output = Result<(), E>>,
    E: std::error::Error,
{
    let mut ticks = ticks(period);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => outage.report(work(services.clone()).await),
        }
    }
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Logs the beginning and the end of an outage, not every second of it.
struct Outage {
    text: &'static str,
    lasts: bool,
}

impl Outage {
    fn new(text: &'static str) -> Self {
        Self { text, lasts: false }
    }

    fn report<E: std::error::Error>(&mut self, result: Result<(), E>) {
        match &result {
            Err(error) if !self.lasts => tracing::error!(error.causes = causes(error), "{}", self.text),
            Ok(()) if self.lasts => tracing::info!("over: {}", self.text),
            Err(_) | Ok(()) => {}
        }
        self.lasts = result.is_err();
    }
}
