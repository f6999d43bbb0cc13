use domain::orgs::ProjectRef;
use domain::templates::{TemplateView, TemplatesPage};
use domain::{Page, TemplateKey};
use entity::template::Column;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Templates, store};
use crate::error::Result;
use crate::{Actor, page, scope};

impl Templates<'_> {
    /// A part of a project's templates, in the order of their keys.
    ///
    /// # Errors
    /// When the actor may not see the project, what is asked for is against the rules, or the database fails.
    pub async fn list(&self, actor: &Actor, project: &ProjectRef, page: &Page) -> Result<TemplatesPage> {
        domain::validate(page)?;
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let all = store::of_project(project.org.id, project.id);
        let total = all.clone().count(db).await?;
        let list = page::List::new("templates", &project.id, &())?;
        let after: Option<TemplateKey> = list.after(page.cursor.as_deref())?;
        let part = after.map_or(all.clone(), |key| all.filter(Column::Key.gt(key.as_str())));
        let rows = part.order_by_asc(Column::Key).limit(u64::from(page.limit) + 1).all(db).await?;
        let (rows, has_more) = page::split(rows, page.limit);
        let next = rows.last().filter(|_| has_more).map(|row| list.end(&row.key)).transpose()?;
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
