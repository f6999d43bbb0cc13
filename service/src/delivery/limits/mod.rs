//! How often may be asked: with a key, with all keys of an organization, and from an address without a key that works.
//!
//! In memory on one node. Several nodes with Redis share the buckets of keys and organizations ([`lease`]); where Redis does
//! not answer, each counts by itself. Addresses are counted by each node by itself: what that keeps from is work for the node.

mod addresses;
mod bucket;
mod lease;
mod limit;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::Millis;
use tokio_util::sync::CancellationToken;

use crate::{Clock, Redis};
use addresses::Addresses;
pub(super) use bucket::{Bucket, Subject};
pub use bucket::{Exceeded, Scope};
use lease::Leases;
use limit::Spent;
pub use limit::{Limit, Quota};

/// How often somebody without a key that works may ask unless the operator says otherwise: in a second, and at once.
const PER_ADDRESS: (u32, u32) = (20, 100);

/// How often may be asked, as the operator decides; none for as often as anybody likes.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// With a key that has no limit of its own.
    pub per_key: Option<Limit>,
    /// With all keys of an organization together.
    pub per_organization: Option<Limit>,
    /// From an address, without a key that works.
    pub per_address: Option<Limit>,
}

impl Default for RateLimits {
    fn default() -> Self {
        let (rate, burst) = PER_ADDRESS;
        Self { per_key: None, per_organization: None, per_address: Limit::new(rate, burst) }
    }
}

/// All that is counted to limit it.
pub(crate) struct Limits {
    rates: RateLimits,
    buckets: Mutex<HashMap<Subject, Arc<Bucket>>>,
    addresses: Addresses,
    /// What shares buckets with other nodes, where something does.
    leases: Option<Arc<Leases>>,
    /// How many requests were too many, by scope.
    exceeded: [AtomicU64; SCOPES.len()],
}

const SCOPES: [Scope; 3] = [Scope::Key, Scope::Organization, Scope::Address];

impl Limits {
    pub(crate) fn new(rates: RateLimits, redis: Option<&Redis>, clock: &Arc<dyn Clock>) -> Self {
        Self {
            rates,
            buckets: Mutex::default(),
            addresses: Addresses::new(rates.per_address),
            leases: redis.map(|redis| Arc::new(Leases::new(redis.clone(), Arc::clone(clock)))),
            exceeded: Default::default(),
        }
    }

    /// What a key's requests are taken from: its own rate, a second's worth at once, or what the operator decided.
    pub(super) fn of_key(&self, key: domain::ApiKeyId, own_rate: Option<i64>) -> Option<Arc<Bucket>> {
        let limit = own_rate.and_then(Limit::even).or(self.rates.per_key);
        Some(self.bucket(Subject::Key(key), limit?))
    }

    /// What the requests with all keys of an organization are taken from.
    pub(super) fn of_organization(&self, organization: domain::OrgId) -> Option<Arc<Bucket>> {
        Some(self.bucket(Subject::Organization(organization), self.rates.per_organization?))
    }

    fn bucket(&self, subject: Subject, limit: Limit) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let known = buckets.get(&subject);
        if let Some(same) = known.filter(|bucket| bucket.limit == limit) {
            return Arc::clone(same);
        }
        // Another limit gives nothing back.
        let spent = known.map_or_else(Spent::default, |bucket| bucket.spent.copy());
        let wanted = self.leases.as_ref().map(|leases| leases.wanted());
        let bucket = Arc::new(Bucket::new((subject, limit), spent, wanted));
        buckets.insert(subject, Arc::clone(&bucket));
        bucket
    }

    /// Forgets the buckets of those who are not served any more, once they are full.
    pub(super) fn forget(&self, now: Millis) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.retain(|_, bucket| Arc::strong_count(bucket) > 1 || !bucket.is_full(now));
    }

    /// Counts a request without a key that works.
    pub(super) fn admit_stranger(&self, address: Option<IpAddr>, now: Millis) -> Result<(), Exceeded> {
        self.addresses.admit(address, now)
    }

    /// Remembers that a request was one too many.
    pub(super) fn note(&self, exceeded: Exceeded) {
        for (scope, count) in SCOPES.iter().zip(&self.exceeded) {
            if *scope == exceeded.scope {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// How many requests were too many since the start.
    pub(super) fn exceeded(&self) -> impl Iterator<Item = (Scope, u64)> {
        SCOPES.into_iter().zip(self.exceeded.iter().map(|count| count.load(Ordering::Relaxed)))
    }

    /// Shares buckets with other nodes until it is told to stop.
    pub(super) async fn share(&self, stop: CancellationToken) {
        if let Some(leases) = &self.leases {
            Arc::clone(leases).run(stop).await;
        }
    }
}
