//! Leases: how several nodes share a bucket through Redis without a request that waits for it.
//!
//! While a node is asked with a limited key, it holds a batch of tokens: a tenth of a second's worth. Once half of it is
//! gone, it tells Redis what it has left or owes and gets the next, in the background. What is not used within [`IDLE`] is put
//! back, so that a node that is asked no more hoards nothing.
//!
//! In any time `t` all nodes together let in `burst + rate * t` requests, and beyond that what several of them gave on credit
//! while their exchanges with Redis were under way (mostly less than a millisecond; at most the second after which a command is
//! given up), a burst on each node at the most. That is owed: as many fewer are let in afterwards. A node that is killed keeps
//! what it holds: a batch, which the rate makes good.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fred::interfaces::LuaInterface;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::bucket::{Bucket, OWED, Share};
use crate::redis::Unreachable;
use crate::{Clock, Redis};

/// What Redis does with one bucket, at once.
const SCRIPT: &str = include_str!("lease.lua");

/// After which time without need of another batch the rest of one is put back.
const IDLE: Duration = Duration::from_secs(1);

/// How long a node waits after Redis failed.
const REST: Duration = Duration::from_millis(500);

/// How long a node waits for tokens that are not there: until half a batch has come in, within these bounds.
const PAUSE_MS: (i64, i64) = (5, 50);

/// What leases tokens for this node.
pub(super) struct Leases {
    redis: Redis,
    clock: Arc<dyn Clock>,
    wanted: UnboundedSender<Arc<Bucket>>,
    /// Buckets that nobody sees to. Each is there once.
    waiting: Mutex<UnboundedReceiver<Arc<Bucket>>>,
}

impl Leases {
    pub(super) fn new(redis: Redis, clock: Arc<dyn Clock>) -> Self {
        let (wanted, waiting) = unbounded_channel();
        Self { redis, clock, wanted, waiting: Mutex::new(waiting) }
    }

    /// Where a bucket asks for a lease.
    pub(super) fn wanted(&self) -> UnboundedSender<Arc<Bucket>> {
        self.wanted.clone()
    }

    /// Leases what is wanted until it is told to stop, and puts back what is left then.
    pub(super) async fn run(self: Arc<Self>, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        let take = async {
            let mut waiting = self.waiting.lock().await;
            while let Some(bucket) = waiting.recv().await {
                let (leases, stop) = (Arc::clone(&self), stop.clone());
                tasks.spawn(async move { leases.serve(&bucket, &stop).await });
            }
        };
        stop.run_until_cancelled(take).await;
        tasks.close();
        tasks.wait().await;
    }

    /// Sees to one bucket for as long as it is asked.
    async fn serve(&self, bucket: &Bucket, stop: &CancellationToken) {
        let Some(share) = &bucket.share else { return };
        loop {
            let batch = bucket.limit.batch();
            let rest = match self.exchange(bucket, share, batch).await {
                Ok(granted) if granted < batch => pause(bucket),
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::debug!(%error, "no tokens were leased; this node counts by itself");
                    REST
                }
            };
            let needed = async {
                sleep(rest).await;
                timeout(IDLE, is_low(bucket, share)).await.is_ok()
            };
            if stop.run_until_cancelled(needed).await != Some(true) {
                break;
            }
        }
        // Where it fails, the rest is used up here, or lost with the node.
        let _ = self.exchange(bucket, share, 0).await;
        share.is_drained.store(false, Ordering::Relaxed);
        share.is_served.store(false, Ordering::Release);
    }

    /// Puts back what is left of a lease, tells what is owed, and takes another lease of so many tokens; how many it has.
    async fn exchange(&self, bucket: &Bucket, share: &Share, wanted: i64) -> Result<i64, Unreachable> {
        let limit = bucket.limit;
        let held = share.leased.load(Ordering::Relaxed);
        let owed = share.owed.swap(0, Ordering::Relaxed);
        // What was taken so long ago that it is filled up again is owed no more: Redis may have been away for hours.
        let told = held - owed.min(limit.taken(&bucket.spent, self.clock.now()));
        let numbers = vec![limit.rate(), limit.burst(), told, wanted, OWED];
        let asked = self.redis.client().eval(SCRIPT, bucket.subject.name(), numbers);
        let (granted, left): (i64, i64) = match self.redis.run(asked).await {
            Ok(answer) => answer,
            Err(error) => {
                share.owed.fetch_add(owed, Ordering::Relaxed);
                share.is_drained.store(false, Ordering::Relaxed);
                return Err(error);
            }
        };
        // Requests went on taking meanwhile.
        share.leased.fetch_add(granted - held, Ordering::Relaxed);
        let taken = limit.burst() - left + share.owed.load(Ordering::Relaxed);
        limit.set_taken(&bucket.spent, self.clock.now(), taken);
        share.is_drained.store(granted < wanted, Ordering::Relaxed);
        Ok(granted)
    }
}

/// Waits until the next lease is needed.
async fn is_low(bucket: &Bucket, share: &Share) {
    loop {
        share.low.notified().await;
        // It may have been told while the lease before was on its way.
        if share.is_low(bucket.limit) {
            return;
        }
    }
}

fn pause(bucket: &Bucket) -> Duration {
    let (shortest, longest) = PAUSE_MS;
    let half_ms = bucket.limit.batch() * 500 / bucket.limit.rate();
    Duration::from_millis(u64::try_from(half_ms.clamp(shortest, longest)).unwrap_or_default())
}
