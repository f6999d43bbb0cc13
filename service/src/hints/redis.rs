//! Hints by Redis' PUBLISH and SUBSCRIBE.

use std::time::Duration;

use fred::interfaces::{ClientLike, EventInterface, PubsubInterface};
use tokio_util::sync::CancellationToken;

use super::Hints;
use crate::Redis;

/// How long is waited before subscribing is tried again. The watcher looks meanwhile.
const REST: Duration = Duration::from_secs(1);

/// Tells the other nodes. A hint that is lost is found by their next look.
pub(super) async fn tell(redis: &Redis, channel: &str, node: &str) {
    if let Err(error) = redis.run(redis.client().publish::<i64, _, _>(channel, node)).await {
        tracing::debug!(%error, "a hint was not sent");
    }
}

/// Listens on a connection of its own, which comes back by itself, and subscribes again whenever it has.
pub(super) async fn listen(redis: &Redis, hints: &Hints, stop: &CancellationToken) {
    let client = redis.client().clone_new();
    let (mut messages, mut connections) = (client.message_rx(), client.reconnect_rx());
    let connection = client.connect();
    let mut is_subscribed = false;
    loop {
        if !is_subscribed {
            is_subscribed = client.subscribe(hints.channel()).await.is_ok();
            // What was told before is not known.
            hints.hear_anything();
        }
        tokio::select! {
            () = stop.cancelled() => break,
            message = messages.recv() => match message {
                Ok(message) => hints.hear(&message.value.as_string().unwrap_or_default()),
                // More came than were taken.
                Err(_) => hints.hear_anything(),
            },
            _ = connections.recv() => is_subscribed = false,
            () = tokio::time::sleep(REST), if !is_subscribed => {}
        }
    }
    connection.abort();
}
