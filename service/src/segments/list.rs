use domain::orgs::ProjectRef;
use domain::segments::{ListSegments, SegmentSort, SegmentsPage};
use entity::segment::{self, Column};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::{Segments, read};
use crate::error::Result;
use crate::page;
use crate::{Actor, scope};

/// How many are listed unless asked otherwise.
const USUAL: u32 = 50;

/// Where a page ends: what is sorted by, and the key, which no two have.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum After {
    Text(String, String),
    Time(i64, String),
}

impl Segments<'_> {
    /// A page of a project's segments.
    ///
    /// # Errors
    /// When the actor may not see the project, the query is against the rules, or the database fails.
    pub async fn list(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        query: ListSegments,
    ) -> Result<SegmentsPage> {
        domain::validate(&query)?;
        let ListSegments { q, sort, cursor, limit } = query;
        let text = q.as_deref().map(str::to_lowercase);
        let list = ("segments", sort, &text);
        let after = cursor.map(|cursor| page::decode::<_, After>(&cursor, &list)).transpose()?;
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
        let (column, order) = match sort {
            SegmentSort::Key => (Column::Key, Order::Asc),
            SegmentSort::KeyDown => (Column::Key, Order::Desc),
            SegmentSort::Name => (Column::NameLower, Order::Asc),
            SegmentSort::NameDown => (Column::NameLower, Order::Desc),
            SegmentSort::Created => (Column::CreatedAt, Order::Asc),
            SegmentSort::CreatedDown => (Column::CreatedAt, Order::Desc),
            SegmentSort::Updated => (Column::UpdatedAt, Order::Asc),
            SegmentSort::UpdatedDown => (Column::UpdatedAt, Order::Desc),
        };
        if let Some(after) = after {
            let is_time = matches!(column, Column::CreatedAt | Column::UpdatedAt);
            let (value, key) = match after {
                After::Text(value, key) if !is_time => (Expr::val(value), key),
                After::Time(value, key) if is_time => (Expr::val(value), key),
                _ => return Err(page::none().into()),
            };
            let last = Expr::tuple([value, Expr::val(key)]);
            let own = Expr::tuple([Expr::col(column), Expr::col(Column::Key)]);
            found = found.filter(if order == Order::Asc { own.gt(last) } else { own.lt(last) });
        }
        let limit = u64::from(limit.unwrap_or(USUAL));
        let mut rows = found
            .order_by(column, order.clone())
            .order_by(Column::Key, order)
            .limit(limit + 1)
            .all(db)
            .await?;
        let has_more = u64::try_from(rows.len()).unwrap_or(u64::MAX) > limit;
        if has_more {
            rows.pop();
        }
        let after = |row: &segment::Model| match column {
            Column::NameLower => After::Text(row.name_lower.clone(), row.key.clone()),
            Column::CreatedAt => After::Time(row.created_at.0, row.key.clone()),
            Column::UpdatedAt => After::Time(row.updated_at.0, row.key.clone()),
            _ => After::Text(row.key.clone(), row.key.clone()),
        };
        let next = rows.last().filter(|_| has_more).map(|row| page::encode(&list, &after(row)));
        let next = next.transpose()?;
        Ok(SegmentsPage { segments: read::views(db, &project, rows).await?, next, total })
    }
}
