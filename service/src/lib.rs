//! Togglebit's application: who may do what, how it is done, and how it reaches those who ask.
//!
//! This is the only crate that knows the tables. Every change goes through one door ([`change`](Services) takes a
//! grant, gives a transaction, and ends with an event or not at all), and every evaluation is answered from memory.
#![deny(missing_docs)]

pub mod accounts;
mod actor;
pub mod api_keys;
pub mod audit;
mod breaker;
mod change;
mod clock;
mod database;
pub mod delivery;
pub mod demo;
mod documents;
pub mod environments;
mod error;
mod event;
pub mod flags;
mod hints;
pub mod history;
mod instance;
mod letters;
pub mod news;
mod once;
pub mod orgs;
mod page;
pub mod projects;
mod redis;
mod revocations;
mod scope;
mod secrets;
pub mod segments;
mod settings;
pub mod templates;
pub mod transfer;
pub mod usage;
mod watcher;

use std::sync::Arc;
use std::time::Duration;

use delivery::{Warm, WarmFile};
use mail::Mailer;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Asterisk, Expr, Func, Query};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

pub use actor::{Actor, Origin};
pub use breaker::BreakerState;
pub use clock::{Clock, SystemClock};
pub use database::Database;
pub use delivery::Delivery;
use delivery::{Flushed, Limits};
pub use error::{Error, Result, causes, is_unreachable};
pub use once::Once;
pub use redis::Redis;
pub use secrets::{MIN_SECRET_LENGTH, Secrets, random_token};
pub use settings::{Settings, SignUpPolicy};
pub use watcher::Watcher;

/// How long what is done in the background may take after the application began to close.
const BACKGROUND: Duration = Duration::from_secs(5);

/// How often what was counted is tried to be written down when the application closes, and with what pause in between:
/// five seconds in all.
const LAST_FLUSHES: usize = 50;
const BETWEEN_FLUSHES: Duration = Duration::from_millis(100);

/// The application. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Services {
    inner: Arc<Inner>,
}

/// What an application is made of.
pub struct Parts {
    /// The migrated database.
    pub database: Database,
    /// What keys and tokens are hashed with.
    pub secrets: Secrets,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// What the operator decided.
    pub settings: Settings,
    /// Redis, where there is one.
    pub redis: Option<Redis>,
    /// What sends letters, where something does.
    pub mailer: Option<Mailer>,
    /// Where what is served is kept for a warm start, if it is.
    pub warm_file: Option<WarmFile>,
}

struct Inner {
    database: Database,
    secrets: Secrets,
    clock: Arc<dyn Clock>,
    redis: Option<Redis>,
    mailer: Option<Mailer>,
    warm_file: Option<WarmFile>,
    delivery: Delivery,
    hints: hints::Hints,
    denials: audit::Denials,
    /// Turns to check a log.
    verifications: tokio::sync::Semaphore,
    settings: Settings,
    /// How often what somebody may do may have changed.
    access_changes: watch::Sender<u64>,
    news: news::Hub,
    /// What is done after its request is answered.
    background: TaskTracker,
}

impl Services {
    /// Takes a migrated database into service and loads the snapshots of all environments.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(parts: Parts) -> Result<Self> {
        let epoch = instance::epoch(&parts.database).await?;
        let services = Self::over(parts, &epoch);
        // What cannot be loaded now is tried again by the watcher; everything else is served.
        if let Err(error) = services.delivery().refresh().await {
            tracing::error!(error.causes = error::causes(&error), "not all environments could be loaded");
        }
        Ok(services)
    }

    /// Takes into service what was kept of a database that cannot be reached. Evaluation answers as it did then, and
    /// everything else fails until the database is back.
    pub async fn open_warm(parts: Parts, warm: Warm) -> Self {
        let services = Self::over(parts, &warm.epoch);
        services.delivery().serve_warm(warm).await;
        services
    }

    fn over(parts: Parts, epoch: &str) -> Self {
        let Parts { database, secrets, clock, settings, redis, mailer, warm_file } = parts;
        let limits = Limits::new(settings.rates, redis.as_ref(), &clock);
        let (of, by) = (database.clone(), Arc::clone(&clock));
        let delivery = Delivery::new(of, secrets.clone(), by, epoch, limits, settings.streams);
        let hints = hints::Hints::new(&database, redis.as_ref(), epoch);
        let denials = audit::Denials::default();
        let inner = Inner {
            database,
            secrets,
            clock,
            redis,
            mailer,
            warm_file,
            delivery,
            hints,
            denials,
            verifications: tokio::sync::Semaphore::new(audit::AT_A_TIME),
            settings,
            access_changes: watch::Sender::new(0),
            news: news::Hub::default(),
            background: TaskTracker::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// How values reach applications.
    pub fn delivery(&self) -> &Delivery {
        &self.inner.delivery
    }

    /// Flags.
    pub fn flags(&self) -> flags::Flags<'_> {
        flags::Flags(self)
    }

    /// People and their sessions.
    pub fn accounts(&self) -> accounts::Accounts<'_> {
        accounts::Accounts(self)
    }

    /// Organizations.
    pub fn orgs(&self) -> orgs::Orgs<'_> {
        orgs::Orgs(self)
    }

    /// Projects.
    pub fn projects(&self) -> projects::Projects<'_> {
        projects::Projects(self)
    }

    /// Environments.
    pub fn environments(&self) -> environments::Environments<'_> {
        environments::Environments(self)
    }

    /// Templates of flags.
    pub fn templates(&self) -> templates::Templates<'_> {
        templates::Templates(self)
    }

    /// Whole projects and other systems' formats.
    pub fn transfer(&self) -> transfer::Transfer<'_> {
        transfer::Transfer(self)
    }

    /// Segments.
    pub fn segments(&self) -> segments::Segments<'_> {
        segments::Segments(self)
    }

    /// What was, and why.
    pub fn history(&self) -> history::History<'_> {
        history::History(self)
    }

    /// Usage, as it was written down.
    pub fn usage(&self) -> usage::Usage<'_> {
        usage::Usage(self)
    }

    /// API keys.
    pub fn api_keys(&self) -> api_keys::ApiKeys<'_> {
        api_keys::ApiKeys(self)
    }

    /// The audit log.
    pub fn audit(&self) -> audit::Audit<'_> {
        audit::Audit(self)
    }

    /// Tells when what somebody may do may have changed: memberships, roles, sessions, accounts. What other nodes change is
    /// told within about a second, of organizations that somebody follows here; sessions that end by time are not told.
    pub fn access_changes(&self) -> watch::Receiver<u64> {
        self.inner.access_changes.subscribe()
    }

    /// Now, by the instance's clock.
    pub fn now(&self) -> domain::Millis {
        self.inner.clock.now()
    }

    /// Writes down what was counted and closes the database. Nothing works afterwards.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(self) -> Result<()> {
        let flushed = self.flush_all().await;
        // Where that fails it is forgotten after a while.
        if flushed.is_ok() && self.inner.database.postgres().is_some() {
            let _ = self.delivery().forget_streams().await;
        }
        if let Err(error) = self.keep_warm().await {
            tracing::warn!(error.causes = error::causes(&error), "what is served was not kept");
        }
        self.inner.background.close();
        if tokio::time::timeout(BACKGROUND, self.inner.background.wait()).await.is_err() {
            tracing::warn!("closing although letters are still on their way");
        }
        if let Some(redis) = self.redis() {
            redis.close().await;
        }
        self.inner.database.clone().close().await?;
        flushed
    }

    /// Deletes what has expired, and what is kept for some time alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tidy(&self) -> Result<()> {
        self.accounts().tidy().await?;
        self.usage().tidy().await
    }

    /// Writes down what was counted, and waits a while for organizations that are being changed by other nodes.
    async fn flush_all(&self) -> Result<()> {
        for _ in 0..LAST_FLUSHES {
            match self.inner.delivery.flush().await? {
                Flushed::Whole => return Ok(()),
                Flushed::InPart => tokio::time::sleep(BETWEEN_FLUSHES).await,
            }
        }
        tracing::error!("not all usage is written down: organizations are being changed for too long");
        Ok(())
    }

    /// Tells other nodes how many streams this one has, where there may be others.
    pub(crate) async fn count_streams(&self) -> Result<()> {
        match self.inner.database.postgres() {
            Some(_) => self.inner.delivery.count_streams().await,
            None => Ok(()),
        }
    }

    /// Keeps what is served for a warm start, where that is wanted.
    pub(crate) async fn keep_warm(&self) -> std::io::Result<()> {
        match &self.inner.warm_file {
            Some(file) => self.inner.delivery.keep(file).await,
            None => Ok(()),
        }
    }

    /// Says that the database was restored from a backup: what nodes and caches know of its revisions is not true any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn database_was_restored(&self) -> Result<()> {
        instance::renew_epoch(self.database()).await
    }

    /// Whether the database answers, and how many steps of the schema it has.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn schema_steps(&self) -> Result<u64> {
        let steps =
            Query::select().expr(Func::count(Expr::col(Asterisk))).from("seaql_migrations").to_owned();
        let row = self.reader().query_one(&steps).await?.ok_or(Error::Invariant("a count has a row"))?;
        let steps: i64 = row.try_get_by_index(0)?;
        Ok(u64::try_from(steps).unwrap_or_default())
    }

    pub(crate) fn news(&self) -> &news::Hub {
        &self.inner.news
    }

    pub(crate) fn hints(&self) -> &hints::Hints {
        &self.inner.hints
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }

    pub(crate) fn reader(&self) -> &sea_orm::DatabaseConnection {
        self.inner.database.reader()
    }

    /// Redis, where there is one.
    pub fn redis(&self) -> Option<&Redis> {
        self.inner.redis.as_ref()
    }

    /// What the instance's operator decided.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }
}
