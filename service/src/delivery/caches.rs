//! Caches in front, which keep what browser keys are answered: how long they may, and when they are to forget it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::{EnvironmentId, Millis};
use tokio::sync::Notify;

use super::Delivery;
use super::keys::Caller;
use super::snapshot::LiveEnvironment;

/// An environment of which something was answered that is not true any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// Its key.
    pub environment: Box<str>,
    /// What names all answers of the environment to caches.
    pub tag: String,
    /// The revision that is served now.
    pub revision: u64,
}

/// The environments that caches have not been told of yet. Only the newest of each counts.
#[derive(Debug, Default)]
pub(super) struct Forgotten {
    environments: Mutex<BTreeMap<EnvironmentId, Outdated>>,
    told: Notify,
}

impl Forgotten {
    /// What caches keep of an environment is not true any more.
    pub(super) fn add(&self, live: &LiveEnvironment) {
        let environment = live.key().into();
        let outdated = Outdated { environment, tag: live.cache_tag(), revision: live.snapshot().revision() };
        let mut environments = self.environments.lock().unwrap_or_else(PoisonError::into_inner);
        environments.insert(live.id, outdated);
        self.told.notify_one();
    }

    fn take(&self) -> Vec<Outdated> {
        let mut environments = self.environments.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *environments).into_values().collect()
    }
}

impl Delivery {
    /// Waits until something that this node answered before is not true any more, and says of which environments: after
    /// revisions, and where a key ends before its time. One waits at a time.
    pub async fn outdated(&self) -> Vec<Outdated> {
        loop {
            let outdated = self.0.forgotten.take();
            if !outdated.is_empty() {
                return outdated;
            }
            self.0.forgotten.told.notified().await;
        }
    }
}

impl LiveEnvironment {
    /// What names all answers of the environment to caches in front.
    pub fn cache_tag(&self) -> String {
        format!("togglebit-{}", self.id)
    }
}

impl Caller {
    /// For how many whole seconds from now everybody who sends the key is answered the same, as far as can be known; 0 where
    /// it depends on more than the key and what is asked.
    pub fn same_for(&self, now: Millis) -> i64 {
        if self.bounds.as_ref().is_some_and(|bounds| bounds.networks.is_some()) {
            return 0;
        }
        let end = self.expires_at.map_or(i64::MAX, |at| at.0).min(self.environment.next_edge());
        end.saturating_sub(now.0).max(0) / 1000
    }
}
