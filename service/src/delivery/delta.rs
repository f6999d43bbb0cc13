//! What changed in an environment between two revisions, for whoever follows it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;

use super::held::{Documents, Held};

/// A wish that applications drop what they have kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purge {
    /// The revision that came with it.
    pub revision: u64,
    /// The flag; none for everything.
    pub flag: Option<Box<str>>,
}

/// What changed after one revision and up to another.
#[derive(Debug)]
pub struct Delta {
    /// The newer revision.
    pub revision: u64,
    /// The newest of each document that changed or was removed.
    pub changed: Vec<Arc<Held>>,
    /// What applications are to drop.
    pub purges: Vec<Purge>,
    written: OnceLock<Bytes>,
}

impl Delta {
    /// What it looks like on the way to whoever follows: written once, for all of them.
    pub fn written(&self, write: impl FnOnce(&Self) -> Bytes) -> Bytes {
        self.written.get_or_init(|| write(self)).clone()
    }
}

/// How many purges are remembered. Whoever has missed more gets everything anew.
const PURGES: usize = 100;

/// How many differences to one revision are kept. Nearly everybody who follows has the revision before it.
const DELTAS: usize = 64;

/// What is known of the revisions before one.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// The revision since which each purge is known.
    since: u64,
    purges: Vec<Purge>,
    deltas: Mutex<HashMap<u64, Arc<Delta>>>,
}

impl Past {
    /// Nothing is known of what was before this revision.
    pub(super) fn begins_at(revision: u64) -> Self {
        Self { since: revision, ..Self::default() }
    }

    /// What the next revisions add.
    pub(super) fn and(&self, purges: Vec<Purge>) -> Self {
        let mut all: Vec<_> = self.purges.iter().cloned().chain(purges).collect();
        let forgotten: Vec<_> = all.drain(..all.len().saturating_sub(PURGES)).collect();
        let since = forgotten.last().map_or(self.since, |purge| purge.revision);
        Self { since, purges: all, deltas: Mutex::default() }
    }

    /// What changed after a revision and up to this one; none where that is not known, or the revision is none of the past.
    pub(super) fn delta(&self, from: u64, revision: u64, documents: &Documents) -> Option<Arc<Delta>> {
        if from < self.since || from > revision {
            return None;
        }
        let mut deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(delta) = deltas.get(&from) {
            return Some(Arc::clone(delta));
        }
        let changed = documents.iter().filter(|held| held.revision > from).cloned().collect();
        let purges = self.purges.iter().filter(|purge| purge.revision > from).cloned().collect();
        let delta = Arc::new(Delta { revision, changed, purges, written: OnceLock::new() });
        if deltas.len() < DELTAS {
            deltas.insert(from, Arc::clone(&delta));
        }
        Some(delta)
    }
}
