//! What happens by itself: a look at the database every second, the guarantee behind all hints; counters written down;
//! what has expired deleted.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::Services;
use crate::error::causes;

/// How often the database is looked at for changes that no hint told of.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// How often counters are written down.
const FLUSH_INTERVAL: Duration = Duration::from_secs(5);

/// How often what has expired is deleted.
const TIDY_INTERVAL: Duration = Duration::from_secs(3600);

/// Keeps snapshots current and counters written until it is stopped.
pub struct Watcher {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Watcher {
    /// Starts watching.
    pub fn start(services: &Services) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let (delivery, services) = (services.delivery().clone(), services.clone());
        let task = tokio::spawn(async move {
            let mut looks =
                (ticks(LOOK_INTERVAL), Outage::new("the database cannot be read; answering from memory"));
            let mut flushes =
                (ticks(FLUSH_INTERVAL), Outage::new("usage cannot be written down; it is kept"));
            let mut tidies = (ticks(TIDY_INTERVAL), Outage::new("what has expired cannot be deleted"));
            loop {
                tokio::select! {
                    _ = stopped.changed() => return,
                    _ = looks.0.tick() => looks.1.report(delivery.refresh().await),
                    _ = flushes.0.tick() => flushes.1.report(delivery.flush_usage().await),
                    _ = tidies.0.tick() => tidies.1.report(services.accounts().tidy().await),
                }
            }
        });
        Self { stop, task }
    }

    /// Stops watching once the look under way has ended.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
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

    fn report(&mut self, result: crate::Result<()>) {
        match &result {
            Err(error) if !self.lasts => tracing::error!(error.causes = causes(error), "{}", self.text),
            Ok(()) if self.lasts => tracing::info!("over: {}", self.text),
            Err(_) | Ok(()) => {}
        }
        self.lasts = result.is_err();
    }
}
