//! Sessions in Redis, under keys that end with the session.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::Millis;
use fred::interfaces::KeysInterface;
use fred::types::{Expiration, SetOptions};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use super::{ID_TRIES, decode, encode, expires_at, expiry_date, stored_id};
use crate::{Clock, Redis, Services};

/// Keeps sessions in Redis.
#[derive(Debug)]
pub(super) struct InRedis {
    redis: Redis,
    clock: Arc<dyn Clock>,
}

/// What is stored under a session's key.
#[derive(Serialize, Deserialize)]
struct Stored {
    data: HashMap<String, Value>,
    expires_at: Millis,
}

impl InRedis {
    pub(super) fn new(redis: Redis, services: &Services) -> Self {
        Self { redis, clock: Arc::clone(&services.inner.clock) }
    }

    /// Writes a record where its key is as the option says; whether it was.
    async fn set(&self, record: &Record, option: SetOptions) -> Result<bool> {
        let expires_at = expires_at(record);
        let left_ms = expires_at.0.saturating_sub(self.clock.now().0).max(1);
        let stored = Stored { data: record.data.clone(), expires_at };
        let stored = serde_json::to_string(&stored).map_err(encode)?;
        let expires = Some(Expiration::PX(left_ms));
        let client = self.redis.client();
        let written: Option<String> =
            client.set(key(&record.id), stored, expires, Some(option), false).await.map_err(backend)?;
        Ok(written.is_some())
    }
}

#[async_trait]
impl SessionStore for InRedis {
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..ID_TRIES {
            if self.set(record, SetOptions::NX).await? {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(Error::Backend("no free session id".into()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // Only over what is there: a session that was ended in the meantime stays ended.
        self.set(record, SetOptions::XX).await?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let stored: Option<String> = self.redis.client().get(key(id)).await.map_err(backend)?;
        let Some(stored) = stored else { return Ok(None) };
        let Stored { data, expires_at } = serde_json::from_str(&stored).map_err(decode)?;
        if expires_at <= self.clock.now() {
            return Ok(None);
        }
        Ok(Some(Record { id: *id, data, expiry_date: expiry_date(expires_at)? }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.redis.client().del::<(), _>(key(id)).await.map_err(backend)
    }
}

fn key(id: &Id) -> String {
    format!("togglebit:session:{}", stored_id(id))
}

fn backend(error: fred::error::Error) -> Error {
    Error::Backend(error.to_string())
}
