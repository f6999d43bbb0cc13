//! What the instance knows of itself.

use entity::instance;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{Database, Result, random_token};

/// The epoch of the database, which tells it from another one with the same revisions. Decided at the first start,
/// because nothing can give a database that is in use an epoch from before.
const EPOCH: &str = "epoch";

/// Set once the demo is complete, so that nothing that people change in it is undone at the next start.
const DEMO: &str = "demo";

/// Gives a new database its epoch.
pub(crate) async fn ensure_epoch(database: &Database) -> Result<()> {
    set(database, EPOCH, random_token()).await
}

/// Whether the demo is complete.
pub(crate) async fn has_demo(database: &Database) -> Result<bool> {
    Ok(instance::Entity::find_by_id(DEMO).one(database.reader()).await?.is_some())
}

/// Remembers that the demo is complete.
pub(crate) async fn demo_is_complete(database: &Database) -> Result<()> {
    set(database, DEMO, "complete".to_owned()).await
}

/// Sets a value that is not there yet.
async fn set(database: &Database, name: &str, value: String) -> Result<()> {
    instance::Entity::insert(instance::ActiveModel { name: Set(name.to_owned()), value: Set(value) })
        .on_conflict(OnConflict::column(instance::Column::Name).do_nothing().to_owned())
        .exec_without_returning(database.writer())
        .await?;
    Ok(())
}
