//! Connections: one pool to write through, one that cannot write.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database as SeaDatabase, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

/// How long a request waits for a connection before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// The database, as the services see it.
#[derive(Clone, Debug)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Database {
    /// Opens `sqlite://PATH` or `postgres://…`. Creates the SQLite file where it is missing.
    ///
    /// SQLite has one writer (WAL, `synchronous=FULL`) beside readers that are `query_only`. PostgreSQL's readers are
    /// `default_transaction_read_only`. So a read that writes by mistake fails on both.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open(url: &str) -> Result<Self, DbErr> {
        let writer = SeaDatabase::connect(options(url, Access::Write)).await?;
        let reader = SeaDatabase::connect(options(url, Access::Read)).await?;
        Ok(Self { writer, reader })
    }

    /// The same without reaching for it: whoever needs a connection waits for one, and fails where there is none.
    ///
    /// # Errors
    /// When the address is none.
    pub async fn unreached(url: &str) -> Result<Self, DbErr> {
        let lazy = |access| {
            let mut options = options(url, access);
            options.connect_lazy(true);
            options
        };
        let writer = SeaDatabase::connect(lazy(Access::Write)).await?;
        let reader = SeaDatabase::connect(lazy(Access::Read)).await?;
        Ok(Self { writer, reader })
    }

    /// The pool to read from. Inside a change it shows the state before the change; stores use the transaction.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// The pool to write through: for migrations and for the few writes that are no change of the domain.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// PostgreSQL's connections, where it is that.
    pub(crate) fn postgres(&self) -> Option<&sea_orm::sqlx::PgPool> {
        match self.writer.get_database_backend() {
            DbBackend::Postgres => Some(self.writer.get_postgres_connection_pool()),
            _ => None,
        }
    }

    /// Begins a transaction that writes. On SQLite it is a writer from its first statement on: one that starts by
    /// reading and writes later fails as soon as another got in between.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
        self.writer
            .begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() })
            .await
    }

    /// Begins a transaction that only reads, and sees one moment throughout: nothing that is committed meanwhile.
    pub(crate) async fn moment(&self) -> Result<DatabaseTransaction, DbErr> {
        // SQLite's readers keep to the moment of their first read anyway, and it knows no levels.
        let isolation_level = match self.reader.get_database_backend() {
            DbBackend::Postgres => Some(IsolationLevel::RepeatableRead),
            _ => None,
        };
        self.reader.begin_with_options(TransactionOptions { isolation_level, ..Default::default() }).await
    }

    /// Closes both pools once nobody uses them any more.
    ///
    /// # Errors
    /// When the database does not let go.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close().await
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

fn options(url: &str, access: Access) -> ConnectOptions {
    let sqlite = url.starts_with("sqlite:");
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).acquire_timeout(ACQUIRE_TIMEOUT).connect_timeout(ACQUIRE_TIMEOUT);
    options.max_connections(match access {
        Access::Write if sqlite => 1,
        Access::Write => 8,
        Access::Read => 8,
    });
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE_TIMEOUT)
            .create_if_missing(access == Access::Write);
        match access {
            Access::Read => sqlite.pragma("query_only", "true"),
            Access::Write => sqlite,
        }
    });
    options.map_sqlx_postgres_opts(move |postgres| match access {
        Access::Read => postgres.options([("default_transaction_read_only", "on")]),
        Access::Write => postgres,
    });
    options
}
