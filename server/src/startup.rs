//! From a configuration to a running application: folder, secret, database, schema.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm_migration::sea_orm::DbErr;
use service::delivery::{Warm, WarmFile};
use service::{Clock, Database, Parts, Redis, Secrets, Services, SystemClock};

use crate::config::Config;
use crate::failure::Failure;

/// The file of the generated secret, in the data folder.
const SECRET_FILE: &str = "secret";

/// The file of what was served last, in the data folder.
const WARM_FILE: &str = "snapshots";

/// How long is waited before a database that cannot be reached is tried again.
const REST: Duration = Duration::from_secs(1);

/// The file of the SQLite database, in the data folder.
const DATABASE_FILE: &str = "togglebit.db";

/// Opens the application; the schema is the newest afterwards. Where the database cannot be reached it begins with what was
/// served last, if that was kept.
pub(crate) async fn open(config: &Config) -> Result<Services, Failure> {
    let settings = config.settings()?;
    let url = match &config.database_url {
        Some(url) if is_known(url) => url.clone(),
        Some(_) => return Err(Failure::DatabaseUrl),
        None => sqlite_url(&config.data_dir.join(DATABASE_FILE)),
    };
    // PostgreSQL with a secret from outside needs no folder, and uses one where it can be had.
    let needs_folder = config.database_url.is_none() || config.secret.is_none() && is_sqlite(&url);
    match prepare_folder(&config.data_dir) {
        Err(failure) if needs_folder => return Err(failure),
        Err(failure) if !is_sqlite(&url) => {
            tracing::warn!("no start without the database will be possible: {failure}");
        }
        Ok(()) | Err(_) => {}
    }
    if config.database_url.is_none() {
        let path = config.data_dir.join(DATABASE_FILE);
        private_file(&path, OpenOptions::new().append(true))
            .map_err(|source| Failure::DataFolder { path, source })?;
    }
    let secrets = secrets(config, &url)?;
    let mailer = config.mailer()?;
    let clock = Arc::new(SystemClock);
    let redis = config.redis_url.as_deref().map(|url| Redis::connect(url, clock.clone()));
    let redis = redis.transpose().map_err(Failure::RedisUrl)?;
    // A SQLite database is a file beside this one: it is there or nothing is.
    let warm_file = (!is_sqlite(&url)).then(|| WarmFile::at(config.data_dir.join(WARM_FILE)));
    let parts =
        |database| Parts { database, secrets, clock, settings, redis, mailer, warm_file: warm_file.clone() };
    match connect(&url).await {
        Ok(database) => Ok(Services::open(parts(database)).await?),
        Err(error) => {
            let warm = warm_file.as_ref().filter(|_| service::is_unreachable(&error)).and_then(read);
            let Some(warm) = warm else { return Err(failed(&error)) };
            let age_s = (SystemClock.now().0 - warm.looked_at().0) / 1000;
            let cause = one_line(&error.to_string());
            tracing::error!(cause, age_s, "the database cannot be reached; answering what was served last");
            let database = Database::unreached(&url).await.map_err(|error| failed(&error))?;
            tokio::spawn(migrate_later(database.clone()));
            Ok(Services::open_warm(parts(database), warm).await)
        }
    }
}

async fn connect(url: &str) -> Result<Database, DbErr> {
    let database = Database::open(url).await?;
    migration::migrate(database.writer()).await?;
    Ok(database)
}

fn failed(error: &DbErr) -> Failure {
    Failure::Database(one_line(&error.to_string()))
}

/// What was kept for a start without the database, if it can be used.
fn read(file: &WarmFile) -> Option<Warm> {
    match file.read() {
        Ok(warm) => warm,
        Err(error) => {
            tracing::error!(path = %file.path().display(), %error, "what was kept for a start without the database cannot be used");
            None
        }
    }
}

/// Brings the schema up to date as soon as the database is back.
async fn migrate_later(database: Database) {
    while let Err(error) = migration::migrate(database.writer()).await {
        tracing::debug!(%error, "the schema cannot be brought up to date yet");
        tokio::time::sleep(REST).await;
    }
    tracing::info!("the database is back");
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

fn is_known(url: &str) -> bool {
    // A database in memory would be another one for each connection.
    is_sqlite(url) && !url.contains(":memory:")
        || url.starts_with("postgres:")
        || url.starts_with("postgresql:")
}

/// The path as a URL: SQLite's addresses are decoded, and end at a question mark.
fn sqlite_url(path: &Path) -> String {
    let path = path.display().to_string();
    format!("sqlite://{}", path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
}

/// Opens a file, and creates it readable by its owner alone. SQLite gives its other files the same rights.
fn private_file(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.create(true).mode(0o600).open(path)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Creates the folder and makes sure that it can be written to.
fn prepare_folder(path: &Path) -> Result<(), Failure> {
    let probe = path.join(".write-test");
    let write = || {
        // For its owner alone: the database holds sessions.
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        fs::write(&probe, b"")?;
        fs::remove_file(&probe)
    };
    write().map_err(|source| Failure::DataFolder { path: path.to_owned(), source })
}

fn secrets(config: &Config, url: &str) -> Result<Secrets, Failure> {
    let secret = match &config.secret {
        Some(secret) => secret.clone(),
        None if is_sqlite(url) => secret_file(&config.data_dir.join(SECRET_FILE))?,
        None => return Err(Failure::MissingSecret),
    };
    Secrets::new(&secret).ok_or(Failure::ShortSecret)
}

/// Reads the generated secret, or generates it. The file appears whole or not at all, and the first of two servers that
/// start at once makes it.
fn secret_file(path: &Path) -> Result<String, Failure> {
    let failed = |source| Failure::SecretFile { path: path.to_owned(), source };
    if !path.exists() {
        let draft = path.with_extension(std::process::id().to_string());
        let secret = format!("{}{}", service::random_token(), service::random_token());
        let mut file = private_file(&draft, OpenOptions::new().write(true).truncate(true)).map_err(failed)?;
        file.write_all(secret.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft).map_err(failed)?;
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(error)),
            Ok(()) | Err(_) => {}
        }
    }
    fs::read_to_string(path).map(|secret| secret.trim().to_owned()).map_err(failed)
}
