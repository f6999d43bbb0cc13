//! API keys in memory, so that no request asks the database who it is from.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use domain::api_keys::KeyKind;
use domain::{ApiKeyId, Millis, Network};

use super::known::Known;
use super::limits::{Bucket, Exceeded, Quota};
use super::snapshot::LiveEnvironment;
use super::uses::Use;

/// The holder of a key.
#[derive(Debug)]
pub struct Caller {
    pub(super) id: ApiKeyId,
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
    /// What its requests are taken from; none where it may ask as often as it likes.
    pub(super) own: Option<Arc<Bucket>>,
    /// The same for all keys of its organization together.
    pub(super) organization: Option<Arc<Bucket>>,
}

/// Why a key that works may not ask now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It may not be used from there.
    Elsewhere,
    /// It has asked as often as it may, or its organization has.
    TooOften(Exceeded),
}

impl Caller {
    /// Whether the key may ask now, from the address that is asked for where it matters: what is left to it, where its
    /// requests are counted. An address that is not known is nowhere.
    pub(super) fn admit(
        &self,
        address: impl FnOnce() -> Option<IpAddr>,
        now: impl FnOnce() -> Millis,
    ) -> Result<Option<Quota>, Refused> {
        let Some(bounds) = &self.bounds else { return Ok(None) };
        if !bounds.may_from(address) {
            return Err(Refused::Elsewhere);
        }
        let quota = match (&bounds.own, &bounds.organization) {
            (None, None) => return Ok(None),
            (Some(only), None) | (None, Some(only)) => only.admit(now()),
            (Some(own), Some(organization)) => own.admit_with(organization, now()),
        };
        quota.map(Some).map_err(Refused::TooOften)
    }

    /// Whether the key works at this time.
    fn works(&self, now: impl FnOnce() -> Millis) -> bool {
        self.expires_at.is_none_or(|at| now() < at)
    }

    /// Whether it works, and may be used from the address that is asked for where it matters.
    pub(super) fn may_go_on(&self, address: Option<IpAddr>, now: Millis) -> bool {
        self.works(|| now) && self.bounds.as_ref().is_none_or(|bounds| bounds.may_from(|| address))
    }

    /// Remembers that the key was used.
    pub fn used(&self, now: Millis) {
        self.last_use.note(now);
    }
}

impl Bounds {
    /// Whether the key may be used from the address that is asked for where it matters.
    fn may_from(&self, address: impl FnOnce() -> Option<IpAddr>) -> bool {
        let Some(networks) = &self.networks else { return true };
        address().is_some_and(|address| networks.iter().any(|network| network.contains(address)))
    }
}

/// All keys that work, by their hash and by their id.
#[derive(Debug)]
pub(super) struct KeyTable {
    keys: HashMap<[u8; 32], Arc<Caller>>,
    ids: HashMap<ApiKeyId, Arc<Caller>>,
    known: Known,
}

impl KeyTable {
    /// Whoever holds the raw key. `hash` is asked for only where the key was not seen lately, whether or not it works.
    pub(super) fn find(
        &self,
        raw: &str,
        hash: impl FnOnce() -> [u8; 32],
        now: impl FnOnce() -> Millis,
    ) -> Option<Arc<Caller>> {
        let tag = self.known.tag(raw);
        let caller = self.known.get(tag).or_else(|| {
            if self.known.is_stranger(tag) {
                return None;
            }
            let caller = self.keys.get(&hash());
            match caller {
                Some(caller) => self.known.insert(tag, caller),
                None => self.known.insert_stranger(tag),
            }
            caller.cloned()
        })?;
        caller.works(now).then_some(caller)
    }

    /// Whoever holds the key with this id, if it works.
    pub(super) fn by_id(&self, id: ApiKeyId, now: Millis) -> Option<Arc<Caller>> {
        self.ids.get(&id).filter(|caller| caller.works(|| now)).cloned()
    }

    /// The same without some of them; none where it has none of them.
    pub(super) fn without(&self, ids: &HashSet<ApiKeyId>) -> Option<Self> {
        let stays = |caller: &Caller| !ids.contains(&caller.id);
        if self.ids.values().all(|caller| stays(caller)) {
            return None;
        }
        let keys = self.keys.iter().filter(|(_, caller)| stays(caller));
        let keys: HashMap<_, _> = keys.map(|(hash, caller)| (*hash, Arc::clone(caller))).collect();
        Some(Self::over(keys))
    }

    fn over(keys: HashMap<[u8; 32], Arc<Caller>>) -> Self {
        let ids = keys.values().map(|caller| (caller.id, Arc::clone(caller))).collect();
        Self { keys, ids, known: Known::default() }
    }

    /// When the first of them ends after a time.
    pub(super) fn next_end(&self, after: Millis) -> Option<Millis> {
        self.ids.values().filter_map(|caller| caller.expires_at).filter(|at| after < *at).min()
    }
}

impl FromIterator<([u8; 32], Caller)> for KeyTable {
    fn from_iter<I: IntoIterator<Item = ([u8; 32], Caller)>>(entries: I) -> Self {
        Self::over(entries.into_iter().map(|(hash, caller)| (hash, Arc::new(caller))).collect())
    }
}

impl Default for KeyTable {
    fn default() -> Self {
        Self::from_iter([])
    }
}
