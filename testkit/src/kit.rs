//! One test's application and database.

use std::sync::Arc;

use mail::{Mailer, Outbox};
use sea_orm::ConnectionTrait;
use service::{Clock, Database, Parts, Redis, Secrets, Services, Settings};
use tempfile::TempDir;

use crate::{FaultyPostgres, ManualClock, postgres};

/// What an application of a [`Kit`] hashes with. A program over the same database must be told the same.
pub const SECRET: &str = "a secret for tests, and long enough to be one";

/// An empty database of a test's own.
pub struct TestDatabase {
    /// `sqlite` or `postgres`.
    pub name: &'static str,
    /// The connections.
    pub database: Database,
    /// Where it is.
    pub url: String,
    _folder: Option<TempDir>,
}

/// An application over a migrated database of a test's own.
pub struct Kit {
    /// The application.
    pub services: Services,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// Its database, for looking at and for breaking.
    pub database: TestDatabase,
}

/// Runs a test on each database that there is: on SQLite always, on PostgreSQL where a server can be had.
#[expect(clippy::print_stderr, reason = "a failing test shows which database it failed on")]
pub async fn each_database(test: impl AsyncFn(TestDatabase)) {
    for name in ["sqlite", "postgres"] {
        let Some(database) = TestDatabase::create(name).await else { continue };
        eprintln!("on {name}:");
        test(database).await;
    }
}

/// Runs a test with an application over each database that there is.
pub async fn each(test: impl AsyncFn(Kit)) {
    each_database(async |database| test(Kit::over(database).await).await).await;
}

impl TestDatabase {
    async fn create(name: &'static str) -> Option<Self> {
        let (url, folder) = match name {
            "sqlite" => {
                let folder = tempfile::tempdir().unwrap();
                (format!("sqlite://{}", folder.path().join("test.db").display()), Some(folder))
            }
            _ => (new_database(postgres::server()?).await, None),
        };
        let database = Database::open(&url).await.unwrap();
        Some(Self { name, database, url, _folder: folder })
    }

    /// The database of a server of a test's own.
    pub async fn of(server: &FaultyPostgres) -> Self {
        let url = server.url().to_owned();
        let database = Database::open(&url).await.unwrap();
        Self { name: "postgres", database, url, _folder: None }
    }

    /// Connections of another process to the same database.
    pub async fn connect_again(&self) -> Database {
        Database::open(&self.url).await.unwrap()
    }

    /// Runs SQL as it is. [`TestDatabase::id`] writes an id in it.
    pub async fn execute(&self, sql: &str) {
        self.try_execute(sql).await.unwrap();
    }

    /// Runs SQL that may fail.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn try_execute(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        self.database.writer().execute_unprepared(sql).await.map(drop)
    }

    /// How this database writes an id in SQL.
    pub fn id(&self, id: impl ToString) -> String {
        let id = id.to_string();
        match self.name {
            "sqlite" => format!("x'{}'", id.replace('-', "")),
            _ => format!("'{id}'"),
        }
    }
}

/// Creates a database on a server. Those of a private server end with it.
async fn new_database(server: &str) -> String {
    let name = format!("togglebit_test_{}", service::random_token().to_lowercase());
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    format!("{server}/{name}")
}

impl Kit {
    /// Migrates a database and opens an application over it.
    pub async fn over(database: TestDatabase) -> Self {
        migration::migrate(database.database.writer()).await.unwrap();
        let clock = Arc::new(ManualClock::default());
        let services = Services::open(Self::parts(&database.database, &clock)).await.unwrap();
        Self { services, clock, database }
    }

    /// A second application over the same database: another node.
    pub async fn another_node(&self) -> Services {
        self.with_settings(Settings::default()).await
    }

    /// An application over the same database whose operator decided otherwise.
    pub async fn with_settings(&self, settings: Settings) -> Services {
        let parts = Self::parts(&self.database.database, &self.clock);
        Services::open(Parts { settings, ..parts }).await.unwrap()
    }

    /// An application over the same database that has Redis, too.
    pub async fn with_redis(&self, url: &str) -> Services {
        let parts = Self::parts(&self.database.database, &self.clock);
        Services::open(Parts { redis: Some(self.redis(url)), ..parts }).await.unwrap()
    }

    /// A connection to Redis, by the kit's clock.
    pub fn redis(&self, url: &str) -> Redis {
        Redis::connect(url, Arc::clone(&self.clock) as Arc<dyn Clock>).unwrap()
    }

    /// An application over the same database that sends letters, and where they are kept.
    pub async fn with_letters(&self, settings: Settings) -> (Services, Outbox) {
        let (mailer, outbox) = Mailer::in_memory();
        let parts = Self::parts(&self.database.database, &self.clock);
        (Services::open(Parts { settings, mailer: Some(mailer), ..parts }).await.unwrap(), outbox)
    }

    /// What an application over the same database is made of.
    pub fn parts_of_another(&self) -> Parts {
        Self::parts(&self.database.database, &self.clock)
    }

    fn parts(database: &Database, clock: &Arc<ManualClock>) -> Parts {
        Parts {
            database: database.clone(),
            secrets: Secrets::new(SECRET).unwrap(),
            clock: Arc::clone(clock) as Arc<dyn Clock>,
            settings: Settings::default(),
            redis: None,
            mailer: None,
            warm_file: None,
        }
    }
}
