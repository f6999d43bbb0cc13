//! How values reach applications: snapshots and keys in memory, kept up to date, and counters.
//!
//! Evaluation reads what is here and nothing else. A change on this node refreshes it before the change's caller hears
//! of success; changes of other nodes, and whatever a refresh missed, come with the watcher's next look.

mod caches;
mod delta;
mod held;
mod key_rows;
mod keys;
mod known;
mod limits;
mod load;
mod pass;
mod reach;
mod ruleset;
mod snapshot;
mod streams;
mod subscription;
mod usage;
mod uses;
mod warm;
mod written;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use domain::{ApiKeyId, EnvironmentId, Millis, OrgId};
use tokio_util::sync::CancellationToken;

pub use caches::Outdated;
pub use delta::{Delta, Purge};
pub use held::{Held, Kind};
pub use keys::{Caller, Refused};
pub(crate) use limits::Limits;
pub use limits::{Exceeded, Limit, Quota, RateLimits, Scope};
pub use ruleset::Encoding;
pub use snapshot::{Evaluated, LiveEnvironment, Snapshot};
pub use subscription::{End, StreamLimits, Subscription, TooMany};
pub(crate) use usage::Flushed;
pub use warm::{Warm, WarmFile};

use crate::{Clock, Database, Result, Secrets, random_token};
use keys::KeyTable;

/// How many characters of a database's epoch tell it from others.
const EPOCH_LENGTH: usize = 8;

/// Snapshots, keys and counters. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Delivery(Arc<Inner>);

struct Inner {
    /// What this process calls itself among the nodes.
    node: String,
    database: Database,
    secrets: Secrets,
    clock: Arc<dyn Clock>,
    environments: ArcSwap<HashMap<EnvironmentId, Arc<LiveEnvironment>>>,
    keys: ArcSwap<KeyTable>,
    /// What the last look saw. Its lock lets one look happen at a time; evaluation never takes it.
    seen: tokio::sync::Mutex<Seen>,
    looked: reach::Looked,
    /// When the last look ended well, in epoch milliseconds.
    looked_at: AtomicI64,
    meters: usage::Meters,
    uses: uses::Uses,
    /// The epoch of the database, in short: what tells its revisions from another's.
    epoch: ArcSwap<String>,
    limits: Limits,
    stream_limits: StreamLimits,
    /// How many follow some environment.
    streams: AtomicUsize,
    is_stopping: AtomicBool,
    /// Whether what is served is not what was kept for a warm start.
    is_unkept: AtomicBool,
    forgotten: caches::Forgotten,
    /// Keys that were found to be revoked, until other nodes are told.
    revoked: Mutex<Vec<ApiKeyId>>,
}

#[derive(Default)]
struct Seen {
    access: HashMap<OrgId, i64>,
    keys: Vec<key_rows::KeyRow>,
    /// When the next key ends.
    next_end: Option<Millis>,
}

/// What is known about how current the snapshots are.
#[derive(Clone, Copy, Debug)]
pub struct Freshness {
    /// How many environments are served.
    pub environments: usize,
    /// Milliseconds since the database was last seen to be what the snapshots are.
    pub age_ms: i64,
}

impl Delivery {
    pub(crate) fn new(
        database: Database,
        secrets: Secrets,
        clock: Arc<dyn Clock>,
        epoch: &str,
        limits: Limits,
        stream_limits: StreamLimits,
    ) -> Self {
        Self(Arc::new(Inner {
            node: random_token(),
            database,
            secrets,
            clock,
            environments: ArcSwap::default(),
            keys: ArcSwap::default(),
            seen: tokio::sync::Mutex::default(),
            looked: reach::Looked::default(),
            looked_at: AtomicI64::new(0),
            meters: usage::Meters::default(),
            uses: uses::Uses::default(),
            epoch: ArcSwap::from_pointee(epoch.to_owned()),
            limits,
            stream_limits,
            streams: AtomicUsize::new(0),
            is_stopping: AtomicBool::new(false),
            is_unkept: AtomicBool::new(false),
            forgotten: caches::Forgotten::default(),
            revoked: Mutex::default(),
        }))
    }

    /// Whoever holds this raw key, or none: an unknown key, a revoked and an expired one are alike.
    pub fn authenticate(&self, raw: &str) -> Option<Arc<Caller>> {
        self.0.keys.load().find(raw, || self.0.secrets.api_key_hash(raw), || self.now())
    }

    /// Whether the holder of a key may ask now, from the address that is asked for where it matters: what is left to them,
    /// where their requests are counted. An address that is not known is nowhere.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn admit(
        &self,
        caller: &Caller,
        address: impl FnOnce() -> Option<IpAddr>,
    ) -> std::result::Result<Option<Quota>, Refused> {
        caller.admit(address, || self.now()).inspect_err(|refused| {
            if let Refused::TooOften(exceeded) = refused {
                self.0.limits.note(*exceeded);
            }
        })
    }

    /// Counts a request without a key that works, from an address if it is known.
    ///
    /// # Errors
    /// When there were too many from there.
    pub fn admit_stranger(&self, address: Option<IpAddr>) -> std::result::Result<(), Exceeded> {
        let admitted = self.0.limits.admit_stranger(address, self.now());
        admitted.inspect_err(|exceeded| self.0.limits.note(*exceeded))
    }

    /// How many requests were too many since the start, by whose limit it was.
    pub fn exceeded(&self) -> impl Iterator<Item = (Scope, u64)> {
        self.0.limits.exceeded()
    }

    /// Shares limits with other nodes, where Redis is there for it, until it is told to stop.
    pub(crate) async fn share_limits(&self, stop: CancellationToken) {
        self.0.limits.share(stop).await;
    }

    /// What tells revisions of this database from those of another: eight letters and digits, which are 48 bits.
    pub fn epoch(&self) -> Box<str> {
        self.0.epoch.load().chars().take(EPOCH_LENGTH).collect()
    }

    /// What is served of an environment, if it is.
    pub(crate) fn snapshot_of(&self, environment: EnvironmentId) -> Option<Arc<Snapshot>> {
        self.0.environments.load().get(&environment).map(|live| live.snapshot())
    }

    /// Now, by the instance's clock.
    pub fn now(&self) -> Millis {
        self.0.clock.now()
    }

    /// How current the snapshots are.
    pub fn freshness(&self) -> Freshness {
        let looked_at = self.0.looked_at.load(Ordering::Relaxed);
        let environments = self.0.environments.load().len();
        Freshness { environments, age_ms: self.now().0.saturating_sub(looked_at) }
    }

    /// Brings snapshots and keys up to date with the database.
    ///
    /// # Errors
    /// When the database fails. What is in memory stays as it was.
    pub async fn refresh(&self) -> Result<()> {
        let mut seen = self.0.seen.lock().await;
        let environments = self.refresh_environments(&mut seen).await;
        self.refresh_keys(&mut seen).await?;
        self.wake_at_ends(&mut seen);
        environments?;
        self.0.looked_at.store(self.now().0, Ordering::Relaxed);
        Ok(())
    }

    /// Tells those who follow an environment where a key has ended since the last look.
    fn wake_at_ends(&self, seen: &mut Seen) {
        let now = self.now();
        if seen.next_end.is_some_and(|end| end <= now) {
            self.wake_all();
        }
        seen.next_end = self.0.keys.load().next_end(now);
    }

    /// Tells those who follow an environment, whichever, to look whether something is new.
    fn wake_all(&self) {
        self.0.environments.load().values().for_each(|environment| environment.wake());
    }
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery").finish_non_exhaustive()
    }
}
