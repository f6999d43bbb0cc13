use domain::OrgSlug;
use domain::usage::MonthOfUsage;
use entity::usage_month;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Usage;
use crate::error::Result;
use crate::{Actor, scope};

impl Usage<'_> {
    /// An organization's evaluations by the month, the newest first.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn months(&self, actor: &Actor, organization: &OrgSlug) -> Result<Vec<MonthOfUsage>> {
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let rows = usage_month::Entity::find()
            .filter(usage_month::Column::OrgId.eq(org.id))
            .order_by_desc(usage_month::Column::Month)
            .all(db)
            .await?;
        let view = |usage_month::Model { org_id: _, month, served, reported }| MonthOfUsage {
            month: month.year_and_month(),
            from: month,
            count: served.saturating_add(reported),
            served,
            reported,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}
