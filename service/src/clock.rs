//! Time and ids, as inputs.

use std::sync::Arc;

use domain::Millis;
use uuid::{NoContext, Timestamp, Uuid};

/// Tells the time. Everything that needs the time asks one of these, so that tests are exact.
pub trait Clock: std::fmt::Debug + Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Millis;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's time enters")]
    fn now(&self) -> Millis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Makes an id that sorts by creation (UUIDv7).
pub(crate) fn new_id<T: From<Uuid>>(clock: &Arc<dyn Clock>) -> T {
    let now = u64::try_from(clock.now().0).unwrap_or_default();
    let nanos = u32::try_from(now % 1000).unwrap_or_default() * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(NoContext, now / 1000, nanos)).into()
}
