//! The rows of a flush. Nodes write them in one order, so that no two wait for each other.

use std::collections::BTreeMap;

use domain::{EnvironmentId, Millis, OrgId};
use entity::{context_attribute, flag_use, usage_hour, usage_month};
use sea_orm::sea_query::{Expr, IntoCondition, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::attributes::{self, Seen, Stored};
use crate::Result;

/// How many rows one statement writes: SQLite takes 32 766 parameters, and no row has more than 7.
const ROWS_A_STATEMENT: usize = 1000;

/// An organization and one of its environments.
type Place = (OrgId, EnvironmentId);

/// What is counted by the hour: hour, flag, variation, reason.
type Hour<'t> = (Millis, &'t str, &'t str, &'t str);

/// A flag and its version in an environment.
type Version<'t> = (EnvironmentId, (&'t str, i64));

/// What a flush adds.
#[derive(Default)]
pub(super) struct Rows<'t> {
    hours: BTreeMap<(EnvironmentId, Hour<'t>), (OrgId, i64)>,
    months: BTreeMap<(OrgId, Millis), Month>,
    uses: BTreeMap<Version<'t>, (OrgId, Millis)>,
}

/// Evaluations of one month.
#[derive(Default)]
pub(super) struct Month {
    served: i64,
    reported: i64,
}

impl Month {
    pub(super) fn served(&mut self, count: u64) {
        add(&mut self.served, count);
    }

    pub(super) fn reported(&mut self, count: u64) {
        add(&mut self.reported, count);
    }
}

impl<'t> Rows<'t> {
    pub(super) fn month(&mut self, org_id: OrgId, month: Millis) -> &mut Month {
        self.months.entry((org_id, month)).or_default()
    }

    pub(super) fn hour(&mut self, (org_id, environment): Place, of: Hour<'t>, count: u64) {
        add(&mut self.hours.entry((environment, of)).or_insert((org_id, 0)).1, count);
    }

    /// Remembers when a flag was evaluated last, if it is one.
    pub(super) fn used(&mut self, (org_id, environment): Place, flag: (&'t str, i64), at: Millis) {
        if !flag.0.is_empty() {
            let (_, last) = self.uses.entry((environment, flag)).or_insert((org_id, at));
            *last = Ord::max(*last, at);
        }
    }
}

/// A count that has become too large stays as large as it can be.
fn add(sum: &mut i64, count: u64) {
    *sum = sum.saturating_add(i64::try_from(count).unwrap_or(i64::MAX));
}

/// The same in the database, which would refuse the sum.
fn plus(table: &str, column: &str) -> Expr {
    let (there, added) = (format!("\"{table}\".\"{column}\""), format!("excluded.\"{column}\""));
    let most = i64::MAX;
    Expr::cust(format!("CASE WHEN {there} > {most} - {added} THEN {most} ELSE {there} + {added} END"))
}

/// Writes what was counted.
pub(super) async fn counts(tx: &DatabaseTransaction, rows: &Rows<'_>) -> Result<()> {
    hours(tx, rows).await?;
    months(tx, rows).await?;
    uses(tx, rows).await
}

async fn hours(tx: &DatabaseTransaction, rows: &Rows<'_>) -> Result<()> {
    use usage_hour::{ActiveModel, Column};
    let key = [Column::EnvironmentId, Column::Hour, Column::Flag, Column::Variation, Column::Reason];
    let add = OnConflict::columns(key).value(Column::Count, plus("usage_hour", "count")).to_owned();
    let row =
        |((environment, (hour, flag, variation, reason)), (org_id, count)): (&(_, Hour<'_>), &(_, _))| {
            ActiveModel {
                org_id: Set(*org_id),
                environment_id: Set(*environment),
                hour: Set(*hour),
                flag: Set((*flag).to_owned()),
                variation: Set((*variation).to_owned()),
                reason: Set((*reason).to_owned()),
                count: Set(*count),
            }
        };
    write(tx, rows.hours.iter().map(row), &add).await
}

async fn months(tx: &DatabaseTransaction, rows: &Rows<'_>) -> Result<()> {
    use usage_month::{ActiveModel, Column};
    let add = OnConflict::columns([Column::OrgId, Column::Month])
        .value(Column::Served, plus("usage_month", "served"))
        .value(Column::Reported, plus("usage_month", "reported"))
        .to_owned();
    let row = |((org_id, month), Month { served, reported }): (&(_, _), &_)| ActiveModel {
        org_id: Set(*org_id),
        month: Set(*month),
        served: Set(*served),
        reported: Set(*reported),
    };
    write(tx, rows.months.iter().map(row), &add).await
}

async fn uses(tx: &DatabaseTransaction, rows: &Rows<'_>) -> Result<()> {
    use flag_use::{ActiveModel, Column};
    let is_later = Expr::cust("excluded.\"evaluated_at\" > \"flag_use\".\"evaluated_at\"");
    let keep_later = OnConflict::columns([Column::EnvironmentId, Column::Flag, Column::Version])
        .update_column(Column::EvaluatedAt)
        .action_cond_where(is_later.into_condition())
        .to_owned();
    let row = |((environment, (flag, version)), (org_id, at)): (&(_, (&str, _)), &(_, _))| ActiveModel {
        org_id: Set(*org_id),
        environment_id: Set(*environment),
        flag: Set((*flag).to_owned()),
        version: Set(*version),
        evaluated_at: Set(*at),
    };
    write(tx, rows.uses.iter().map(row), &keep_later).await
}

/// Writes what attributes are called that were seen on a day.
pub(super) async fn names(
    tx: &DatabaseTransaction,
    (org_id, environment): Place,
    seen: &Seen,
    day: Millis,
) -> Result<()> {
    use context_attribute::{ActiveModel, Column, Entity};
    if seen.is_empty() {
        return Ok(());
    }
    // Locked in their order: another node may be writing and forgetting names of the same environment.
    let there = Entity::find()
        .filter(Column::OrgId.eq(org_id))
        .filter(Column::EnvironmentId.eq(environment))
        .order_by_asc(Column::Name)
        .lock_exclusive()
        .all(tx)
        .await?;
    let stored = |row: context_attribute::Model| {
        (row.name.into(), Stored { trusted: row.trusted, seen_on: row.seen_on })
    };
    let settled = attributes::settle(&there.into_iter().map(stored).collect(), seen, day);
    if !settled.forget.is_empty() {
        Entity::delete_many()
            .filter(Column::OrgId.eq(org_id))
            .filter(Column::EnvironmentId.eq(environment))
            .filter(Column::Name.is_in(settled.forget.iter().map(AsRef::as_ref)))
            .exec(tx)
            .await?;
    }
    let row = |(name, Stored { trusted, seen_on }): (Box<str>, _)| ActiveModel {
        org_id: Set(org_id),
        environment_id: Set(environment),
        name: Set(name.into()),
        trusted: Set(trusted),
        seen_on: Set(seen_on),
    };
    let replace = OnConflict::columns([Column::EnvironmentId, Column::Name])
        .update_columns([Column::Trusted, Column::SeenOn])
        .to_owned();
    write(tx, settled.write.into_iter().map(row), &replace).await
}

/// Writes rows, and says what becomes of those that are there.
async fn write<A>(
    tx: &DatabaseTransaction,
    rows: impl Iterator<Item = A>,
    where_there: &OnConflict,
) -> Result<()>
where
    A: ActiveModelTrait + Clone + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let rows: Vec<_> = rows.collect();
    for rows in rows.chunks(ROWS_A_STATEMENT) {
        let insert = A::Entity::insert_many(rows.iter().cloned()).on_conflict(where_there.clone());
        insert.exec_without_returning(tx).await?;
    }
    Ok(())
}
