//! Which raw keys were seen before, by a hash that costs a fiftieth of HMAC-SHA256 where the processor has no instructions
//! for SHA. It ends with its table, as when a key is made or revoked.
//!
//! SipHash-2-4 with 128 bits under a secret of this process (Aumasson and Bernstein, 2012) is a pseudo-random function:
//! nobody outside can make a key whose hash is another's. The raw keys themselves are not kept.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use siphasher::sip128::{Hasher128, SipHasher24};

use super::keys::Caller;

/// How many texts that are no key are remembered at most: 32 KiB. A newer one takes the place of an older.
const STRANGERS: usize = 1 << 12;

/// Which raw keys were seen before.
pub(super) struct Known {
    secret: [u8; 16],
    /// At most one for each key that works.
    callers: RwLock<BTreeMap<u128, Arc<Caller>>>,
    /// What is no key, each in the place that half of its hash names; 0 for nothing.
    strangers: Box<[AtomicU64]>,
}

impl Default for Known {
    fn default() -> Self {
        let strangers = (0..STRANGERS).map(|_| AtomicU64::new(0)).collect();
        Self { secret: rand::random(), callers: RwLock::default(), strangers }
    }
}

/// Without the secret.
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").finish_non_exhaustive()
    }
}

impl Known {
    pub(super) fn tag(&self, raw: &str) -> u128 {
        let mut hasher = SipHasher24::new_with_key(&self.secret);
        hasher.write(raw.as_bytes());
        hasher.finish128().as_u128()
    }

    pub(super) fn get(&self, tag: u128) -> Option<Arc<Caller>> {
        self.callers.read().unwrap_or_else(PoisonError::into_inner).get(&tag).cloned()
    }

    pub(super) fn insert(&self, tag: u128, caller: &Arc<Caller>) {
        self.callers.write().unwrap_or_else(PoisonError::into_inner).insert(tag, Arc::clone(caller));
    }

    /// Whether a text was found to be no key lately.
    pub(super) fn is_stranger(&self, tag: u128) -> bool {
        let (place, name) = self.place(tag);
        name != 0 && place.is_some_and(|place| place.load(Ordering::Relaxed) == name)
    }

    pub(super) fn insert_stranger(&self, tag: u128) {
        if let (Some(place), name) = self.place(tag) {
            place.store(name, Ordering::Relaxed);
        }
    }

    /// The place that a tag has among strangers, and the half of it that is kept there.
    fn place(&self, tag: u128) -> (Option<&AtomicU64>, u64) {
        let [low, high] =
            [tag, tag >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or_default());
        let place = usize::try_from(low).unwrap_or_default() % STRANGERS;
        (self.strangers.get(place), high)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use domain::Millis;

    use crate::delivery::keys::KeyTable;

    /// What is no key is hashed once, until others have taken its place; a new table looks again.
    #[test]
    fn what_is_no_key_is_hashed_once() {
        let (table, hashed) = (KeyTable::default(), Cell::new(0));
        let find = |table: &KeyTable, raw: &str| {
            let hash = || {
                hashed.set(hashed.get() + 1);
                [0; 32]
            };
            assert!(table.find(raw, hash, || Millis(0)).is_none());
            hashed.replace(0)
        };
        assert_eq!((find(&table, "tb_dev_nope"), find(&table, "tb_dev_nope")), (1, 0));
        assert_eq!(find(&table, "tb_dev_another"), 1);
        assert_eq!(find(&KeyTable::default(), "tb_dev_nope"), 1);
        let rest = (0..100_000).map(|number| find(&table, &number.to_string())).sum::<usize>();
        assert!(rest > 99_990, "{rest}");
        assert_eq!(find(&table, "tb_dev_nope"), 1);
    }
}
