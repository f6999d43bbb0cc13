//! What is kept for how long.

use domain::Millis;
use entity::{context_attribute, environment, flag, flag_use, usage_hour};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Usage;
use crate::error::Result;

const DAY_MS: i64 = 86_400_000;

/// How long hours are kept, and when flags were evaluated. Months are kept as long as their organization.
const HOURS_KEPT_MS: i64 = 90 * DAY_MS;

/// How long names of attributes are kept that are seen no more.
const NAMES_KEPT_MS: i64 = 30 * DAY_MS;

impl Usage<'_> {
    /// Deletes what is old: hours, names that are seen no more, and when flags were evaluated long ago, but for the last
    /// time of each that is still there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tidy(&self) -> Result<()> {
        let (db, now) = (self.0.database().writer(), self.0.now());
        let old = usage_hour::Column::Hour.lt(now.plus(-HOURS_KEPT_MS));
        usage_hour::Entity::delete_many().filter(old).exec(db).await?;
        let unseen = context_attribute::Column::SeenOn.lt(now.plus(-NAMES_KEPT_MS));
        context_attribute::Entity::delete_many().filter(unseen).exec(db).await?;
        self.tidy_uses(now.plus(-HOURS_KEPT_MS)).await
    }

    async fn tidy_uses(&self, old: Millis) -> Result<()> {
        use flag_use::{Column, Entity};
        let own = |column: Column| Expr::col((Entity, column));
        let other = Alias::new("other");
        let of_other = |column: Column| Expr::col((other.clone(), column));
        let later = Query::select()
            .expr(Expr::val(1))
            .from_as(Entity, other.clone())
            .and_where(of_other(Column::EnvironmentId).eq(own(Column::EnvironmentId)))
            .and_where(of_other(Column::Flag).eq(own(Column::Flag)))
            .and_where(of_other(Column::EvaluatedAt).gt(own(Column::EvaluatedAt)))
            .to_owned();
        let there = Query::select()
            .expr(Expr::val(1))
            .from(flag::Entity)
            .inner_join(
                environment::Entity,
                Expr::col((environment::Entity, environment::Column::ProjectId))
                    .equals((flag::Entity, flag::Column::ProjectId)),
            )
            .and_where(
                Expr::col((environment::Entity, environment::Column::Id)).eq(own(Column::EnvironmentId)),
            )
            .and_where(Expr::col((flag::Entity, flag::Column::Key)).eq(own(Column::Flag)))
            .to_owned();
        let is_last = Expr::exists(later).not().and(Expr::exists(there));
        Entity::delete_many()
            .filter(Column::EvaluatedAt.lt(old))
            .filter(is_last.not())
            .exec(self.0.database().writer())
            .await?;
        Ok(())
    }
}
