//! Writing down what was counted.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use domain::{EnvironmentId, Millis, OrgId};
use entity::{environment, organization};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::Delivery;
use super::attributes::Seen;
use super::counters::{Count, Counters};
use super::reported::Sums;
use super::write::{self, Rows};
use super::{Meter, lock};
use crate::Result;

/// How many ids one statement asks for: SQLite takes 32 766 parameters.
const IDS_A_STATEMENT: usize = 1000;

/// Whether all is written down that was counted before, or something has to wait until next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flushed {
    Whole,
    InPart,
}

impl Delivery {
    /// Writes down what was counted, and when keys were used last, in one transaction. Nothing is lost when it fails: the
    /// counts are put back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flush_usage(&self) -> Result<()> {
        self.flush().await.map(drop)
    }

    /// The same. An organization that is being changed in this moment is left for the next time, so that a flush waits for
    /// nobody: a long change in one would hold up the counts of all, and theirs the changes of those that come before it.
    pub(crate) async fn flush(&self) -> Result<Flushed> {
        let now = self.now();
        let meters: Vec<_> = self.0.meters.all().into_iter().filter(|meter| !meter.is_empty()).collect();
        let uses = self.0.uses.unwritten();
        if meters.is_empty() && uses.is_empty() {
            self.0.meters.tidy();
            return Ok(Flushed::Whole);
        }
        let tx = self.0.database.begin().await?;
        let places = Places::lock(&tx, &meters).await?;
        let taken: Vec<_> = meters.iter().filter(|meter| !places.is_busy(meter)).map(Taken::of).collect();
        let rows = places.rows(&taken, now);
        write::counts(&tx, &rows).await?;
        for taken in taken.iter().filter(|taken| places.environments.contains(&taken.meter.environment_id)) {
            let Meter { org_id, environment_id, .. } = **taken.meter;
            write::names(&tx, (org_id, environment_id), &taken.names, now.day()).await?;
        }
        let busy = uses.write(&tx).await?;
        drop(rows);
        tx.commit().await?;
        let flushed = match taken.len() == meters.len() {
            true => Flushed::Whole,
            false => Flushed::InPart,
        };
        taken.into_iter().for_each(Taken::forget);
        uses.written(&busy);
        drop(meters);
        self.0.meters.tidy();
        Ok(flushed)
    }
}

/// What was taken out of memory to be written down. It goes back where it is dropped before.
struct Taken<'m> {
    meter: &'m Arc<Meter>,
    counts: Vec<(Arc<Counters>, Vec<Count>)>,
    reported: Sums,
    names: Seen,
}

impl<'m> Taken<'m> {
    fn of(meter: &'m Arc<Meter>) -> Self {
        let counters = lock(&meter.counters).clone();
        let counts = counters.into_iter().map(|counters| (Arc::clone(&counters), counters.take()));
        let counts = counts.filter(|(_, counts)| !counts.is_empty()).collect();
        let (reported, names) = (lock(&meter.reported).take(), meter.attributes.take());
        Self { meter, counts, reported, names }
    }

    /// Forgets it, as it is written down.
    fn forget(mut self) {
        self.counts.clear();
        self.reported = Sums::default();
        self.names.clear();
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        for (counters, counts) in &self.counts {
            counters.put_back(counts);
        }
        lock(&self.meter.reported).put_back(std::mem::take(&mut self.reported));
        self.meter.attributes.put_back(std::mem::take(&mut self.names));
    }
}

/// Where counts can be written in this transaction.
struct Places {
    /// Organizations that there are.
    organizations: HashSet<OrgId>,
    /// Those of them that nobody changes until the transaction ends: no environment comes or goes.
    ready: HashSet<OrgId>,
    /// Environments that there are in them.
    environments: HashSet<EnvironmentId>,
}

impl Places {
    async fn lock(tx: &DatabaseTransaction, meters: &[Arc<Meter>]) -> Result<Self> {
        let wanted: BTreeSet<_> = meters.iter().map(|meter| meter.org_id).collect();
        let (mut organizations, mut ready) = (HashSet::new(), HashSet::new());
        for ids in wanted.into_iter().collect::<Vec<_>>().chunks(IDS_A_STATEMENT) {
            let found = organization::Entity::find()
                .select_only()
                .column(organization::Column::Id)
                .filter(organization::Column::Id.is_in(ids.iter().copied()));
            organizations.extend(found.clone().into_tuple::<OrgId>().all(tx).await?);
            let found = found.order_by_asc(organization::Column::Id);
            let found = found.lock_with_behavior(LockType::KeyShare, LockBehavior::SkipLocked);
            ready.extend(found.into_tuple::<OrgId>().all(tx).await?);
        }
        let mut environments = HashSet::new();
        let wanted: BTreeSet<_> = meters.iter().map(|meter| meter.environment_id).collect();
        for ids in wanted.into_iter().collect::<Vec<_>>().chunks(IDS_A_STATEMENT) {
            let found = environment::Entity::find()
                .select_only()
                .column(environment::Column::Id)
                .filter(environment::Column::Id.is_in(ids.iter().copied()));
            environments.extend(found.into_tuple::<EnvironmentId>().all(tx).await?);
        }
        Ok(Self { organizations, ready, environments })
    }

    fn is_busy(&self, meter: &Meter) -> bool {
        self.organizations.contains(&meter.org_id) && !self.ready.contains(&meter.org_id)
    }

    /// What is to be written: sums, because several counters meet in one row. Of an environment that is gone the month
    /// alone, which is the organization's; of an organization that is gone nothing.
    fn rows<'t>(&self, taken: &'t [Taken<'_>], now: Millis) -> Rows<'t> {
        let mut rows = Rows::default();
        for Taken { meter, counts, reported, .. } in taken {
            let place @ (org_id, environment) = (meter.org_id, meter.environment_id);
            if !self.ready.contains(&org_id) {
                continue;
            }
            let is_there = self.environments.contains(&environment);
            for (counters, count) in
                counts.iter().flat_map(|(of, counts)| counts.iter().map(move |it| (of, it)))
            {
                rows.month(org_id, now.month()).served(count.count);
                if is_there {
                    let row = (now.hour(), &*counters.flag, counters.variation(count), count.reason.as_str());
                    rows.hour(place, row, count.count);
                    rows.used(place, (&counters.flag, counters.version), now);
                }
            }
            for (of, count) in &reported.counts {
                rows.month(org_id, of.hour.month()).reported(*count);
                if is_there {
                    rows.hour(place, (of.hour, &of.flag, &of.variation, of.reason), *count);
                }
            }
            for ((flag, version), at) in reported.uses.iter().filter(|_| is_there) {
                rows.used(place, (flag, *version), *at);
            }
        }
        rows
    }
}
