//! Following an environment: being told that something may be new, and why it ends.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::Millis;
use tokio::sync::watch;

use super::Delivery;
use super::keys::Caller;
use super::snapshot::Snapshot;

/// How many may follow on one node.
#[derive(Clone, Copy, Debug)]
pub struct StreamLimits {
    /// By one key.
    pub per_key: usize,
    /// All together.
    pub in_all: usize,
}

impl Default for StreamLimits {
    fn default() -> Self {
        Self { per_key: 10_000, in_all: 50_000 }
    }
}

/// As many follow as may: by the key, or on the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Why following an environment ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The server stops.
    Stopping,
    /// There is no such environment any more.
    Gone,
    /// The key works no more, or not from there.
    Revoked,
    /// What it was begun with was good until now.
    Expired,
    /// The database is another one than before: revisions count anew.
    Replaced,
}

impl End {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::Gone => "environment_gone",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Replaced => "database_replaced",
        }
    }
}

/// Somebody who follows an environment. Dropped, they do no more.
#[derive(Debug)]
pub struct Subscription {
    delivery: Delivery,
    /// The database's epoch when it began.
    epoch: Arc<String>,
    caller: Arc<Caller>,
    address: Option<IpAddr>,
    /// When it ends by itself, if it does.
    until: Option<Millis>,
    wakes: watch::Receiver<u64>,
}

impl Delivery {
    /// Begins to follow the environment of a key, from an address, until a time.
    ///
    /// # Errors
    /// When too many do.
    pub fn follow(
        &self,
        caller: Arc<Caller>,
        address: Option<IpAddr>,
        until: Option<Millis>,
    ) -> Result<Subscription, TooMany> {
        let StreamLimits { per_key, in_all } = self.0.stream_limits;
        if !take(&self.0.streams, in_all) {
            tracing::warn!(in_all, "a stream found no place on this node");
            return Err(TooMany);
        }
        if !take(&caller.last_use.streams, per_key) {
            self.0.streams.fetch_sub(1, Ordering::Relaxed);
            tracing::warn!(per_key, api_key.id = %caller.id, "a stream found no place by its key");
            return Err(TooMany);
        }
        caller.environment.streams.fetch_add(1, Ordering::Relaxed);
        let wakes = caller.environment.wakes();
        let epoch = self.0.epoch.load_full();
        Ok(Subscription { delivery: self.clone(), epoch, caller, address, until, wakes })
    }

    /// Ends whatever follows an environment. Whoever begins afterwards ends at once.
    pub fn end_streams(&self) {
        self.0.is_stopping.store(true, Ordering::Relaxed);
        self.wake_all();
    }

    /// How many follow all environments of this node together.
    pub fn streams(&self) -> usize {
        self.0.streams.load(Ordering::Relaxed)
    }
}

/// Takes one of so many places.
fn take(places: &AtomicUsize, limit: usize) -> bool {
    let one_more = |taken| (taken < limit).then_some(taken + 1);
    places.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
}

impl Subscription {
    /// Waits until something may be new, or it may have ended.
    pub async fn woken(&mut self) {
        // The environment's other end is held by the caller.
        let _ = self.wakes.changed().await;
    }

    /// Why it is over, if it is.
    pub fn end(&self) -> Option<End> {
        let now = self.delivery.now();
        let may_go_on = || {
            let caller = self.delivery.0.keys.load().by_id(self.caller.id, now);
            caller.is_some_and(|caller| caller.may_go_on(self.address, now))
        };
        match () {
            () if self.delivery.0.is_stopping.load(Ordering::Relaxed) => Some(End::Stopping),
            () if self.caller.environment.is_gone() => Some(End::Gone),
            () if !may_go_on() => Some(End::Revoked),
            () if self.until.is_some_and(|until| until <= now) => Some(End::Expired),
            () if self.epoch != *self.delivery.0.epoch.load() => Some(End::Replaced),
            () => None,
        }
    }

    /// Who follows.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The environment as it is now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.caller.environment.snapshot()
    }

    /// Now, by the instance's clock.
    pub fn now(&self) -> Millis {
        self.delivery.now()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let places =
            [&self.delivery.0.streams, &self.caller.last_use.streams, &self.caller.environment.streams];
        for place in places {
            place.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
