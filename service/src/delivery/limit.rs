//! How often a key may ask. Counted on each node by itself.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Millis;

const MS: i64 = 1_000_000;
const SECOND: i64 = 1000 * MS;

/// So many requests a second, evenly or all at once: the generic cell rate algorithm (ITU-T I.371), which is a bucket of
/// tokens that takes one number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    rate: u32,
    /// The nanoseconds that a request takes of a second.
    cost: i64,
}

/// Until when a key's requests have used up its time, in nanoseconds since the epoch.
#[derive(Debug, Default)]
pub(super) struct Spent(AtomicI64);

/// What is left to a key whose requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many requests it may make in a second.
    pub limit: u32,
    /// How many it may make right now.
    pub remaining: u32,
    /// After how many seconds it may make one; 0 where it may now.
    pub retry_after: u32,
}

impl Limit {
    /// None for what is no number of requests.
    pub(super) fn new(rate: i64) -> Option<Self> {
        let rate = u32::try_from(rate).ok().filter(|rate| *rate > 0)?;
        Some(Self { rate, cost: (SECOND / i64::from(rate)).max(1) })
    }

    /// Takes one request, or tells when there will be one.
    pub(super) fn take(&self, spent: &Spent, now: Millis) -> Result<Quota, Quota> {
        let now = now.0.saturating_mul(MS);
        let full = self.cost * i64::from(self.rate);
        let mut before = spent.0.load(Ordering::Relaxed);
        loop {
            // A clock that was put back makes nobody wait until it is there again.
            let from = before.clamp(now, now.saturating_add(full));
            let until = from.saturating_add(self.cost);
            let room = full - (until - now);
            if room < 0 {
                if from < before {
                    let _ = spent.0.compare_exchange(before, from, Ordering::Relaxed, Ordering::Relaxed);
                }
                let retry_after = u32::try_from((-room + SECOND - 1) / SECOND).unwrap_or(u32::MAX);
                return Err(Quota { limit: self.rate, remaining: 0, retry_after });
            }
            match spent.0.compare_exchange_weak(before, until, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => {
                    let remaining = u32::try_from(room / self.cost).unwrap_or(0);
                    return Ok(Quota { limit: self.rate, remaining, retry_after: 0 });
                }
                Err(other) => before = other,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many requests are let in.
    fn admitted(limit: Limit, spent: &Spent, now: i64, tries: u32) -> usize {
        (0..tries).filter(|_| limit.take(spent, Millis(now)).is_ok()).count()
    }

    #[test]
    fn a_second_lets_in_as_many_as_it_says() {
        for rate in [1, 3, 7, 1000, 999_999, 1_000_000] {
            let (limit, spent) = (Limit::new(rate).unwrap(), Spent::default());
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

    #[test]
    fn what_is_left_is_told() {
        let (limit, spent) = (Limit::new(2).unwrap(), Spent::default());
        let quota = |remaining, retry_after| Quota { limit: 2, remaining, retry_after };
        assert_eq!(limit.take(&spent, Millis(1000)), Ok(quota(1, 0)));
        assert_eq!(limit.take(&spent, Millis(1000)), Ok(quota(0, 0)));
        assert_eq!(limit.take(&spent, Millis(1000)), Err(quota(0, 1)));
        assert_eq!(limit.take(&spent, Millis(1499)), Err(quota(0, 1)));
        assert_eq!(limit.take(&spent, Millis(1500)), Ok(quota(0, 0)));
    }

    #[test]
    fn a_clock_that_is_put_back_makes_nobody_wait() {
        let (limit, spent) = (Limit::new(1).unwrap(), Spent::default());
        assert!(limit.take(&spent, Millis(3_600_000)).is_ok());
        assert_eq!(limit.take(&spent, Millis(0)).unwrap_err().retry_after, 1);
        assert!(limit.take(&spent, Millis(999)).is_err());
        assert!(limit.take(&spent, Millis(1000)).is_ok());
    }

    #[test]
    fn what_is_no_number_of_requests_is_none() {
        for rate in [0, -1, i64::MIN, i64::MAX] {
            assert!(Limit::new(rate).is_none(), "{rate}");
        }
    }
}
