//! One step: the statements that make something, and those that unmake it.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// A step of the schema.
///
/// The statements are SQL that both databases read, apart from two words:
/// `ID` is a UUID, and `SORTED` is text that is sorted or searched, which compares by bytes on both.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) up: &'static [&'static str],
    pub(crate) down: &'static [&'static str],
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, self.up).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, self.down).await
    }

    /// Without this, sea-orm-migration wraps steps on PostgreSQL alone.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let db = manager.get_connection();
    for statement in statements {
        db.execute_unprepared(&dialect(statement, db.get_database_backend())).await?;
    }
    Ok(())
}

fn dialect(statement: &str, backend: DbBackend) -> String {
    let (id, sorted) = match backend {
        DbBackend::Postgres => ("UUID", r#"TEXT COLLATE "C""#),
        _ => ("BLOB", "TEXT"),
    };
    let is_between = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
    let mut sql = String::with_capacity(statement.len());
    for part in statement.split_inclusive(is_between) {
        let word = part.trim_end_matches(is_between);
        sql.push_str(match word {
            "ID" => id,
            "SORTED" => sorted,
            word => word,
        });
        sql.push_str(&part[word.len()..]);
    }
    sql
}
