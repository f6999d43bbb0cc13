//! What a limit says, and a bucket that holds to it.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Millis;

const MS: i64 = 1_000_000;
const SECOND: i64 = 1000 * MS;

/// The most that a limit can say: times in nanoseconds stay far from what a number holds.
const MOST: u32 = 1_000_000_000;

/// The part of a second in whose worth tokens go from hand to hand.
const BATCHES_A_SECOND: u32 = 10;

/// So many requests a second, and so many at once: the generic cell rate algorithm (ITU-T I.371), which is a bucket of
/// tokens that takes one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    rate: u32,
    burst: u32,
    /// The nanoseconds that a request takes of a second.
    cost: i64,
}

/// Until when requests have used up their time, in nanoseconds since the epoch.
#[derive(Debug, Default)]
pub(super) struct Spent(AtomicI64);

/// What is left to somebody whose requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many requests they may make at once.
    pub limit: u32,
    /// How many they may make right now.
    pub remaining: u32,
    /// After how many seconds they may make one; 0 where they may now.
    pub retry_after: u32,
}

impl Limit {
    /// So many requests a second, after so many at once. None for what is no number of requests, or more than 1 000 000 000.
    pub fn new(rate: u32, burst: u32) -> Option<Self> {
        let is_one = (1..=MOST).contains(&rate) && (1..=MOST).contains(&burst);
        is_one.then(|| Self { rate, burst, cost: SECOND / i64::from(rate) })
    }

    /// So many requests a second, a second's worth at once.
    pub(super) fn even(rate: i64) -> Option<Self> {
        let rate = u32::try_from(rate).ok()?;
        Self::new(rate, rate)
    }

    pub(super) fn rate(&self) -> i64 {
        i64::from(self.rate)
    }

    pub(super) fn burst(&self) -> i64 {
        i64::from(self.burst)
    }

    /// How many tokens go from hand to hand: a tenth of a second's worth, so that a busy node asks for some ten times a
    /// second.
    pub(super) fn batch(&self) -> i64 {
        i64::from(self.rate.div_ceil(BATCHES_A_SECOND).min(self.burst))
    }

    /// How many nanoseconds a bucket takes to fill.
    fn full(&self) -> i64 {
        self.cost * i64::from(self.burst)
    }

    /// Takes one request, or tells when there will be one. What was owed before counts up to so many buckets.
    pub(super) fn take(&self, spent: &Spent, now: Millis, owed: i64) -> Result<Quota, Quota> {
        let now = nanoseconds(now);
        let mut before = spent.0.load(Ordering::Relaxed);
        loop {
            // A clock that was put back makes nobody wait until it is there again.
            let from = before.clamp(now, now.saturating_add(self.full().saturating_mul(1 + owed)));
            let until = from.saturating_add(self.cost);
            let room = self.full() - (until - now);
            if room < 0 {
                if from < before {
                    let _ = spent.0.compare_exchange(before, from, Ordering::Relaxed, Ordering::Relaxed);
                }
                let retry_after = u32::try_from((-room + SECOND - 1) / SECOND).unwrap_or(u32::MAX);
                return Err(Quota { retry_after, ..self.quota(0) });
            }
            match spent.0.compare_exchange_weak(before, until, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(self.quota(room / self.cost)),
                Err(other) => before = other,
            }
        }
    }

    /// Puts one request back.
    pub(super) fn put_back(&self, spent: &Spent) {
        spent.0.fetch_sub(self.cost, Ordering::Relaxed);
    }

    /// How many requests are taken out of a full bucket; more than fit into it where some are owed.
    pub(super) fn taken(&self, spent: &Spent, now: Millis) -> i64 {
        let behind = spent.0.load(Ordering::Relaxed).saturating_sub(nanoseconds(now));
        behind.max(0).saturating_add(self.cost - 1) / self.cost
    }

    /// Makes so many requests be taken out of a full bucket.
    pub(super) fn set_taken(&self, spent: &Spent, now: Millis, taken: i64) {
        let behind = self.cost.saturating_mul(taken);
        spent.0.store(nanoseconds(now).saturating_add(behind), Ordering::Relaxed);
    }

    /// What somebody is told to whom so many requests are left.
    pub(super) fn quota(&self, left: i64) -> Quota {
        let remaining = u32::try_from(left.max(0)).unwrap_or(u32::MAX).min(self.burst);
        Quota { limit: self.burst, remaining, retry_after: 0 }
    }
}

impl Spent {
    /// The same of a limit that says something else now.
    pub(super) fn copy(&self) -> Self {
        Self(AtomicI64::new(self.0.load(Ordering::Relaxed)))
    }

    /// Whether nothing is taken any more.
    pub(super) fn is_over(&self, now: Millis) -> bool {
        self.0.load(Ordering::Relaxed) <= nanoseconds(now)
    }
}

fn nanoseconds(at: Millis) -> i64 {
    at.0.saturating_mul(MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(limit: Limit, spent: &Spent, now: i64) -> Result<Quota, Quota> {
        limit.take(spent, Millis(now), 0)
    }

    /// How many of so many requests are let in.
    fn admitted(limit: Limit, spent: &Spent, now: i64, tries: u32) -> usize {
        (0..tries).filter(|_| take(limit, spent, now).is_ok()).count()
    }

    #[test]
    fn a_second_lets_in_as_many_as_it_says() {
        for rate in [1, 3, 7, 1000, 999_999, 1_000_000] {
            let (limit, spent) = (Limit::even(rate).unwrap(), Spent::default());
            let tries = u32::try_from(rate).unwrap() + 10;
            let start = 1_767_225_600_000;
            assert_eq!(admitted(limit, &spent, start, tries), usize::try_from(rate).unwrap(), "{rate}");
            let half = admitted(limit, &spent, start + 500, tries);
            assert!((rate / 2..=rate / 2 + 1).contains(&i64::try_from(half).unwrap()), "{rate}: {half}");
            assert_eq!(
                admitted(limit, &spent, start + 10_000, tries),
                usize::try_from(rate).unwrap(),
                "{rate}"
            );
        }
    }

    /// A burst lets in as many as it says, whatever the rate, and the rate how many come after.
    #[test]
    fn a_burst_is_not_the_rate() {
        for (rate, burst) in [(1, 50), (10, 1), (10, 25), (1000, 3), (3, 1_000_000)] {
            let (limit, spent) = (Limit::new(rate, burst).unwrap(), Spent::default());
            let at_once = admitted(limit, &spent, 1000, burst + 10);
            assert_eq!(at_once, usize::try_from(burst).unwrap(), "{rate}, {burst}");
            let later = (0..1000).map(|ms| admitted(limit, &spent, 1001 + ms, 2)).sum::<usize>();
            let rate = usize::try_from(rate).unwrap();
            assert!((rate..=rate + 1).contains(&later), "{rate}, {burst}: {later}");
        }
    }

    #[test]
    fn what_is_left_is_told() {
        let (limit, spent) = (Limit::even(2).unwrap(), Spent::default());
        let quota = |remaining, retry_after| Quota { limit: 2, remaining, retry_after };
        assert_eq!(take(limit, &spent, 1000), Ok(quota(1, 0)));
        assert_eq!(take(limit, &spent, 1000), Ok(quota(0, 0)));
        assert_eq!(take(limit, &spent, 1000), Err(quota(0, 1)));
        assert_eq!(take(limit, &spent, 1499), Err(quota(0, 1)));
        assert_eq!(take(limit, &spent, 1500), Ok(quota(0, 0)));
        limit.put_back(&spent);
        assert_eq!(take(limit, &spent, 1500), Ok(quota(0, 0)));
        assert_eq!(take(limit, &spent, 1500), Err(quota(0, 1)));
    }

    #[test]
    fn what_is_owed_is_waited_for() {
        let (limit, spent) = (Limit::new(2, 4).unwrap(), Spent::default());
        limit.set_taken(&spent, Millis(1000), 10);
        assert_eq!(limit.taken(&spent, Millis(1000)), 10);
        assert_eq!(limit.take(&spent, Millis(1000), 9).unwrap_err().retry_after, 4);
        assert!(limit.take(&spent, Millis(4499), 9).is_err());
        assert!(limit.take(&spent, Millis(4500), 9).is_ok());
        assert!(limit.take(&spent, Millis(4500), 9).is_err());
    }

    #[test]
    fn a_clock_that_is_put_back_makes_nobody_wait() {
        let (limit, spent) = (Limit::even(1).unwrap(), Spent::default());
        assert!(take(limit, &spent, 3_600_000).is_ok());
        assert_eq!(take(limit, &spent, 0).unwrap_err().retry_after, 1);
        assert!(take(limit, &spent, 999).is_err());
        assert!(take(limit, &spent, 1000).is_ok());
    }

    #[test]
    fn what_is_no_number_of_requests_is_none() {
        for rate in [0, -1, i64::MIN, i64::MAX, 1_000_000_001] {
            assert!(Limit::even(rate).is_none(), "{rate}");
        }
        assert!(Limit::new(1, 0).is_none() && Limit::new(1, 1_000_000_001).is_none());
        // The largest there is overflows nothing.
        let (limit, spent) = (Limit::new(1, 1_000_000_000).unwrap(), Spent::default());
        assert_eq!(limit.take(&spent, Millis(1_767_225_600_000), 9).unwrap().remaining, 999_999_999);
        assert_eq!(limit.taken(&spent, Millis(1_767_225_600_000)), 1);
    }

    #[test]
    fn a_batch_is_a_tenth_of_a_second() {
        for (rate, burst, batch) in [(1, 1, 1), (10, 10, 1), (11, 11, 2), (1000, 1000, 100), (1000, 3, 3)] {
            assert_eq!(Limit::new(rate, burst).unwrap().batch(), batch);
        }
    }
}
