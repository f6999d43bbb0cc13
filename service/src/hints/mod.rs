//! Hints: what a node tells the others when it has changed something, so that they look at once instead of at their next
//! look. They carry no content and may be lost: the watcher's look each second is the guarantee.
//!
//! By Redis where there is one, else by PostgreSQL's `NOTIFY`. SQLite has one node.

mod postgres;
mod redis;

use std::sync::Arc;

use sea_orm::DatabaseTransaction;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::Result;
use crate::{Database, Redis, random_token};

/// What carries hints between nodes. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Hints(Arc<Inner>);

struct Inner {
    /// The name of this node, which does not heed its own.
    node: String,
    channel: String,
    carrier: Carrier,
    /// Wakes the watcher.
    heard: Notify,
}

enum Carrier {
    /// There are no other nodes.
    None,
    Redis(Redis),
    Postgres(Database),
}

impl Hints {
    /// Hints among the nodes over one database.
    pub(crate) fn new(database: &Database, redis: Option<&Redis>, epoch: &str) -> Self {
        let carrier = match (redis, database.postgres()) {
            (Some(redis), _) => Carrier::Redis(redis.clone()),
            (None, Some(_)) => Carrier::Postgres(database.clone()),
            (None, None) => Carrier::None,
        };
        // Several instances may share a Redis.
        let channel = format!("togglebit_{}", epoch.to_lowercase());
        Self(Arc::new(Inner { node: random_token(), channel, carrier, heard: Notify::new() }))
    }

    /// Tells the other nodes with the commit of a transaction, where the database carries hints.
    pub(crate) async fn with(&self, tx: &DatabaseTransaction) -> Result<()> {
        match self.0.carrier {
            Carrier::Postgres(_) => postgres::tell(tx, &self.0.channel, &self.0.node).await,
            Carrier::None | Carrier::Redis(_) => Ok(()),
        }
    }

    /// Tells the other nodes that something was committed, where Redis carries hints. Nobody waits for it.
    pub(crate) fn after_commit(&self, background: &TaskTracker) {
        if let Carrier::Redis(redis) = &self.0.carrier {
            let (redis, hints) = (redis.clone(), self.clone());
            background.spawn(async move { redis::tell(&redis, &hints.0.channel, &hints.0.node).await });
        }
    }

    /// Waits until another node tells of a change. Several at once are one.
    pub(crate) async fn heard(&self) {
        self.0.heard.notified().await;
    }

    /// Listens to the other nodes until it is told to stop.
    pub(crate) async fn listen(&self, stop: &CancellationToken) {
        match &self.0.carrier {
            Carrier::None => {}
            Carrier::Redis(redis) => redis::listen(redis, self, stop).await,
            Carrier::Postgres(database) => postgres::listen(database, self, stop).await,
        }
    }

    fn channel(&self) -> &str {
        &self.0.channel
    }

    /// Somebody has told of a change.
    fn hear(&self, node: &str) {
        if node != self.0.node {
            self.0.heard.notify_one();
        }
    }

    /// What was told meanwhile is not known: the connection was away.
    fn hear_anything(&self) {
        self.0.heard.notify_one();
    }
}
