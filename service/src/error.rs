//! What can go wrong inside.

use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A failure of a service.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A refusal that the caller may see as it is.
    #[error(transparent)]
    Refused(#[from] domain::Error),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DbErr),
    /// The session layer failed.
    #[error("the session failed")]
    Session(#[from] tower_sessions::session::Error),
    /// What the database holds cannot be read.
    #[error("{what} cannot be read")]
    Corrupt {
        /// What.
        what: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A promise of the code itself does not hold.
    #[error("broken invariant: {0}")]
    Invariant(&'static str),
}

/// The result of a service.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Turns it into what the caller may see. Whatever else there is goes to the log, once, with its causes.
    pub fn expose(self) -> domain::Error {
        let error = match self {
            Self::Refused(refusal) => return refusal,
            error => error,
        };
        if let Self::Session(_) = &error {
            tracing::error!(error.causes = causes(&error), "a session cannot be kept");
            let reason = "sessions cannot be kept right now: try again".to_owned();
            return domain::Error::Unavailable { reason };
        }
        if matches!(&error, Self::Database(error) if is_unreachable(error)) {
            tracing::error!(error.causes = causes(&error), "the database cannot be reached");
            let reason = "the database cannot be reached right now: try again".to_owned();
            return domain::Error::Unavailable { reason };
        }
        let id = format!("{:016x}", rand::random::<u64>());
        tracing::error!(error.id = id, error.causes = causes(&error), "a request failed");
        domain::Error::Internal { id }
    }

    /// The same, with what is wrong named from outside of what it is in, which stands at a path.
    pub(crate) fn below(self, path: &str) -> Self {
        match self {
            Self::Refused(refusal) => refusal.below(path).into(),
            other => other,
        }
    }

    /// Turns the violation of a unique constraint into a conflict with this message.
    pub(crate) fn on_unique(error: DbErr, message: impl FnOnce() -> String) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => domain::Error::conflict(message()).into(),
            _ => error.into(),
        }
    }
}

/// Whether the database could not be reached: there was no connection, none within the time that a request waits for one, or one that broke.
pub fn is_unreachable(error: &DbErr) -> bool {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    let RuntimeErr::SqlxError(cause) = cause else { return matches!(error, DbErr::Conn(_)) };
    match cause.as_ref() {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        // SQLite: another process writes (SQLITE_BUSY). PostgreSQL, class 57: it is being stopped or started.
        sqlx::Error::Database(cause) => {
            cause.code().is_some_and(|code| code == "5" || code.starts_with("57P"))
        }
        _ => matches!(error, DbErr::Conn(_)),
    }
}

/// An error and its sources, the outermost first.
pub fn causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
