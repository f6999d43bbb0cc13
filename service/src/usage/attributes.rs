use domain::EnvironmentKey;
use domain::orgs::ProjectRef;
use domain::usage::AttributeView;
use entity::context_attribute::{Column, Entity, Model};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Usage;
use crate::environments::read as environments;
use crate::error::Result;
use crate::{Actor, scope};

impl Usage<'_> {
    /// What the attributes of contexts are called in an environment, sorted.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such environment, or the database fails.
    pub async fn attributes(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        environment: &EnvironmentKey,
    ) -> Result<Vec<AttributeView>> {
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let environment = environments::choose(&environments::list(db, &project).await?, Some(environment))?;
        let rows = Entity::find()
            .filter(Column::OrgId.eq(project.org.id))
            .filter(Column::EnvironmentId.eq(environment.id))
            .order_by_asc(Column::Name)
            .all(db)
            .await?;
        let view = |Model { name, trusted, seen_on, .. }| AttributeView {
            name,
            last_seen_on: seen_on,
            from_browsers: !trusted,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}
