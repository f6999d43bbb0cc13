//! One environment in memory.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use domain::api_keys::KeyKind;
use domain::{EnvironmentId, OrgId};
use engine::{Compiled, Context, Detail, FlagRef};

use super::usage::Counters;

/// An environment that is being served.
#[derive(Debug)]
pub struct LiveEnvironment {
    pub(super) id: EnvironmentId,
    pub(super) org_id: OrgId,
    /// Stays what it is for as long as there is the environment.
    key: Box<str>,
    snapshot: ArcSwap<Snapshot>,
}

/// An environment's flags at one revision, and their counters.
#[derive(Debug)]
pub struct Snapshot {
    compiled: Compiled,
    counters: HashMap<Box<str>, Arc<Counters>>,
    unknown: Arc<Counters>,
}

impl LiveEnvironment {
    pub(super) fn new(id: EnvironmentId, org_id: OrgId, key: &str) -> Self {
        let compiled = Compiled::default();
        let unknown = Arc::new(Counters::new(org_id, id, "", std::iter::empty()));
        let snapshot = ArcSwap::from_pointee(Snapshot { compiled, counters: HashMap::new(), unknown });
        Self { id, org_id, key: key.into(), snapshot }
    }

    /// The environment's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The current snapshot. It stays whole for as long as it is held.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Replaces the snapshot. Flags whose variations stayed the same keep their counters; the others' are returned, to
    /// be written down a last time.
    pub(super) fn replace(&self, compiled: Compiled) -> Vec<Arc<Counters>> {
        let old = self.snapshot.load();
        let mut retired: HashMap<_, _> = old.counters.clone();
        let mut counters = HashMap::with_capacity(old.counters.len());
        for flag in compiled.flags() {
            let kept = old.counters.get(flag.key()).filter(|kept| kept.is_for(flag.variations()));
            let kept = match kept {
                Some(kept) => {
                    retired.remove(flag.key());
                    Arc::clone(kept)
                }
                None => Arc::new(Counters::new(self.org_id, self.id, flag.key(), flag.variations())),
            };
            counters.insert(flag.key().into(), kept);
        }
        let unknown = Arc::clone(&old.unknown);
        self.snapshot.store(Arc::new(Snapshot { compiled, counters, unknown }));
        retired.into_values().collect()
    }
}

impl Snapshot {
    /// The flags.
    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// Evaluates one flag for the holder of a key of this kind, and counts it. `now` is in epoch milliseconds.
    pub fn evaluate(&self, kind: KeyKind, key: &str, context: &Context<'_>, now: i64) -> Detail<'_> {
        let visible = self.compiled.flag(key).filter(|flag| is_visible(*flag, kind));
        let (detail, counters) = match visible {
            Some(flag) => (flag.evaluate(context, now), self.counters.get(key)),
            None => (self.compiled.not_found(), None),
        };
        counters.unwrap_or(&self.unknown).count(&detail);
        detail
    }

    /// Evaluates all flags that the holder of a key of this kind may see, and counts them.
    pub fn evaluate_all(&self, kind: KeyKind, context: &Context<'_>, now: i64) -> Vec<(&str, Detail<'_>)> {
        let visible = self.compiled.flags().filter(|flag| is_visible(*flag, kind));
        visible.map(|flag| (flag.key(), self.evaluate(kind, flag.key(), context, now))).collect()
    }

    pub(super) fn counters(&self) -> impl Iterator<Item = &Arc<Counters>> {
        self.counters.values().chain(std::iter::once(&self.unknown))
    }
}

/// Browser keys are public: they see the flags that are marked for browsers alone.
fn is_visible(flag: FlagRef<'_>, kind: KeyKind) -> bool {
    kind == KeyKind::Server || flag.client_side()
}
