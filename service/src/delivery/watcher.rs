//! The guarantee behind all hints: a look at the database every second.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::Delivery;
use crate::error::causes;

/// How often the database is looked at for changes that no hint told of.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// How often counters are written down.
const FLUSH_INTERVAL: Duration = Duration::from_secs(5);

/// Keeps snapshots current and counters written until it is stopped.
pub struct Watcher {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Watcher {
    /// Starts watching.
    pub fn start(delivery: Delivery) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let mut looks = ticks(LOOK_INTERVAL);
            let mut flushes = ticks(FLUSH_INTERVAL);
            let mut failing = false;
            loop {
                tokio::select! {
                    _ = stopped.changed() => return,
                    _ = looks.tick() => report(&mut failing, delivery.refresh().await),
                    _ = flushes.tick() => report(&mut failing, delivery.flush_usage().await),
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
fn report(failing: &mut bool, result: crate::Result<()>) {
    match result {
        Err(error) if !*failing => {
            *failing = true;
            tracing::error!(
                error.causes = causes(&error),
                "the database cannot be read; answering from memory"
            );
        }
        Ok(()) if *failing => {
            *failing = false;
            tracing::info!("the database can be read again");
        }
        Err(_) | Ok(()) => {}
    }
}
