//! Counting evaluations: one atomic addition each, written down every few seconds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::{EnvironmentId, OrgId};
use engine::{Detail, Reason};
use entity::usage_hour;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, EntityTrait, ExprTrait};

use super::Delivery;
use super::uses::Unwritten;
use crate::Result;

/// How many rows one statement writes: SQLite takes 32 766 parameters, and a row has 7.
const ROWS_A_STATEMENT: usize = 1000;

/// One flag's counters in one environment, by variation and reason.
#[derive(Debug)]
pub(super) struct Counters {
    org_id: OrgId,
    environment_id: EnvironmentId,
    flag: Box<str>,
    /// The variations' keys, and last the empty one, for evaluations that served nothing.
    variations: Box<[Box<str>]>,
    counts: Box<[[AtomicU64; Reason::ALL.len()]]>,
}

impl Counters {
    pub(super) fn new<'v>(
        org_id: OrgId,
        environment_id: EnvironmentId,
        flag: &str,
        variations: impl Iterator<Item = &'v str>,
    ) -> Self {
        let variations: Box<[Box<str>]> = variations.chain([""]).map(Into::into).collect();
        let counts = variations.iter().map(|_| Default::default()).collect();
        Self { org_id, environment_id, flag: flag.into(), variations, counts }
    }

    /// Whether these count a flag with exactly these variations.
    pub(super) fn is_for<'v>(&self, variations: impl Iterator<Item = &'v str>) -> bool {
        self.variations.iter().map(AsRef::as_ref).eq(variations.chain([""]))
    }

    pub(super) fn count(&self, detail: &Detail<'_>) {
        let nothing = self.counts.len() - 1;
        let variation = detail.variation_index.unwrap_or(nothing).min(nothing);
        if let Some(count) =
            self.counts.get(variation).and_then(|reasons| reasons.get(detail.reason as usize))
        {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Each counter that is not zero, with its variation and reason.
    fn counted(&self) -> impl Iterator<Item = (&str, Reason, &AtomicU64)> {
        self.variations.iter().zip(&self.counts).flat_map(|(variation, reasons)| {
            let reasons = Reason::ALL.into_iter().zip(reasons);
            reasons
                .filter(|(_, count)| count.load(Ordering::Relaxed) > 0)
                .map(|(reason, count)| (variation.as_ref(), reason, count))
        })
    }
}

impl Delivery {
    /// Keeps counters that no snapshot has any more until they are written down.
    pub(super) fn retire(&self, counters: Vec<Arc<Counters>>) {
        self.retired().extend(counters);
    }

    /// Drops the kept counters of an environment that is gone: its rows could not be written, nor any beside them.
    pub(super) fn forget_retired(&self, environment: EnvironmentId) {
        self.retired().retain(|counters| counters.environment_id != environment);
    }

    fn retired(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Counters>>> {
        self.0.retired.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Writes down what was counted, and when keys were used last, in one transaction, under the current hour. Nothing is
    /// lost when it fails: the counts are put back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flush_usage(&self) -> Result<()> {
        let environments = self.0.environments.load_full();
        let live = environments.values().map(|environment| environment.snapshot()).collect::<Vec<_>>();
        let mut counters: Vec<_> = live.iter().flat_map(|snapshot| snapshot.counters().cloned()).collect();
        counters.extend(self.retired().iter().cloned());
        let taken: Vec<_> = counters
            .iter()
            .flat_map(|counters| {
                counters.counted().map(move |(variation, reason, count)| {
                    (counters.as_ref(), variation, reason, count, count.swap(0, Ordering::Relaxed))
                })
            })
            .collect();
        // Retired counters and live ones of one flag meet in the same row.
        let mut sums: BTreeMap<_, u64> = BTreeMap::new();
        for (counters, variation, reason, _, count) in &taken {
            let place = (counters.org_id, counters.environment_id, &*counters.flag, *variation, *reason);
            *sums.entry(place).or_default() += count;
        }
        let hour = self.now().hour();
        let row = |((org_id, environment_id, flag, variation, reason), count): (
            (_, _, &str, &str, Reason),
            u64,
        )| {
            usage_hour::ActiveModel {
                org_id: Set(org_id),
                environment_id: Set(environment_id),
                hour: Set(hour),
                flag: Set(flag.to_owned()),
                variation: Set(variation.to_owned()),
                reason: Set(reason.as_str().to_owned()),
                count: Set(i64::try_from(count).unwrap_or(i64::MAX)),
            }
        };
        let uses = self.0.uses.unwritten();
        let written = self.write_usage(sums.into_iter().map(row).collect(), &uses).await;
        if written.is_ok() {
            uses.written();
        } else {
            for (.., count, taken) in &taken {
                count.fetch_add(*taken, Ordering::Relaxed);
            }
        }
        // One that an evaluation still holds, or that has counts again, stays for the next time.
        drop(taken);
        drop(counters);
        self.retired()
            .retain(|counters| Arc::strong_count(counters) > 1 || counters.counted().next().is_some());
        written
    }

    async fn write_usage(&self, rows: Vec<usage_hour::ActiveModel>, uses: &Unwritten) -> Result<()> {
        if rows.is_empty() && uses.is_empty() {
            return Ok(());
        }
        use usage_hour::Column;
        let key = [Column::EnvironmentId, Column::Hour, Column::Flag, Column::Variation, Column::Reason];
        let sum = Expr::col((usage_hour::Entity, Column::Count)).add(Expr::cust("excluded.count"));
        let add = OnConflict::columns(key).value(Column::Count, sum).to_owned();
        let tx = self.0.database.begin().await?;
        for rows in rows.chunks(ROWS_A_STATEMENT) {
            usage_hour::Entity::insert_many(rows.iter().cloned())
                .on_conflict(add.clone())
                .exec_without_returning(&tx)
                .await?;
        }
        uses.write(&tx).await?;
        Ok(tx.commit().await?)
    }
}
