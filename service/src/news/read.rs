//! Reading entries without their documents, which may be long and are nobody's news.

use domain::OrgId;
use domain::audit::News;
use entity::{audit_chain, audit_event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect};

use crate::audit;
use crate::error::Result;

/// The number of an organization's newest entry; 0 where there is none.
pub(crate) async fn head(db: &impl ConnectionTrait, org_id: OrgId) -> Result<i64> {
    let chain = audit_chain::Entity::find_by_id(org_id).one(db).await?;
    Ok(chain.map(|chain| chain.seq).unwrap_or_default())
}

/// The entries after one, up to another, in their order.
pub(super) async fn between(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    after: i64,
    last: i64,
) -> Result<Vec<News>> {
    let without = |column: &audit_event::Column| {
        !matches!(column, audit_event::Column::OldDocument | audit_event::Column::NewDocument)
    };
    let columns = audit_event::Column::iter().filter(without);
    let rows = audit_event::Entity::find()
        .select_only()
        .columns(columns)
        .expr_as(Expr::value(None::<String>), "old_document")
        .expr_as(Expr::value(None::<String>), "new_document")
        .filter(audit_event::Column::OrgId.eq(org_id))
        .filter(audit_event::Column::Seq.gt(after))
        .filter(audit_event::Column::Seq.lte(last))
        .order_by_asc(audit_event::Column::Seq)
        .all(db)
        .await?;
    Ok(audit::entries(db, org_id, rows).await?.into_iter().map(News::from).collect())
}
