//! How values reach applications: snapshots and keys in memory, kept up to date, and counters.
//!
//! Evaluation reads what is here and nothing else. A change on this node refreshes it before the change's caller hears
//! of success; changes of other nodes, and whatever a refresh missed, come with the watcher's next look.

mod keys;
mod limit;
mod load;
mod snapshot;
mod usage;
mod uses;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;
use domain::{EnvironmentId, Millis, OrgId};

pub use keys::{Caller, Refused};
pub use limit::Quota;
pub use snapshot::{LiveEnvironment, Snapshot};

use crate::{Clock, Database, Result, Secrets};
use keys::KeyTable;

/// Snapshots, keys and counters. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Delivery(Arc<Inner>);

struct Inner {
    database: Database,
    secrets: Secrets,
    clock: Arc<dyn Clock>,
    environments: ArcSwap<HashMap<EnvironmentId, Arc<LiveEnvironment>>>,
    keys: ArcSwap<KeyTable>,
    /// What the last look saw. Its lock lets one look happen at a time; evaluation never takes it.
    seen: tokio::sync::Mutex<Seen>,
    /// When the last look ended well, in epoch milliseconds.
    looked_at: AtomicI64,
    retired: std::sync::Mutex<Vec<Arc<usage::Counters>>>,
    uses: uses::Uses,
}

#[derive(Default)]
struct Seen {
    access: HashMap<OrgId, i64>,
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
    pub(crate) fn new(database: Database, secrets: Secrets, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            database,
            secrets,
            clock,
            environments: ArcSwap::default(),
            keys: ArcSwap::default(),
            seen: tokio::sync::Mutex::default(),
            looked_at: AtomicI64::new(0),
            retired: std::sync::Mutex::default(),
            uses: uses::Uses::default(),
        }))
    }

    /// Whoever holds this raw key, or none: an unknown key, a revoked and an expired one are alike.
    pub fn authenticate(&self, raw: &str) -> Option<Arc<Caller>> {
        self.0.keys.load().find(raw, || self.0.secrets.api_key_hash(raw), || self.now())
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
        let environments = self.refresh_environments().await;
        self.refresh_keys(&mut seen).await?;
        environments?;
        self.0.looked_at.store(self.now().0, Ordering::Relaxed);
        Ok(())
    }
}
