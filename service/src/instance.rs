//! What the instance knows of itself.

use entity::instance;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{Database, Error, Result, random_token};

/// The epoch of the database, which tells it from another one with the same revisions. Decided at the first start,
/// because nothing can give a database that is in use an epoch from before.
const EPOCH: &str = "epoch";

/// Set once the demo is complete, so that nothing that people change in it is undone at the next start.
const DEMO: &str = "demo";

/// The epoch of the database, which a new one is given.
pub(crate) async fn epoch(database: &Database) -> Result<String> {
    let find = async || instance::Entity::find_by_id(EPOCH).one(database.reader()).await;
    if let Some(found) = find().await? {
        return Ok(found.value);
    }
    set(database, EPOCH, random_token()).await?;
    // Another node may have been first.
    Ok(find().await?.ok_or(Error::Invariant("a database has an epoch"))?.value)
}

/// Gives a database another epoch: what is known of it elsewhere is not true any more.
pub(crate) async fn renew_epoch(database: &Database) -> Result<()> {
    let epoch = instance::ActiveModel { name: Set(EPOCH.to_owned()), value: Set(random_token()) };
    instance::Entity::insert(epoch)
        .on_conflict(
            OnConflict::column(instance::Column::Name).update_column(instance::Column::Value).to_owned(),
        )
        .exec_without_returning(database.writer())
        .await?;
    Ok(())
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
