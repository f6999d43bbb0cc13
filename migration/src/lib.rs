//! Togglebit's schema, step by step. The same steps run on SQLite and on PostgreSQL.
//!
//! Each step runs in a transaction of its own. On PostgreSQL nodes that start at once take turns under an advisory lock.
//! A step that was released is never edited: the next one mends it, in a way that the previous release can live with.
#![deny(missing_docs)]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, RuntimeErr, SqlxPostgresConnector, Statement,
};

mod m0001_instance;
mod m0002_people;
mod m0003_organizations;
mod m0004_projects;
mod m0005_flags;
mod m0006_segments;
mod m0007_api_keys;
mod m0008_audit;
mod m0009_revisions;
mod m0010_usage;
mod m0011_accounts;
mod m0012_sessions;
mod m0013_letters;
mod m0014_narrowed_roles;
mod m0015_management;
mod m0016_metering;
mod step;

/// The steps.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_instance::STEP),
            Box::new(m0002_people::STEP),
            Box::new(m0003_organizations::STEP),
            Box::new(m0004_projects::STEP),
            Box::new(m0005_flags::STEP),
            Box::new(m0006_segments::STEP),
            Box::new(m0007_api_keys::STEP),
            Box::new(m0008_audit::STEP),
            Box::new(m0009_revisions::STEP),
            Box::new(m0010_usage::STEP),
            Box::new(m0011_accounts::STEP),
            Box::new(m0012_sessions::STEP),
            Box::new(m0013_letters::STEP),
            Box::new(m0014_narrowed_roles::STEP),
            Box::new(m0015_management::STEP),
            Box::new(m0016_metering::STEP),
        ]
    }
}

/// "togglebt": any number will do, as long as nobody else on the server uses it.
const ADVISORY_LOCK: i64 = 0x746f_6767_6c65_6274;

/// Brings a database to the newest schema.
///
/// # Errors
/// When a step fails; the steps before it stay done.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Migrator::up(db, None).await;
    }
    // A lock of the session, so it needs a connection of its own that outlives the steps.
    let holder = lock_holder(db).await?;
    let lock =
        |call: &str| Statement::from_string(DbBackend::Postgres, format!("SELECT {call}({ADVISORY_LOCK})"));
    holder.query_one_raw(lock("pg_advisory_lock")).await?;
    let migrated = Migrator::up(db, None).await;
    holder.query_one_raw(lock("pg_advisory_unlock")).await?;
    holder.close().await?;
    migrated
}

/// A pool of one connection to the same database.
async fn lock_holder(db: &DatabaseConnection) -> Result<DatabaseConnection, DbErr> {
    let connect = db.get_postgres_connection_pool().connect_options();
    let pool = PgPoolOptions::new().max_connections(1).connect_with((*connect).clone()).await;
    let pool = pool.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
