//! The documents of an environment, as they are stored per revision.

use domain::EnvironmentId;
use engine::Change;
use entity::environment_document::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use crate::error::Result;

/// The newest document of a flag or a segment.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    kind: String,
    key: String,
    /// None where it was removed.
    text: Option<String>,
}

impl Document {
    /// What the engine compiles.
    pub(crate) fn change(&self) -> Change<'_> {
        match self.kind.as_str() {
            "segment" => Change::Segment(&self.key, self.text.as_deref()),
            _ => Change::Flag(&self.key, self.text.as_deref()),
        }
    }
}

/// The newest document of each flag and segment that changed after one revision and up to another.
pub(crate) async fn newest(
    db: &impl ConnectionTrait,
    environment: EnvironmentId,
    since: i64,
    until: i64,
) -> Result<Vec<Document>> {
    let newest = Query::select()
        .from(Entity)
        .columns([Column::Kind, Column::Key])
        .expr_as(Expr::col(Column::Revision).max(), Alias::new("revision"))
        .and_where(Column::EnvironmentId.eq(environment))
        .and_where(Column::Revision.gt(since))
        .and_where(Column::Revision.lte(until))
        .group_by_columns([Column::Kind, Column::Key])
        .to_owned();
    let triple = Expr::tuple([Expr::col(Column::Kind), Expr::col(Column::Key), Expr::col(Column::Revision)]);
    // As bytes: a document that is no text is that flag's fault, and not the environment's.
    let document = match db.get_database_backend() {
        DbBackend::Postgres => "convert_to(document, 'UTF8')",
        _ => "CAST(document AS BLOB)",
    };
    let rows: Vec<(String, String, Option<Vec<u8>>)> = Entity::find()
        .select_only()
        .columns([Column::Kind, Column::Key])
        .column_as(Expr::cust(document), "document")
        .filter(Column::EnvironmentId.eq(environment))
        .filter(triple.in_subquery(newest))
        .into_tuple()
        .all(db)
        .await?;
    let document = |(kind, key, bytes): (_, _, Option<Vec<u8>>)| {
        // No text is no JSON either.
        let text = bytes.map(|bytes| String::from_utf8(bytes).unwrap_or_default());
        Document { kind, key, text }
    };
    Ok(rows.into_iter().map(document).collect())
}
