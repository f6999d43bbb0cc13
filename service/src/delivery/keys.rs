//! API keys in memory, so that no request asks the database who it is from.

use std::collections::HashMap;
use std::sync::Arc;

use domain::Millis;
use domain::api_keys::KeyKind;

use super::snapshot::LiveEnvironment;

/// The holder of a key.
#[derive(Debug)]
pub struct Caller {
    /// What the key may see.
    pub kind: KeyKind,
    /// The environment that it evaluates.
    pub environment: Arc<LiveEnvironment>,
    pub(super) expires_at: Option<Millis>,
}

/// All keys that work, by their hash.
#[derive(Debug, Default)]
pub(super) struct KeyTable(HashMap<[u8; 32], Arc<Caller>>);

impl KeyTable {
    pub(super) fn find(&self, hash: &[u8; 32], now: impl FnOnce() -> Millis) -> Option<Arc<Caller>> {
        let caller = self.0.get(hash)?;
        match caller.expires_at {
            Some(at) if at <= now() => None,
            _ => Some(Arc::clone(caller)),
        }
    }
}

impl FromIterator<([u8; 32], Caller)> for KeyTable {
    fn from_iter<I: IntoIterator<Item = ([u8; 32], Caller)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(hash, caller)| (hash, Arc::new(caller))).collect())
    }
}
