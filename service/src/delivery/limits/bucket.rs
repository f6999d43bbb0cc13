//! A key's or an organization's bucket on this node: its own, and with Redis a part of the one that all nodes share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use domain::{ApiKeyId, Millis, OrgId};
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use super::limit::{Limit, Quota, Spent};

/// How many buckets may be owed at most: what several nodes gave on credit at the same time, each up to one.
pub(super) const OWED: i64 = 10;

/// Whose requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::delivery) enum Subject {
    Key(ApiKeyId),
    Organization(OrgId),
}

/// Why a request was one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The key has asked too often.
    Key,
    /// All keys of the organization together have.
    Organization,
    /// Somebody without a key that works has, from this address.
    Address,
}

/// A request that was one too many, and when there will be room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Whose limit it was.
    pub scope: Scope,
    /// What is left: nothing now.
    pub quota: Quota,
}

/// A bucket. It outlives the table of keys, which is made anew with each change.
#[derive(Debug)]
pub(in crate::delivery) struct Bucket {
    pub(super) subject: Subject,
    pub(super) limit: Limit,
    /// What is taken on this node. With a share in another bucket: what is taken out of that one, as it was heard last.
    pub(super) spent: Spent,
    /// None where no other node has a part of it.
    pub(super) share: Option<Share>,
}

/// This node's part of a bucket that all nodes share.
///
/// A request takes a token that was leased. Where there is none it takes one on credit, from what there was in the shared
/// bucket when that was heard of last, and tells of it with the next lease: so that nobody is refused because Redis takes a
/// millisecond. Once a lease could not be had whole, the bucket is all but empty, and there is no credit until one can.
#[derive(Debug)]
pub(super) struct Share {
    /// Leased tokens. Below zero where more were taken than the lease turned out to have.
    pub(super) leased: AtomicI64,
    /// Tokens that were taken on credit, and not told of.
    pub(super) owed: AtomicI64,
    pub(super) is_drained: AtomicBool,
    /// Whether somebody sees to leases.
    pub(super) is_served: AtomicBool,
    /// Wakes them when tokens run low.
    pub(super) low: Notify,
    /// Calls them.
    wanted: UnboundedSender<Arc<Bucket>>,
}

/// A token that was taken, which can be put back.
#[must_use]
struct Token {
    is_leased: bool,
    quota: Quota,
}

impl Bucket {
    pub(super) fn new(
        (subject, limit): (Subject, Limit),
        spent: Spent,
        wanted: Option<UnboundedSender<Arc<Self>>>,
    ) -> Self {
        Self { subject, limit, spent, share: wanted.map(Share::new) }
    }

    /// Takes one request. Nobody is waited for.
    pub(in crate::delivery) fn admit(self: &Arc<Self>, now: Millis) -> Result<Quota, Exceeded> {
        self.take(now).map(|token| token.quota)
    }

    /// Takes one request from both or from neither, and tells what is left where that is less.
    pub(in crate::delivery) fn admit_with(
        self: &Arc<Self>,
        other: &Arc<Self>,
        now: Millis,
    ) -> Result<Quota, Exceeded> {
        let token = self.take(now)?;
        match other.take(now) {
            Ok(second) if second.quota.remaining < token.quota.remaining => Ok(second.quota),
            Ok(_) => Ok(token.quota),
            Err(exceeded) => {
                self.put_back(&token);
                Err(exceeded)
            }
        }
    }

    /// Whether it is as if nobody had ever asked.
    pub(super) fn is_full(&self, now: Millis) -> bool {
        self.spent.is_over(now)
    }

    fn take(self: &Arc<Self>, now: Millis) -> Result<Token, Exceeded> {
        let token = match &self.share {
            None => self.limit.take(&self.spent, now, 0).map(|quota| Token { is_leased: false, quota }),
            Some(share) => self.take_of(share, now),
        };
        token.map_err(|quota| Exceeded { scope: self.subject.scope(), quota })
    }

    fn take_of(self: &Arc<Self>, share: &Share, now: Millis) -> Result<Token, Quota> {
        let one_less = |tokens: i64| (tokens > 0).then(|| tokens - 1);
        if let Ok(tokens) = share.leased.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less) {
            if share.is_low(self.limit) {
                self.want(share);
            }
            let left = tokens - 1 + self.credit(share, now);
            return Ok(Token { is_leased: true, quota: self.limit.quota(left) });
        }
        self.want(share);
        if share.is_drained.load(Ordering::Relaxed) {
            return Err(Quota { retry_after: self.retry_after(now), ..self.limit.quota(0) });
        }
        let quota = self.limit.take(&self.spent, now, OWED)?;
        share.owed.fetch_add(1, Ordering::Relaxed);
        Ok(Token { is_leased: false, quota })
    }

    /// How many requests there is credit for.
    fn credit(&self, share: &Share, now: Millis) -> i64 {
        match share.is_drained.load(Ordering::Relaxed) {
            true => 0,
            false => (self.limit.burst() - self.limit.taken(&self.spent, now)).max(0),
        }
    }

    /// After how many seconds there is a token, as far as is known; at least one.
    fn retry_after(&self, now: Millis) -> u32 {
        let missing = self.limit.taken(&self.spent, now) + 1 - self.limit.burst();
        let seconds = missing.max(1).saturating_add(self.limit.rate() - 1) / self.limit.rate();
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }

    fn put_back(&self, token: &Token) {
        match &self.share {
            Some(share) if token.is_leased => drop(share.leased.fetch_add(1, Ordering::Relaxed)),
            Some(share) => {
                self.limit.put_back(&self.spent);
                share.owed.fetch_sub(1, Ordering::Relaxed);
            }
            None => self.limit.put_back(&self.spent),
        }
    }

    /// Asks for a lease. It comes when it comes.
    fn want(self: &Arc<Self>, share: &Share) {
        if share.is_served.swap(true, Ordering::AcqRel) {
            share.low.notify_one();
        } else {
            // Where nobody listens any more, the node is stopping.
            let _ = share.wanted.send(Arc::clone(self));
        }
    }
}

impl Share {
    fn new(wanted: UnboundedSender<Arc<Bucket>>) -> Self {
        Self {
            leased: AtomicI64::new(0),
            owed: AtomicI64::new(0),
            is_drained: AtomicBool::new(false),
            is_served: AtomicBool::new(false),
            low: Notify::new(),
            wanted,
        }
    }

    /// Whether it is time for the next lease.
    pub(super) fn is_low(&self, limit: Limit) -> bool {
        self.leased.load(Ordering::Relaxed) <= limit.batch() / 2
    }
}

impl Subject {
    fn scope(self) -> Scope {
        match self {
            Self::Key(_) => Scope::Key,
            Self::Organization(_) => Scope::Organization,
        }
    }

    /// Where the shared bucket is in Redis. Ids are no other instance's.
    pub(super) fn name(self) -> String {
        match self {
            Self::Key(id) => format!("togglebit:limit:key:{id}"),
            Self::Organization(id) => format!("togglebit:limit:organization:{id}"),
        }
    }
}

impl Scope {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Organization => "organization",
            Self::Address => "address",
        }
    }
}
