//! What somebody was told of elsewhere, and asks for here before the next look at the database.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Delivery, LiveEnvironment};

/// How long after one look for what somebody asks for the next one may begin: whoever makes up what they were told does
/// not make the database be read at will.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a look may take before it is answered without.
const PATIENCE: Duration = Duration::from_millis(500);

/// When the last such look began.
#[derive(Debug, Default)]
pub(super) struct Looked(Mutex<Option<Instant>>);

impl Delivery {
    /// Brings an environment's snapshot up to a revision that somebody was told of, where there is one. Whoever asks at the
    /// same time shares a look.
    pub async fn reach(&self, environment: &LiveEnvironment, revision: u64) {
        let is_there = || environment.snapshot().compiled().revision() >= revision;
        if is_there() {
            return;
        }
        let asked = Instant::now();
        let mut looked = self.0.looked.0.lock().await;
        if is_there() || looked.is_some_and(|at| at >= asked) {
            return;
        }
        if let Some(at) = *looked {
            sleep_until(at + PAUSE).await;
        }
        if !is_there() {
            *looked = Some(Instant::now());
            // Should it fail, the watcher's own look tells of it.
            let _ = timeout(PATIENCE, self.refresh()).await;
        }
    }
}
