//! A circuit breaker: what fails again and again is left alone for a while, and then tried by one at a time.
//!
//! The libraries for this measure time by themselves, so that a test would have to wait, and let everybody try at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::RngExt;

use crate::Clock;

/// After how many failures in a row it opens.
const FAILURES: u32 = 3;

/// For how many milliseconds it stays open: the first time, and at most. Each time in a row twice as long as before, less
/// up to a half, so that not all nodes try at once.
const FIRST_MS: i64 = 500;
const LAST_MS: i64 = 30_000;

/// How a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// All is well.
    Closed,
    /// It failed too often, and is left alone.
    Open,
    /// Somebody tries whether it works again.
    HalfOpen,
}

impl BreakerState {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: i64, for_ms: i64 },
    HalfOpen { for_ms: i64 },
}

/// A circuit breaker.
pub(crate) struct Breaker {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// The right to try. Dropped without an outcome, it failed: somebody gave up.
#[must_use]
pub(crate) struct Permit<'b> {
    breaker: &'b Breaker,
    has_succeeded: bool,
}

impl Breaker {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::new(State::Closed { failures: 0 }) }
    }

    /// How it stands.
    pub(crate) fn state(&self) -> BreakerState {
        match *self.lock() {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { .. } => BreakerState::Open,
            State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    /// The right to try, where there is one.
    pub(crate) fn permit(&self) -> Option<Permit<'_>> {
        let mut state = self.lock();
        match *state {
            State::Closed { .. } => {}
            State::Open { until, for_ms } if until <= self.clock.now().0 => {
                *state = State::HalfOpen { for_ms };
            }
            State::Open { .. } | State::HalfOpen { .. } => return None,
        }
        Some(Permit { breaker: self, has_succeeded: false })
    }

    fn failed(&self) {
        let mut state = self.lock();
        let for_ms = match *state {
            State::Closed { failures } if failures + 1 < FAILURES => {
                *state = State::Closed { failures: failures + 1 };
                return;
            }
            State::Closed { .. } => FIRST_MS,
            State::HalfOpen { for_ms } => (for_ms * 2).min(LAST_MS),
            // Somebody who began before it opened.
            State::Open { .. } => return,
        };
        let jittered = rand::rng().random_range(for_ms / 2..=for_ms);
        *state = State::Open { until: self.clock.now().0.saturating_add(jittered), for_ms };
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    pub(crate) fn succeeded(mut self) {
        self.has_succeeded = true;
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        match self.has_succeeded {
            true => *self.breaker.lock() = State::Closed { failures: 0 },
            false => self.breaker.failed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use domain::Millis;

    use super::*;

    #[derive(Debug, Default)]
    struct Hands(AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Millis {
            Millis(self.0.load(Ordering::Relaxed))
        }
    }

    fn fail(breaker: &Breaker) {
        drop(breaker.permit().unwrap());
    }

    #[test]
    fn it_opens_and_lets_one_try_at_a_time() {
        let hands = Arc::new(Hands::default());
        let breaker = Breaker::new(Arc::clone(&hands) as Arc<dyn Clock>);
        fail(&breaker);
        fail(&breaker);
        breaker.permit().unwrap().succeeded();
        (0..FAILURES).for_each(|_| fail(&breaker));
        let mut longest = FIRST_MS;
        for _ in 0..10 {
            assert_eq!(breaker.state(), BreakerState::Open);
            hands.0.fetch_add(longest / 2 - 1, Ordering::Relaxed);
            assert!(breaker.permit().is_none());
            hands.0.fetch_add(longest / 2 + 1, Ordering::Relaxed);
            let probe = breaker.permit().unwrap();
            assert_eq!(breaker.state(), BreakerState::HalfOpen);
            assert!(breaker.permit().is_none());
            drop(probe);
            longest = (longest * 2).min(LAST_MS);
        }
        hands.0.fetch_add(LAST_MS, Ordering::Relaxed);
        breaker.permit().unwrap().succeeded();
        assert_eq!(breaker.state(), BreakerState::Closed);
        fail(&breaker);
        assert_eq!(breaker.state(), BreakerState::Closed);
    }

    #[test]
    fn who_began_before_it_opened_does_not_keep_it_open() {
        let hands = Arc::new(Hands::default());
        let breaker = Breaker::new(Arc::clone(&hands) as Arc<dyn Clock>);
        let late = [breaker.permit().unwrap(), breaker.permit().unwrap()];
        (0..FAILURES).for_each(|_| fail(&breaker));
        hands.0.fetch_add(FIRST_MS / 2 - 1, Ordering::Relaxed);
        drop(late);
        hands.0.fetch_add(FIRST_MS / 2 + 1, Ordering::Relaxed);
        breaker.permit().unwrap().succeeded();
    }
}
