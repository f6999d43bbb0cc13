//! From the database into memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::{EnvironmentId, OrgId};
use entity::{api_key, environment, environment_revision, organization};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use super::delta::{Past, Purge};
use super::key_rows::KeyRow;
use super::snapshot::{LiveEnvironment, Rules};
use super::{Delivery, Seen};
use crate::documents::{self, Document};
use crate::error::{Error, Result};
use crate::instance;

impl Delivery {
    /// Takes new environments into service, drops deleted ones, and rebuilds what changed in the others.
    pub(super) async fn refresh_environments(&self, seen: &mut Seen) -> Result<()> {
        let epoch = instance::epoch(&self.0.database).await?;
        // Restored from a backup, most often: the same revisions may be others.
        let is_another = epoch != **self.0.epoch.load();
        if is_another {
            tracing::warn!("the database is another one than before; everything is read anew");
        }
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
            let live = live
                .unwrap_or_else(|| Arc::new(LiveEnvironment::new(id, &key, self.0.meters.begin(org_id, id))));
            // One environment that cannot be read must not keep the others from being current.
            if let Err(error) = self.catch_up(&live, revision, is_another).await {
                failed = Err(error);
            }
            live.wake_at_edges(self.now().0);
            current.insert(id, live);
        }
        for (id, gone) in known.iter().filter(|(id, _)| !current.contains_key(id)) {
            tracing::info!(environment.id = %id, "an environment is gone");
            gone.end(self.now().0);
            self.0.forgotten.add(gone);
        }
        let same = current.len() == known.len() && current.keys().all(|id| known.contains_key(id));
        if !same {
            self.0.is_unkept.store(true, Ordering::Release);
            self.0.environments.store(Arc::new(current));
        }
        if is_another && failed.is_ok() {
            self.0.epoch.store(Arc::new(epoch));
            // Its keys may be others at the same revision of access.
            seen.access.clear();
            self.wake_all();
        }
        failed
    }

    /// Compiles the documents that changed between the snapshot and this revision.
    async fn catch_up(&self, live: &LiveEnvironment, revision: i64, is_another: bool) -> Result<()> {
        let snapshot = live.snapshot();
        let seen = i64::try_from(snapshot.compiled().revision()).unwrap_or(i64::MAX);
        if seen == revision && !is_another {
            return Ok(());
        }
        // A database that was restored from a backup may be behind: then everything is read anew.
        let (base, since) = match seen < revision && !is_another {
            true => (&snapshot.rules, seen),
            false => (&Rules::default(), 0),
        };
        let changes = documents::newest(self.0.database.reader(), live.id, since, revision).await?;
        let number = u64::try_from(revision).map_err(|_| Error::Invariant("a revision is negative"))?;
        let past = match since {
            0 => Past::begins_at(number),
            _ => base.past.and(self.purges(live.id, since, revision).await?),
        };
        let documents = base.documents.with_changes(&changes);
        let compiled = base.compiled.with_changes(number, changes.iter().map(Document::change));
        // Those that were there before were told of then.
        let known: HashSet<_> = base.compiled.warnings().collect();
        for warning in compiled.warnings().filter(|warning| !known.contains(warning)) {
            tracing::warn!(environment.id = %live.id, %warning, "a document cannot do all that it says");
        }
        live.replace(Rules { compiled, documents, past }, self.now().0);
        self.0.is_unkept.store(true, Ordering::Release);
        // Of what was served for the first time nobody has kept anything that was served by this node.
        if seen > 0 {
            self.0.forgotten.add(live);
        }
        Ok(())
    }

    /// What applications were to drop after one revision and up to another.
    async fn purges(&self, environment: EnvironmentId, since: i64, until: i64) -> Result<Vec<Purge>> {
        use environment_revision::Column;
        let rows: Vec<(i64, String)> = environment_revision::Entity::find()
            .select_only()
            .columns([Column::Revision, Column::Purge])
            .filter(Column::EnvironmentId.eq(environment))
            .filter(Column::Revision.gt(since).and(Column::Revision.lte(until)))
            .filter(Column::Purge.is_not_null())
            .order_by_asc(Column::Revision)
            .into_tuple()
            .all(self.0.database.reader())
            .await?;
        let purge = |(revision, flag): (i64, String)| {
            let flag = (!flag.is_empty()).then(|| flag.into());
            Purge { revision: u64::try_from(revision).unwrap_or_default(), flag }
        };
        Ok(rows.into_iter().map(purge).collect())
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
        let rows: Vec<_> = rows.into_iter().map(KeyRow::from).collect();
        let environments = self.0.environments.load();
        // An environment that appeared between the two reads is there at the next look, which then reads keys again.
        let complete = rows.iter().all(|row| environments.contains_key(&row.environment_id));
        self.serve_keys(&rows);
        self.note_ended_keys(&seen.keys, &rows);
        seen.keys = rows;
        self.0.is_unkept.store(true, Ordering::Release);
        if complete {
            seen.access = access;
        }
        Ok(())
    }
}
