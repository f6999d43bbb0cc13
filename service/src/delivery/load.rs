//! From the database into memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::api_keys::KeyKind;
use domain::{EnvironmentId, OrgId};
use entity::{api_key, environment, organization};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::keys::{Bounds, Caller};
use super::limit::Limit;
use super::snapshot::LiveEnvironment;
use super::{Delivery, Seen};
use crate::api_keys::read_networks;
use crate::documents::{self, Document};
use crate::error::{Error, Result, causes};
use crate::secrets::unhex;

impl Delivery {
    /// Takes new environments into service, drops deleted ones, and rebuilds what changed in the others.
    pub(super) async fn refresh_environments(&self) -> Result<()> {
        let rows: Vec<(EnvironmentId, OrgId, String, i64)> = environment::Entity::find()
            .select_only()
            .columns([environment::Column::Id, environment::Column::OrgId])
            .columns([environment::Column::Key, environment::Column::Revision])
            .into_tuple()
            .all(self.0.database.reader())
            .await?;
        let known = self.0.environments.load_full();
        let mut current = HashMap::with_capacity(rows.len());
        let mut failed = Ok(());
        for (id, org_id, key, revision) in rows {
            let live = known.get(&id).cloned();
            let live = live.unwrap_or_else(|| Arc::new(LiveEnvironment::new(id, org_id, &key)));
            // One environment that cannot be read must not keep the others from being current.
            if let Err(error) = self.catch_up(&live, revision).await {
                failed = Err(error);
            }
            current.insert(id, live);
        }
        for (id, gone) in known.iter().filter(|(id, _)| !current.contains_key(id)) {
            tracing::info!(environment.id = %id, "an environment is gone");
            // Its counters have no environment to be written under any more.
            drop(gone.replace(engine::Compiled::default()));
            self.forget_retired(*id);
        }
        let same = current.len() == known.len() && current.keys().all(|id| known.contains_key(id));
        if !same {
            self.0.environments.store(Arc::new(current));
        }
        failed
    }

    /// Compiles the documents that changed between the snapshot and this revision.
    async fn catch_up(&self, live: &LiveEnvironment, revision: i64) -> Result<()> {
        let snapshot = live.snapshot();
        let seen = i64::try_from(snapshot.compiled().revision()).unwrap_or(i64::MAX);
        if seen == revision {
            return Ok(());
        }
        // A database that was restored from a backup may be behind: then everything is read anew.
        let (base, since) = match seen < revision {
            true => (snapshot.compiled(), seen),
            false => (&engine::Compiled::default(), 0),
        };
        let changes = documents::newest(self.0.database.reader(), live.id, since, revision).await?;
        let revision = u64::try_from(revision).map_err(|_| Error::Invariant("a revision is negative"))?;
        let compiled = base.with_changes(revision, changes.iter().map(Document::change));
        // Those that were there before were told of then.
        let known: HashSet<_> = base.warnings().collect();
        for warning in compiled.warnings().filter(|warning| !known.contains(warning)) {
            tracing::warn!(environment.id = %live.id, %warning, "a document cannot do all that it says");
        }
        self.retire(live.replace(compiled));
        Ok(())
    }

    /// Reads all keys anew where the access of any organization changed.
    pub(super) async fn refresh_keys(&self, seen: &mut Seen) -> Result<()> {
        let access: HashMap<OrgId, i64> = organization::Entity::find()
            .select_only()
            .columns([organization::Column::Id, organization::Column::AccessRevision])
            .into_tuple::<(OrgId, i64)>()
            .all(self.0.database.reader())
            .await?
            .into_iter()
            .collect();
        if access == seen.access {
            return Ok(());
        }
        let rows = api_key::Entity::find()
            .filter(api_key::Column::RevokedAt.is_null())
            .filter(api_key::Column::HmacKeyId.eq(self.0.secrets.key_id()))
            .all(self.0.database.reader())
            .await?;
        let environments = self.0.environments.load();
        // An environment that appeared between the two reads is there at the next look, which then reads keys again.
        let complete = rows.iter().all(|row| environments.contains_key(&row.environment_id));
        let entry = |row: api_key::Model| {
            let environment = Arc::clone(environments.get(&row.environment_id)?);
            let kind = KeyKind::from_name(&row.kind)?;
            // A key whose bounds cannot be read reaches nowhere.
            let unreadable = |error: &Error| {
                let prefix = &row.prefix;
                tracing::error!(
                    api_key.prefix = prefix,
                    error.causes = causes(error),
                    "a key cannot be used"
                );
            };
            let bounds = bounds(&row).inspect_err(unreadable).ok()?;
            let last_use = self.0.uses.of(row.id);
            let caller = Caller { kind, environment, expires_at: row.expires_at, bounds, last_use };
            Some((unhex(&row.hash)?, caller))
        };
        self.0.keys.store(Arc::new(rows.into_iter().filter_map(entry).collect()));
        if complete {
            seen.access = access;
        }
        Ok(())
    }
}

/// How far a key reaches, if not everywhere.
fn bounds(row: &api_key::Model) -> Result<Option<Bounds>> {
    let networks = read_networks(row)?.map(Vec::into_boxed_slice);
    let limit = row.rate_limit.and_then(Limit::new);
    Ok((networks.is_some() || limit.is_some()).then_some(Bounds { networks, limit }))
}
