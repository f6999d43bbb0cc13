use domain::orgs::ProjectRef;
use domain::segments::{ListSegments, SegmentsPage};
use domain::{Page, Sort};
use entity::segment::{self, Column};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::{Segments, read};
use crate::error::Result;
use crate::page::{self, Place};
use crate::{Actor, scope};

impl Segments<'_> {
    /// A page of a project's segments.
    ///
    /// # Errors
    /// When the actor may not see the project, the query is against the rules, or the database fails.
    pub async fn list(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        query: &ListSegments,
        page: &Page,
    ) -> Result<SegmentsPage> {
        domain::validate(query)?;
        domain::validate(page)?;
        let ListSegments { q, sort } = query;
        let text = q.as_deref().map(str::to_lowercase);
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let mut found = segment::Entity::find()
            .filter(Column::OrgId.eq(project.org.id))
            .filter(Column::ProjectId.eq(project.id));
        if let Some(text) = &text {
            let contains = |column: Column| Expr::col(column).like(page::containing(text));
            found = found
                .filter(Condition::any().add(contains(Column::KeyLower)).add(contains(Column::NameLower)));
        }
        let total = found.clone().count(db).await?;
        let column = match sort {
            Sort::Key | Sort::KeyDescending => Column::Key,
            Sort::Name | Sort::NameDescending => Column::NameLower,
            Sort::Created | Sort::CreatedDescending => Column::CreatedAt,
            Sort::Updated | Sort::UpdatedDescending => Column::UpdatedAt,
        };
        let list = page::List::new("segments", &project.id, &(&text, sort))?;
        let after = list.after::<(Place, String)>(page.cursor.as_deref())?;
        let after = after.map(|(place, key)| (place, Expr::val(key)));
        let rows = page::sorted(found, *sort, (column, Column::Key), after)?
            .limit(u64::from(page.limit) + 1)
            .all(db)
            .await?;
        let (rows, has_more) = page::split(rows, page.limit);
        let place = |row: &segment::Model| match column {
            Column::NameLower => Place::Text(row.name_lower.clone()),
            Column::CreatedAt => Place::Time(row.created_at),
            Column::UpdatedAt => Place::Time(row.updated_at),
            _ => Place::Text(row.key.clone()),
        };
        let next = rows.last().filter(|_| has_more).map(|row| list.end((place(row), &row.key)));
        let next = next.transpose()?;
        Ok(SegmentsPage { segments: read::views(db, &project, rows).await?, next, total })
    }
}
