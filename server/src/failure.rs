//! Why the binary ends: one sentence, with what to do about it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What keeps the server from running.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Arguments(String),
    #[error(
        "{addr} is in use by another program; stop it, or choose another address, such as TOGGLEBIT_ADDR=127.0.0.1:3100"
    )]
    PortInUse { addr: SocketAddr },
    #[error("cannot listen on {addr}: {source}; choose another address with TOGGLEBIT_ADDR")]
    Listen { addr: SocketAddr, source: io::Error },
    #[error("cannot write to the data folder {}: {source}; choose another with TOGGLEBIT_DATA_DIR", path.display())]
    DataFolder { path: PathBuf, source: io::Error },
    #[error("cannot read the secret {}: {source}", path.display())]
    SecretFile { path: PathBuf, source: io::Error },
    #[error(
        "TOGGLEBIT_SECRET is too short: give it at least {} characters, such as `openssl rand -hex 32` prints",
        service::MIN_SECRET_LENGTH
    )]
    ShortSecret,
    #[error(
        "TOGGLEBIT_SECRET is missing: all nodes of one PostgreSQL database need the same, such as `openssl rand -hex 32` prints"
    )]
    MissingSecret,
    #[error("DATABASE_URL must be sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME")]
    DatabaseUrl,
    #[error("REDIS_URL is not good: {0}")]
    RedisUrl(String),
    #[error("cannot open the database (DATABASE_URL, or else togglebit.db in the data folder): {0}")]
    Database(String),
    #[error("the pages are not in {}: build them with `make build`, or say where they are with LEPTOS_SITE_ROOT", .0.display())]
    Pages(PathBuf),
    #[error("the server failed: {0}")]
    Server(#[from] io::Error),
    #[error("the application failed: {0}")]
    Service(domain::Error),
    #[error("no answer from {addr}: {source}")]
    Unhealthy { addr: SocketAddr, source: io::Error },
}

impl From<service::Error> for Failure {
    fn from(error: service::Error) -> Self {
        Self::Service(error.expose())
    }
}

impl Failure {
    /// Prints the sentence.
    #[expect(clippy::print_stderr, reason = "this is what standard error is for")]
    pub(crate) fn print(&self) {
        eprintln!("togglebit: {self}");
    }
}
