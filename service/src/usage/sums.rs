//! Sums of hours, by the database.

use std::collections::BTreeMap;

use domain::usage::{Step, UsagePoint};
use domain::{EnvironmentId, Millis, OrgId};
use entity::usage_hour::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select, TryGetable, Value,
};

use crate::error::Result;

/// Counts are added in two parts, above and below this: each could be as large as a number gets, and the databases refuse a
/// sum that is larger.
const PART: i64 = 1 << 31;

/// The hours of an organization that are asked for.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    pub(super) org_id: OrgId,
    pub(super) from: Millis,
    pub(super) to: Millis,
    /// All of them where there are none.
    pub(super) environments: Option<Vec<EnvironmentId>>,
    pub(super) flag: Option<String>,
}

/// The sum of counts, as large as a number can be.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    above: i64,
    below: i64,
}

impl Sum {
    fn count(self) -> i64 {
        self.above.saturating_mul(PART).saturating_add(self.below)
    }
}

impl Hours {
    fn rows(&self) -> Select<Entity> {
        let mut rows = Entity::find()
            .select_only()
            .filter(Column::OrgId.eq(self.org_id))
            .filter(Column::Hour.gte(self.from))
            .filter(Column::Hour.lt(self.to));
        if let Some(environments) = &self.environments {
            rows = rows.filter(Column::EnvironmentId.is_in(environments.iter().copied()));
        }
        if let Some(flag) = &self.flag {
            rows = rows.filter(Column::Flag.eq(flag));
        }
        rows
    }

    /// The points of all of them.
    pub(super) async fn points(&self, db: &impl ConnectionTrait, step: Step) -> Result<Vec<UsagePoint>> {
        let rows = summed(self.rows()).expr_as(start(step), "start").group_by(start(step));
        let rows: Vec<(i64, i64, Millis)> = rows.into_tuple().all(db).await?;
        let point =
            |(above, below, at)| UsagePoint { at: step.start(at), count: Sum { above, below }.count() };
        Ok(points(rows.into_iter().map(point)))
    }

    /// The sum for each value of a column.
    pub(super) async fn by<T: TryGetable>(
        &self,
        db: &impl ConnectionTrait,
        column: Column,
    ) -> Result<Vec<(T, i64)>> {
        let rows = summed(self.rows()).column(column).group_by(column);
        let rows: Vec<(i64, i64, T)> = rows.into_tuple().all(db).await?;
        Ok(rows.into_iter().map(|(above, below, value)| (value, Sum { above, below }.count())).collect())
    }

    /// The sums for some values of a column, at each point.
    pub(super) async fn points_by<T: TryGetable + Into<Value> + Clone>(
        &self,
        db: &impl ConnectionTrait,
        step: Step,
        column: Column,
        values: &[T],
    ) -> Result<Vec<(T, UsagePoint)>> {
        let rows = self.rows().filter(column.is_in(values.iter().cloned()));
        let rows = summed(rows).expr_as(start(step), "start").group_by(start(step));
        let rows: Vec<(i64, i64, Millis, T)> =
            rows.column(column).group_by(column).into_tuple().all(db).await?;
        let point = |(above, below, at, value)| {
            (value, UsagePoint { at: step.start(at), count: Sum { above, below }.count() })
        };
        Ok(rows.into_iter().map(point).collect())
    }
}

fn summed(rows: Select<Entity>) -> Select<Entity> {
    let part = |how: &str| Expr::cust(format!("CAST(SUM(\"usage_hour\".\"count\" {how} {PART}) AS BIGINT)"));
    rows.expr_as(part("/"), "above").expr_as(part("%"), "below")
}

/// When the hour or the day begins that a row is of. Months are not all as long: they are made of days.
fn start(step: Step) -> Expr {
    match step {
        Step::Hour => Expr::cust("\"usage_hour\".\"hour\""),
        Step::Day | Step::Month => Expr::cust("\"usage_hour\".\"hour\" - \"usage_hour\".\"hour\" % 86400000"),
    }
}

/// Points in the order of time, of which there may be several at one.
pub(super) fn points(found: impl Iterator<Item = UsagePoint>) -> Vec<UsagePoint> {
    let mut sums = BTreeMap::<Millis, i64>::new();
    for UsagePoint { at, count } in found {
        let sum = sums.entry(at).or_default();
        *sum = sum.saturating_add(count);
    }
    sums.into_iter().map(|(at, count)| UsagePoint { at, count }).collect()
}
