//! What a turn says, and how long turns are.

use std::time::Duration;

/// How many times each target is asked in the closed loop; they take turns.
pub(crate) const ROUNDS: usize = 7;

/// How long a turn of the closed loop lasts.
pub(crate) const TURN: Duration = Duration::from_secs(3);

/// How many times each target is asked in the open loop, and for how long.
pub(crate) const PACED_ROUNDS: usize = 3;
pub(crate) const PACED_TURN: Duration = Duration::from_secs(6);

/// Connections that are kept open: enough to keep a core busy.
pub(crate) const CONNECTIONS: usize = 16;

/// One turn of one target.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) requests: f64,
    pub(crate) seconds: f64,
    pub(crate) cpu_seconds: f64,
}

impl Turn {
    /// Requests a second.
    pub(crate) fn rate(self) -> f64 {
        self.requests / self.seconds
    }

    /// Server's processor time for one request, in microseconds.
    pub(crate) fn cpu_us(self) -> f64 {
        self.cpu_seconds * 1e6 / self.requests
    }
}
