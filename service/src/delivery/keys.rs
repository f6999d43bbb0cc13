//! API keys in memory, so that no request asks the database who it is from.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hasher;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use domain::api_keys::KeyKind;
use domain::{Millis, Network};
use siphasher::sip128::{Hasher128, SipHasher24};

use super::limit::{Limit, Quota};
use super::snapshot::LiveEnvironment;
use super::uses::Use;

/// The holder of a key.
#[derive(Debug)]
pub struct Caller {
    /// What the key may see.
    pub kind: KeyKind,
    /// The environment that it evaluates.
    pub environment: Arc<LiveEnvironment>,
    pub(super) expires_at: Option<Millis>,
    /// How far the key reaches; none for those that reach everywhere, which most do.
    pub(super) bounds: Option<Bounds>,
    pub(super) last_use: Arc<Use>,
}

/// How far a key reaches.
#[derive(Debug)]
pub(super) struct Bounds {
    /// Where it may be used from; none for anywhere.
    pub(super) networks: Option<Box<[Network]>>,
    /// How often it may ask; none for as often as it likes.
    pub(super) limit: Option<Limit>,
}

/// Why a key that works may not ask now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It may not be used from there.
    Elsewhere,
    /// It has asked as often as it may.
    TooOften(Quota),
}

impl Caller {
    /// Whether the key may ask now, from the address that is asked for where it matters: what is left to it, where its
    /// requests are counted. An address that is not known is nowhere.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn admit(
        &self,
        address: impl FnOnce() -> Option<IpAddr>,
        now: impl FnOnce() -> Millis,
    ) -> Result<Option<Quota>, Refused> {
        let Some(bounds) = &self.bounds else { return Ok(None) };
        if let Some(networks) = &bounds.networks {
            let is_inside = |address| networks.iter().any(|network| network.contains(address));
            if !address().is_some_and(is_inside) {
                return Err(Refused::Elsewhere);
            }
        }
        let Some(limit) = &bounds.limit else { return Ok(None) };
        limit.take(&self.last_use.spent, now()).map(Some).map_err(Refused::TooOften)
    }

    /// Remembers that the key was used.
    pub fn used(&self, now: Millis) {
        self.last_use.note(now);
    }
}

/// All keys that work, by their hash.
#[derive(Debug)]
pub(super) struct KeyTable {
    keys: HashMap<[u8; 32], Arc<Caller>>,
    known: Known,
}

impl KeyTable {
    /// Whoever holds the raw key. `hash` is asked for only where the key was not seen before.
    pub(super) fn find(
        &self,
        raw: &str,
        hash: impl FnOnce() -> [u8; 32],
        now: impl FnOnce() -> Millis,
    ) -> Option<Arc<Caller>> {
        let tag = self.known.tag(raw);
        let caller = self.known.get(tag).or_else(|| {
            let caller = self.keys.get(&hash())?;
            self.known.insert(tag, caller);
            Some(Arc::clone(caller))
        })?;
        match caller.expires_at {
            Some(at) if at <= now() => None,
            _ => Some(caller),
        }
    }
}

impl FromIterator<([u8; 32], Caller)> for KeyTable {
    fn from_iter<I: IntoIterator<Item = ([u8; 32], Caller)>>(entries: I) -> Self {
        let keys = entries.into_iter().map(|(hash, caller)| (hash, Arc::new(caller))).collect();
        Self { keys, known: Known::default() }
    }
}

impl Default for KeyTable {
    fn default() -> Self {
        Self::from_iter([])
    }
}

/// Which raw keys were found before, by a hash that costs a fiftieth of HMAC-SHA256 where the processor has no
/// instructions for SHA. At most one entry for each key that works; it ends with its table, as when a key is revoked.
///
/// SipHash-2-4 with 128 bits under a secret of this process (Aumasson and Bernstein, 2012) is a pseudo-random function:
/// nobody outside can make a key whose hash is another's. The raw keys themselves are not kept.
struct Known {
    secret: [u8; 16],
    callers: RwLock<BTreeMap<u128, Arc<Caller>>>,
}

impl Default for Known {
    fn default() -> Self {
        Self { secret: rand::random(), callers: RwLock::default() }
    }
}

/// Without the secret.
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").finish_non_exhaustive()
    }
}

impl Known {
    fn tag(&self, raw: &str) -> u128 {
        let mut hasher = SipHasher24::new_with_key(&self.secret);
        hasher.write(raw.as_bytes());
        hasher.finish128().as_u128()
    }

    fn get(&self, tag: u128) -> Option<Arc<Caller>> {
        self.callers.read().unwrap_or_else(PoisonError::into_inner).get(&tag).cloned()
    }

    fn insert(&self, tag: u128, caller: &Arc<Caller>) {
        self.callers.write().unwrap_or_else(PoisonError::into_inner).insert(tag, Arc::clone(caller));
    }
}
