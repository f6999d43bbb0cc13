//! Metering: what is counted in memory of each environment, and written down every few seconds.

mod attributes;
mod counters;
mod flush;
mod reported;
mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{EnvironmentId, OrgId};
use engine::FlagRef;

use attributes::Attributes;
pub(super) use counters::Counters;
pub(crate) use flush::Flushed;
use reported::Reported;

/// What is counted of one environment. It outlives its snapshots, and the environment until all of it is written down.
#[derive(Debug)]
pub(super) struct Meter {
    org_id: OrgId,
    environment_id: EnvironmentId,
    /// Of flags that are not there.
    unknown: Arc<Counters>,
    /// Of flags: those of the present snapshot, and those of earlier ones until they are written down. Evaluation has its
    /// own way to them.
    counters: Mutex<Vec<Arc<Counters>>>,
    /// What contexts' attributes are called.
    pub(super) attributes: Attributes,
    /// What others have evaluated themselves.
    reported: Mutex<Reported>,
}

impl Meter {
    fn new(org_id: OrgId, environment_id: EnvironmentId) -> Self {
        let unknown = Arc::new(Counters::unknown());
        let counters = Mutex::new(vec![Arc::clone(&unknown)]);
        let (attributes, reported) = (Attributes::default(), Mutex::default());
        Self { org_id, environment_id, unknown, counters, attributes, reported }
    }

    /// New counters of a flag.
    pub(super) fn counters(&self, flag: FlagRef<'_>) -> Arc<Counters> {
        let counters = Arc::new(Counters::new(flag));
        lock(&self.counters).push(Arc::clone(&counters));
        counters
    }

    /// The owner of the environment.
    pub(super) fn org_id(&self) -> OrgId {
        self.org_id
    }

    /// Those of flags that are not there.
    pub(super) fn unknown(&self) -> &Counters {
        &self.unknown
    }

    fn is_empty(&self) -> bool {
        lock(&self.counters).iter().all(|counters| counters.is_empty())
            && self.attributes.is_empty()
            && lock(&self.reported).is_empty()
    }

    /// Lets go of counters that no snapshot has any more and that are written down.
    fn tidy(&self) {
        lock(&self.counters).retain(|counters| Arc::strong_count(counters) > 1 || !counters.is_empty());
    }
}

/// What is counted, of all environments.
#[derive(Debug, Default)]
pub(super) struct Meters(Mutex<Vec<Arc<Meter>>>);

impl Meters {
    /// What is counted of an environment from now on.
    pub(super) fn begin(&self, org_id: OrgId, environment_id: EnvironmentId) -> Arc<Meter> {
        let meter = Arc::new(Meter::new(org_id, environment_id));
        lock(&self.0).push(Arc::clone(&meter));
        meter
    }

    fn all(&self) -> Vec<Arc<Meter>> {
        lock(&self.0).clone()
    }

    /// Lets go of environments that are served no more and written down.
    fn tidy(&self) {
        lock(&self.0).retain(|meter| {
            meter.tidy();
            Arc::strong_count(meter) > 1 || !meter.is_empty()
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
