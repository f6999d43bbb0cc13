use domain::TemplateKey;
use domain::orgs::ProjectRef;
use domain::templates::{TemplateView, TemplatesPage};
use entity::template::Column;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Templates, store};
use crate::error::Result;
use crate::{Actor, scope};

impl Templates<'_> {
    /// A part of a project's templates, in the order of their keys: those after a key, and so many at most. Where the next
    /// part begins is its last key.
    ///
    /// # Errors
    /// When the actor may not see the project, or the database fails.
    pub async fn list(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        after: Option<&str>,
        limit: u64,
    ) -> Result<TemplatesPage> {
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let all = store::of_project(project.org.id, project.id);
        let total = all.clone().count(db).await?;
        let part = after.map_or(all.clone(), |key| all.filter(Column::Key.gt(key)));
        let mut rows = part.order_by_asc(Column::Key).limit(limit + 1).all(db).await?;
        let has_more = u64::try_from(rows.len()).unwrap_or(u64::MAX) > limit;
        if has_more {
            rows.pop();
        }
        let next = rows.last().filter(|_| has_more).map(|row| row.key.clone());
        let templates = rows.into_iter().map(store::view).collect::<Result<_>>()?;
        Ok(TemplatesPage { templates, next, total })
    }

    /// A template.
    ///
    /// # Errors
    /// When the actor may not see the project, the template is not there, or the database fails.
    pub async fn find(&self, actor: &Actor, project: &ProjectRef, key: &TemplateKey) -> Result<TemplateView> {
        let project = scope::project(self.0.reader(), actor, project).await?;
        let row = store::of_project(project.org.id, project.id)
            .filter(Column::Key.eq(key.as_str()))
            .one(self.0.reader())
            .await?;
        store::view(row.ok_or_else(|| store::missing(key))?)
    }
}
