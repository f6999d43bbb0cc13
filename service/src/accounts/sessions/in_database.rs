//! Sessions in the database. They are no change of the domain, so they do not go through the door for writes.

use std::sync::Arc;

use async_trait::async_trait;
use entity::session;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use super::{ID_TRIES, decode, encode, expires_at, expiry_date, stored_id};
use crate::{Clock, Database, Services};

/// Keeps sessions in the database.
#[derive(Debug)]
pub(super) struct InDatabase {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl InDatabase {
    pub(super) fn new(services: &Services) -> Self {
        Self { database: services.database().clone(), clock: Arc::clone(&services.inner.clock) }
    }

    fn row(record: &Record) -> Result<session::ActiveModel> {
        Ok(session::ActiveModel {
            id: Set(stored_id(&record.id)),
            data: Set(serde_json::to_string(&record.data).map_err(encode)?),
            expires_at: Set(expires_at(record)),
        })
    }
}

#[async_trait]
impl SessionStore for InDatabase {
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..ID_TRIES {
            let inserted = session::Entity::insert(Self::row(record)?)
                .on_conflict(OnConflict::column(session::Column::Id).do_nothing().to_owned())
                .exec_without_returning(self.database.writer())
                .await
                .map_err(backend)?;
            if inserted > 0 {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(Error::Backend("no free session id".into()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // Not an upsert: a session that was ended in the meantime stays ended.
        let row = Self::row(record)?;
        session::Entity::update_many()
            .set(row)
            .filter(session::Column::Id.eq(stored_id(&record.id)))
            .exec(self.database.writer())
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = session::Entity::find_by_id(stored_id(id))
            .filter(session::Column::ExpiresAt.gt(self.clock.now()))
            .one(self.database.reader())
            .await
            .map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let data = serde_json::from_str(&row.data).map_err(decode)?;
        Ok(Some(Record { id: *id, data, expiry_date: expiry_date(row.expires_at)? }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session::Entity::delete_by_id(stored_id(id)).exec(self.database.writer()).await.map_err(backend)?;
        Ok(())
    }
}

fn backend(error: sea_orm::DbErr) -> Error {
    Error::Backend(error.to_string())
}
