//! The documents of an environment, as they are stored per revision.

use domain::EnvironmentId;
use engine::Change;
use entity::environment_document::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Select,
};

use crate::error::Result;

/// The newest document of a flag or a segment.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    kind: String,
    key: String,
    /// The revision that it came with.
    revision: i64,
    /// None where it was removed.
    text: Option<String>,
}

impl Document {
    /// `flag` or `segment`.
    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    /// The flag's or the segment's key.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The revision that it came with.
    pub(crate) fn revision(&self) -> i64 {
        self.revision
    }

    /// The document; none where it was removed.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

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
    let of_environment = Entity::find().filter(Column::EnvironmentId.eq(environment));
    read(db, of_environment.filter(triple.in_subquery(newest))).await
}

/// The document of a flag or a segment that came with a revision.
pub(crate) async fn of_revision(
    db: &impl ConnectionTrait,
    environment: EnvironmentId,
    (kind, key): (&str, &str),
    revision: i64,
) -> Result<Option<Document>> {
    let id = (environment, kind.to_owned(), key.to_owned(), revision);
    Ok(read(db, Entity::find_by_id(id)).await?.pop())
}

async fn read(db: &impl ConnectionTrait, documents: Select<Entity>) -> Result<Vec<Document>> {
    // As bytes: a document that is no text is that flag's fault, and not the environment's.
    let document = match db.get_database_backend() {
        DbBackend::Postgres => "convert_to(document, 'UTF8')",
        _ => "CAST(document AS BLOB)",
    };
    let rows: Vec<(String, String, i64, Option<Vec<u8>>)> = documents
        .select_only()
        .columns([Column::Kind, Column::Key, Column::Revision])
        .column_as(Expr::cust(document), "document")
        .into_tuple()
        .all(db)
        .await?;
    let document = |(kind, key, revision, bytes): (_, _, _, Option<Vec<u8>>)| {
        // No text is no JSON either.
        let text = bytes.map(|bytes| String::from_utf8(bytes).unwrap_or_default());
        Document { kind, key, revision, text }
    };
    Ok(rows.into_iter().map(document).collect())
}
