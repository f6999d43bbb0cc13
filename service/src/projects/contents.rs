use domain::orgs::ProjectRef;
use domain::projects::ProjectContents;
use entity::{api_key, environment, flag, project, segment, template};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::Projects;
use crate::error::Result;
use crate::{Actor, scope};

impl Projects<'_> {
    /// What is in a project, for whoever looks after it or thinks of deleting it.
    ///
    /// # Errors
    /// When the actor may not see the project, or the database fails.
    pub async fn contents(&self, actor: &Actor, of: &ProjectRef) -> Result<ProjectContents> {
        let (db, now) = (self.0.reader(), self.0.now());
        let found = scope::project(db, actor, of).await?;
        let (org_id, id) = (found.org.id, found.id);
        let row = project::Entity::find_by_id(id)
            .filter(project::Column::OrgId.eq(org_id))
            .one(db)
            .await?
            .ok_or_else(|| domain::Error::not_found("project"))?;
        let flags = flag::Entity::find()
            .filter(flag::Column::OrgId.eq(org_id))
            .filter(flag::Column::ProjectId.eq(id));
        let segments = segment::Entity::find()
            .filter(segment::Column::OrgId.eq(org_id))
            .filter(segment::Column::ProjectId.eq(id));
        let templates = template::Entity::find()
            .filter(template::Column::OrgId.eq(org_id))
            .filter(template::Column::ProjectId.eq(id));
        let environments = Query::select()
            .column(environment::Column::Id)
            .from(environment::Entity)
            .and_where(environment::Column::OrgId.eq(org_id))
            .and_where(environment::Column::ProjectId.eq(id))
            .to_owned();
        let keys = api_key::Entity::find()
            .filter(api_key::Column::OrgId.eq(org_id))
            .filter(api_key::Column::EnvironmentId.in_subquery(environments));
        let unexpired = Condition::any()
            .add(api_key::Column::ExpiresAt.is_null())
            .add(api_key::Column::ExpiresAt.gt(now));
        let working = keys.clone().filter(api_key::Column::RevokedAt.is_null()).filter(unexpired);
        // Databases disagree on whether what is null comes first.
        let used =
            keys.filter(api_key::Column::LastUsedAt.is_not_null()).order_by_desc(api_key::Column::LastUsedAt);
        Ok(ProjectContents {
            now,
            created_at: row.created_at,
            flags: flags.clone().filter(flag::Column::ArchivedAt.is_null()).count(db).await?,
            archived: flags.filter(flag::Column::ArchivedAt.is_not_null()).count(db).await?,
            segments: segments.count(db).await?,
            templates: templates.count(db).await?,
            keys: working.count(db).await?,
            last_used_at: used.one(db).await?.and_then(|row| row.last_used_at),
        })
    }
}
