//! What the dashboard's sessions hold: in Redis where it is configured, else in the database.
//!
//! Whose session it is stands in the database either way: what was ended is ended, whatever happens to Redis. The published
//! stores follow an older core of tower-sessions, whose trait is another one; see the decision record.

mod in_database;
mod in_redis;

use std::sync::Arc;

use async_trait::async_trait;
use domain::Millis;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use self::in_database::InDatabase;
use self::in_redis::InRedis;
use crate::Services;
use crate::secrets::hex;

/// How often a new id is tried when the one before was taken. One try is enough for 128 random bits.
const ID_TRIES: usize = 3;

/// What is stored of a session's id: its SHA-256, so that whoever reads the store cannot use it. The 128 random bits need
/// no key.
pub(super) fn stored_id(id: &Id) -> String {
    hex(&Sha256::digest(id.0.to_le_bytes()))
}

/// Where the dashboard keeps its sessions.
#[derive(Clone, Debug)]
pub struct Sessions(Arc<dyn SessionStore>);

impl Sessions {
    pub(super) fn new(services: &Services) -> Self {
        match services.redis() {
            Some(redis) => Self(Arc::new(InRedis::new(redis.clone(), services))),
            None => Self(Arc::new(InDatabase::new(services))),
        }
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.0.create(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.0.save(record).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        self.0.load(id).await
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.delete(id).await
    }
}

/// When a session ends, as both places store it.
fn expires_at(record: &Record) -> Millis {
    Millis(record.expiry_date.unix_timestamp().saturating_mul(1000))
}

/// The same as the session layer has it.
fn expiry_date(expires_at: Millis) -> Result<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(expires_at.0 / 1000).map_err(decode)
}

fn encode(error: serde_json::Error) -> Error {
    Error::Encode(error.to_string())
}

fn decode(error: impl std::error::Error) -> Error {
    Error::Decode(error.to_string())
}
