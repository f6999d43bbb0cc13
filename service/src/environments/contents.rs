use domain::EnvironmentKey;
use domain::environments::EnvironmentContents;
use domain::orgs::ProjectRef;
use entity::{api_key, flag_configuration, segment_configuration};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::{Environments, read};
use crate::error::Result;
use crate::{Actor, scope};

impl Environments<'_> {
    /// What is in an environment, for whoever thinks of deleting it.
    ///
    /// # Errors
    /// When the actor may not see the project, there is none with this key, or the database fails.
    pub async fn contents(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: &EnvironmentKey,
    ) -> Result<EnvironmentContents> {
        let (db, now) = (self.0.reader(), self.0.now());
        let project = scope::project(db, actor, project).await?;
        let environment = read::choose(&read::list(db, &project).await?, Some(key))?;
        let flags = flag_configuration::Entity::find()
            .filter(flag_configuration::Column::OrgId.eq(project.org.id))
            .filter(flag_configuration::Column::EnvironmentId.eq(environment.id));
        let segments = segment_configuration::Entity::find()
            .filter(segment_configuration::Column::OrgId.eq(project.org.id))
            .filter(segment_configuration::Column::EnvironmentId.eq(environment.id));
        let keys = api_key::Entity::find()
            .filter(api_key::Column::OrgId.eq(project.org.id))
            .filter(api_key::Column::EnvironmentId.eq(environment.id));
        let unexpired = Condition::any()
            .add(api_key::Column::ExpiresAt.is_null())
            .add(api_key::Column::ExpiresAt.gt(now));
        let working = keys.clone().filter(api_key::Column::RevokedAt.is_null()).filter(unexpired);
        // Databases disagree on whether what is null comes first.
        let used =
            keys.filter(api_key::Column::LastUsedAt.is_not_null()).order_by_desc(api_key::Column::LastUsedAt);
        Ok(EnvironmentContents {
            now,
            flags: flags.count(db).await?,
            segments: segments.count(db).await?,
            keys: working.count(db).await?,
            last_used_at: used.one(db).await?.and_then(|row| row.last_used_at),
        })
    }
}
