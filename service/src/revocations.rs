//! Keys that were revoked, told through Redis: for nodes whose own database is away. The database stays the truth; a node
//! that reads it has no use for this.

use domain::ApiKeyId;
use fred::interfaces::{KeysInterface, ListInterface};
use uuid::Uuid;

use crate::redis::Unreachable;
use crate::{Redis, Services};

/// For how many seconds after the last one revoked keys are told of. A database is not away for longer.
const KEPT_S: i64 = 86_400;

/// How many are told of at most, the last ones.
const MOST: i64 = 1000;

impl Services {
    /// Tells other nodes of the keys that this one has found to be revoked, where Redis can. Those that it cannot tell of now
    /// are told of next time.
    ///
    /// # Errors
    /// When Redis fails.
    pub(crate) async fn tell_revocations(&self) -> Result<(), Unreachable> {
        let revoked = self.delivery().take_revoked();
        let Some(redis) = self.redis().filter(|_| !revoked.is_empty()) else { return Ok(()) };
        let told = tell(redis, &self.revocations(), &revoked).await;
        if told.is_err() {
            self.delivery().note_revoked(revoked);
        }
        told
    }

    /// Refuses the keys that other nodes have told of.
    ///
    /// # Errors
    /// When Redis fails.
    pub(crate) async fn heed_revocations(&self) -> Result<(), Unreachable> {
        let Some(redis) = self.redis() else { return Ok(()) };
        let told = redis.run(redis.client().lrange::<Vec<String>, _>(self.revocations(), 0, -1)).await?;
        let ids = told.iter().filter_map(|id| Uuid::parse_str(id).ok()).map(ApiKeyId::from).collect();
        self.delivery().end_keys(&ids);
        Ok(())
    }

    /// The list's name. Several instances may share a Redis, and a database that was restored from a backup has other keys.
    fn revocations(&self) -> String {
        format!("togglebit_revoked_{}", self.delivery().epoch())
    }
}

async fn tell(redis: &Redis, list: &str, revoked: &[ApiKeyId]) -> Result<(), Unreachable> {
    let ids: Vec<_> = revoked.iter().map(ToString::to_string).collect();
    let pipeline = redis.client().pipeline();
    let tell = async {
        pipeline.lpush::<(), _, _>(list, ids).await?;
        pipeline.ltrim::<(), _>(list, 0, MOST - 1).await?;
        pipeline.expire::<(), _>(list, KEPT_S, None).await?;
        pipeline.all().await
    };
    redis.run(tell).await
}
