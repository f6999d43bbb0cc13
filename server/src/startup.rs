//! From a configuration to a running application: folder, secret, database, schema.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;

use service::{Database, Parts, Redis, Secrets, Services, SystemClock};

use crate::config::Config;
use crate::failure::Failure;

/// The file of the generated secret, in the data folder.
const SECRET_FILE: &str = "secret";

/// The file of the SQLite database, in the data folder.
const DATABASE_FILE: &str = "togglebit.db";

/// Opens the application; the schema is the newest afterwards.
pub(crate) async fn open(config: &Config) -> Result<Services, Failure> {
    let url = match &config.database_url {
        Some(url) if is_known(url) => url.clone(),
        Some(_) => return Err(Failure::DatabaseUrl),
        None => sqlite_url(&config.data_dir.join(DATABASE_FILE)),
    };
    // PostgreSQL with a secret from outside needs no folder.
    let needs_folder = config.database_url.is_none() || config.secret.is_none() && is_sqlite(&url);
    if needs_folder {
        prepare_folder(&config.data_dir)?;
    }
    if config.database_url.is_none() {
        let path = config.data_dir.join(DATABASE_FILE);
        private_file(&path, OpenOptions::new().append(true))
            .map_err(|source| Failure::DataFolder { path, source })?;
    }
    let secrets = secrets(config, &url)?;
    let mailer = config.mailer()?;
    let redis = config.redis_url.as_deref().map(Redis::connect).transpose().map_err(Failure::RedisUrl)?;
    let failed = |error: sea_orm_migration::sea_orm::DbErr| Failure::Database(one_line(&error.to_string()));
    let database = Database::open(&url).await.map_err(failed)?;
    migration::migrate(database.writer()).await.map_err(failed)?;
    let (clock, settings) = (Arc::new(SystemClock), config.settings());
    Ok(Services::open(Parts { database, secrets, clock, settings, redis, mailer }).await?)
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
