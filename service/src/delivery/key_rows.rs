//! From rows of keys to keys in memory.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use domain::api_keys::KeyKind;
use domain::{ApiKeyId, EnvironmentId, Millis, OrgId};
use entity::api_key;
use serde::{Deserialize, Serialize};

use super::Delivery;
use super::keys::{Bounds, Caller};
use super::limits::Limits;
use crate::api_keys::read_networks;
use crate::error::{Error, Result, causes};
use crate::secrets::unhex;

/// How many keys that were found to be revoked are remembered until others are told.
const MOST_REVOKED: usize = 1000;

/// What is known of a key that works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct KeyRow {
    id: ApiKeyId,
    pub(super) environment_id: EnvironmentId,
    kind: String,
    hash: String,
    prefix: String,
    expires_at: Option<Millis>,
    allowed_networks: Option<String>,
    rate_limit: Option<i64>,
}

impl From<api_key::Model> for KeyRow {
    fn from(row: api_key::Model) -> Self {
        let api_key::Model { id, environment_id, kind, hash, prefix, .. } = row;
        let api_key::Model { expires_at, allowed_networks, rate_limit, .. } = row;
        Self { id, environment_id, kind, hash, prefix, expires_at, allowed_networks, rate_limit }
    }
}

impl KeyRow {
    /// How far the key reaches, if not everywhere.
    fn bounds(&self, limits: &Limits, organization: OrgId) -> Result<Option<Bounds>> {
        let networks = read_networks(self.allowed_networks.as_deref(), &self.prefix)?;
        let networks = networks.map(Vec::into_boxed_slice);
        let own = limits.of_key(self.id, self.rate_limit);
        let organization = limits.of_organization(organization);
        let is_bound = networks.is_some() || own.is_some() || organization.is_some();
        Ok(is_bound.then_some(Bounds { networks, own, organization }))
    }
}

impl Delivery {
    /// Remembers what is to be told of keys that are not there any more, or not as they were: to caches, and to other nodes.
    pub(super) fn note_ended_keys(&self, before: &[KeyRow], now: &[KeyRow]) {
        let now: HashMap<_, _> = now.iter().map(|row| (row.id, row)).collect();
        let changed: Vec<_> = before.iter().filter(|row| now.get(&row.id) != Some(row)).collect();
        let environments = self.0.environments.load();
        let places: BTreeSet<_> = changed.iter().map(|row| row.environment_id).collect();
        places.iter().filter_map(|id| environments.get(id)).for_each(|live| self.0.forgotten.add(live));
        let revoked = changed.iter().map(|row| row.id).filter(|id| !now.contains_key(id));
        self.note_revoked(revoked.collect());
    }

    /// Takes the keys that were found to be revoked since the last time.
    pub(crate) fn take_revoked(&self) -> Vec<ApiKeyId> {
        std::mem::take(&mut *self.0.revoked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Remembers keys that were found to be revoked.
    pub(crate) fn note_revoked(&self, mut ids: Vec<ApiKeyId>) {
        let mut revoked = self.0.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        ids.append(&mut revoked);
        ids.truncate(MOST_REVOKED);
        *revoked = ids;
    }

    /// Takes keys out of service, until the next look at the database that succeeds.
    pub(crate) fn end_keys(&self, ids: &HashSet<ApiKeyId>) {
        let before = self.0.keys.load_full();
        let Some(without) = before.without(ids) else { return };
        // Whatever replaced them meanwhile was read from the database, which knows better.
        self.0.keys.compare_and_swap(&before, Arc::new(without));
        self.wake_all();
    }

    /// Takes keys into service in the place of those before. One that cannot be read, or whose environment is not served,
    /// reaches nowhere.
    pub(super) fn serve_keys(&self, rows: &[KeyRow]) {
        let environments = self.0.environments.load();
        self.0.limits.forget(self.now());
        let entry = |row: &KeyRow| {
            let environment = Arc::clone(environments.get(&row.environment_id)?);
            let kind = KeyKind::from_name(&row.kind)?;
            let unreadable = |error: &Error| {
                let prefix = &row.prefix;
                tracing::error!(
                    api_key.prefix = prefix,
                    error.causes = causes(error),
                    "a key cannot be used"
                );
            };
            let organization = environment.snapshot().meter().org_id();
            let bounds = row.bounds(&self.0.limits, organization).inspect_err(unreadable).ok()?;
            let last_use = self.0.uses.of(row.id);
            let caller =
                Caller { id: row.id, kind, environment, expires_at: row.expires_at, bounds, last_use };
            Some((unhex(&row.hash)?, caller))
        };
        self.0.keys.store(Arc::new(rows.iter().filter_map(entry).collect()));
        // Whoever follows by a key that works no more is to hear of it.
        self.wake_all();
    }
}
