//! Redis, where it is configured: for what is quick to lose and slow to ask the database for. Never for the truth.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::{ClientLike, EventInterface};
use fred::types::Builder;
use fred::types::config::{Config, ReconnectPolicy};

use crate::Clock;
use crate::breaker::{Breaker, BreakerState};

/// How long a command may take, one that waits for a connection too.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(1);

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long is waited between attempts to connect: from the first to the last, in milliseconds.
const RECONNECT_MS: (u32, u32) = (100, 5_000);

/// The most commands that wait for a connection.
const QUEUE: usize = 10_000;

/// A connection to Redis, which comes back by itself. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    breaker: Arc<Breaker>,
}

/// Redis did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreachable {
    /// It failed too often lately, and was not asked.
    #[error("Redis is left alone for a while")]
    LeftAlone,
    /// It failed.
    #[error("Redis failed")]
    Failed(#[from] fred::error::Error),
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redis")
    }
}

impl Redis {
    /// Begins to connect, and goes on trying. Commands fail while there is no connection.
    ///
    /// # Errors
    /// When the address is none that Redis could have; the text does not repeat it, since it may hold a password.
    pub fn connect(url: &str, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let known = ["redis:", "rediss:", "redis+unix:", "redis-cluster:", "rediss-cluster:"];
        if !known.iter().any(|scheme| url.starts_with(scheme)) {
            return Err(
                "must begin with redis://, rediss://, redis+unix://, redis-cluster:// or rediss-cluster://"
                    .into(),
            );
        }
        let unreadable =
            |error: fred::error::Error| format!("cannot be read as an address ({})", error.details());
        let config = Config::from_url(url).map_err(unreadable)?;
        let (first, last) = RECONNECT_MS;
        let client = Builder::from_config(config)
            .with_performance_config(|performance| performance.default_command_timeout = COMMAND_TIMEOUT)
            .with_connection_config(|connection| {
                connection.connection_timeout = CONNECT_TIMEOUT;
                connection.internal_command_timeout = CONNECT_TIMEOUT;
                connection.max_command_buffer_len = QUEUE;
                connection.reconnect_on_auth_error = true;
                connection.unresponsive.max_timeout = Some(CONNECT_TIMEOUT);
            })
            .set_policy(ReconnectPolicy::new_exponential(0, first, last, 2))
            .build()
            .map_err(|error| error.details().to_owned())?;
        // The beginning and the end of an outage, not every attempt in between.
        let is_out = Arc::new(AtomicBool::new(false));
        let is_back = Arc::clone(&is_out);
        client.on_error(move |(error, _server)| {
            if !is_out.swap(true, Ordering::Relaxed) {
                tracing::warn!(error = error.details(), "Redis cannot be reached; connecting again");
            }
            std::future::ready(Ok(()))
        });
        client.on_reconnect(move |_server| {
            is_back.store(false, Ordering::Relaxed);
            tracing::info!("connected to Redis");
            std::future::ready(Ok(()))
        });
        client.connect();
        Ok(Self { client, breaker: Arc::new(Breaker::new(clock)) })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for a command's answer, unless commands failed too often lately: for what there is another way to do.
    pub(crate) async fn run<T>(
        &self,
        command: impl Future<Output = Result<T, fred::error::Error>>,
    ) -> Result<T, Unreachable> {
        let permit = self.breaker.permit().ok_or(Unreachable::LeftAlone)?;
        let answer = command.await?;
        permit.succeeded();
        Ok(answer)
    }

    /// How commands that have another way went lately.
    pub fn state(&self) -> BreakerState {
        self.breaker.state()
    }

    /// Ends the connection.
    pub(crate) async fn close(&self) {
        // There is nothing left to lose.
        let _ = self.client.quit().await;
    }
}
