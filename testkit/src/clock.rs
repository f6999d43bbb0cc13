//! A clock that moves when it is told to.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Millis;
use service::Clock;

/// 2026-01-01T00:00:00Z: where tests begin.
pub const START: Millis = Millis(1_767_225_600_000);

/// A clock that moves when it is told to.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl Default for ManualClock {
    fn default() -> Self {
        Self(AtomicI64::new(START.0))
    }
}

impl ManualClock {
    /// Moves on by so many milliseconds.
    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}
