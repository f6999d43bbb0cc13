//! The dashboard's sessions in the database.
//!
//! The published stores on SQL and Redis follow an older core of tower-sessions, whose trait is another one; see the
//! decision record. Sessions are no change of the domain, so they do not go through the door for writes.

use std::sync::Arc;

use async_trait::async_trait;
use domain::Millis;
use entity::session;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use crate::secrets::hex;
use crate::{Clock, Database, Services};

/// How often a new id is tried when the one before was taken. One try is enough for 128 random bits.
const ID_TRIES: usize = 3;

/// What is stored of a session's id: its SHA-256, so that whoever reads the table cannot use it. The 128 random bits need
/// no key.
pub(super) fn stored_id(id: &Id) -> String {
    hex(&Sha256::digest(id.0.to_le_bytes()))
}

/// Keeps sessions in the database.
#[derive(Clone)]
pub struct Sessions {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    pub(crate) fn new(services: &Services) -> Self {
        Self { database: services.database().clone(), clock: Arc::clone(&services.inner.clock) }
    }

    /// Deletes the sessions that have expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired(&self) -> crate::Result<u64> {
        let expired = session::Column::ExpiresAt.lte(self.clock.now());
        let deleted = session::Entity::delete_many().filter(expired).exec(self.database.writer()).await?;
        Ok(deleted.rows_affected)
    }

    fn row(record: &Record) -> Result<session::ActiveModel> {
        Ok(session::ActiveModel {
            id: Set(stored_id(&record.id)),
            data: Set(serde_json::to_string(&record.data).map_err(encode)?),
            expires_at: Set(Millis(record.expiry_date.unix_timestamp().saturating_mul(1000))),
        })
    }
}

#[async_trait]
impl SessionStore for Sessions {
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
        let data = serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(row.expires_at.0 / 1000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session::Entity::delete_by_id(stored_id(id)).exec(self.database.writer()).await.map_err(backend)?;
        Ok(())
    }
}

fn encode(error: serde_json::Error) -> Error {
    Error::Encode(error.to_string())
}

fn backend(error: sea_orm::DbErr) -> Error {
    Error::Backend(error.to_string())
}
