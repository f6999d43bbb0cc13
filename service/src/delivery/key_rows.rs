//! From rows of keys to keys in memory.

use std::sync::Arc;

use domain::api_keys::KeyKind;
use domain::{ApiKeyId, EnvironmentId, Millis};
use entity::api_key;
use serde::{Deserialize, Serialize};

use super::Delivery;
use super::keys::{Bounds, Caller};
use super::limit::Limit;
use crate::api_keys::read_networks;
use crate::error::{Error, Result, causes};
use crate::secrets::unhex;

/// What is known of a key that works.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
    fn bounds(&self) -> Result<Option<Bounds>> {
        let networks = read_networks(self.allowed_networks.as_deref(), &self.prefix)?;
        let networks = networks.map(Vec::into_boxed_slice);
        let limit = self.rate_limit.and_then(Limit::new);
        Ok((networks.is_some() || limit.is_some()).then_some(Bounds { networks, limit }))
    }
}

impl Delivery {
    /// Takes keys into service in the place of those before. One that cannot be read, or whose environment is not served,
    /// reaches nowhere.
    pub(super) fn serve_keys(&self, rows: &[KeyRow]) {
        let environments = self.0.environments.load();
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
            let bounds = row.bounds().inspect_err(unreadable).ok()?;
            let last_use = self.0.uses.of(row.id);
            let caller =
                Caller { id: row.id, kind, environment, expires_at: row.expires_at, bounds, last_use };
            Some((unhex(&row.hash)?, caller))
        };
        self.0.keys.store(Arc::new(rows.iter().filter_map(entry).collect()));
        // Whoever follows by a key that works no more is to hear of it.
        environments.values().for_each(|environment| environment.wake());
    }
}
