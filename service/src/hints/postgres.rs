//! Hints by PostgreSQL's LISTEN and NOTIFY.

use std::time::Duration;

use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use tokio_util::sync::CancellationToken;

use super::Hints;
use crate::Database;
use crate::error::Result;

/// How long is waited before listening is tried again. The watcher looks meanwhile.
const REST: Duration = Duration::from_secs(1);

/// Tells with the commit of a transaction.
pub(super) async fn tell(tx: &DatabaseTransaction, channel: &str, node: &str) -> Result<()> {
    let sql = "SELECT pg_notify($1, $2)";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [channel.into(), node.into()]);
    tx.execute_raw(statement).await?;
    Ok(())
}

/// Listens, and goes on trying where it cannot.
pub(super) async fn listen(database: &Database, hints: &Hints, stop: &CancellationToken) {
    let mut is_out = false;
    while !stop.is_cancelled() {
        let listening = tokio::select! {
            () = stop.cancelled() => return,
            listening = once(database, hints) => listening,
        };
        if let Err(error) = listening
            && !std::mem::replace(&mut is_out, true)
        {
            tracing::warn!(%error, "PostgreSQL tells of no changes; looking each second");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(REST) => {}
        }
    }
}

/// Listens until the connection is lost.
async fn once(database: &Database, hints: &Hints) -> std::result::Result<(), sea_orm::sqlx::Error> {
    let Some(pool) = database.postgres() else { return Ok(()) };
    let mut listener = PgListener::connect_with(pool).await?;
    // A pool that closes ends it instead of waiting for it.
    listener.ignore_pool_close_event(false);
    listener.listen(hints.channel()).await?;
    hints.hear_anything();
    while let Some(notification) = listener.try_recv().await? {
        hints.hear(notification.payload());
    }
    Ok(())
}
