//! What the instance knows of itself.

use entity::instance;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{Database, Result, random_token};

/// The epoch of the database: event ids and entity tags carry it, so that clients notice a restored backup.
const EPOCH: &str = "epoch";

/// Gives a new database its epoch.
pub(crate) async fn ensure_epoch(database: &Database) -> Result<()> {
    let epoch = instance::ActiveModel { name: Set(EPOCH.to_owned()), value: Set(random_token()) };
    instance::Entity::insert(epoch)
        .on_conflict(OnConflict::column(instance::Column::Name).do_nothing().to_owned())
        .exec_without_returning(database.writer())
        .await?;
    Ok(())
}
