//! Bringing a database to the newest schema, and back.

use migration::Migrator;
use sea_orm_migration::MigratorTrait;
use testkit::{TestDatabase, each_database};

use crate::schema::dump;

async fn migrate(database: &TestDatabase) {
    migration::migrate(database.database.writer()).await.unwrap();
}

/// How many steps there are.
fn all_steps() -> i64 {
    i64::try_from(Migrator::migrations().len()).unwrap()
}

async fn steps(database: &TestDatabase) -> i64 {
    database.number("SELECT COUNT(*) FROM seaql_migrations").await
}

/// Up, down and up again ends where the first up did, and down leaves nothing but the list of steps.
#[tokio::test]
async fn every_step_can_be_undone_and_done_again() {
    each_database(async |database| {
        migrate(&database).await;
        let first = dump(&database).await;
        assert!(first.iter().any(|line| line.contains("environment_document")), "{first:#?}");

        Migrator::down(database.database.writer(), None).await.unwrap();
        assert_eq!(database.tables().await, ["seaql_migrations"]);
        assert_eq!(steps(&database).await, 0);

        migrate(&database).await;
        assert_eq!(dump(&database).await, first);
    })
    .await;
}

/// Migrating a database that has the newest schema changes nothing.
#[tokio::test]
async fn migrating_again_does_nothing() {
    each_database(async |database| {
        migrate(&database).await;
        let first = (dump(&database).await, database.rows("SELECT * FROM seaql_migrations").await);
        migrate(&database).await;
        assert_eq!((dump(&database).await, database.rows("SELECT * FROM seaql_migrations").await), first);
    })
    .await;
}

/// Nodes that start at once on one empty PostgreSQL database take turns, and all of them come up.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_take_turns() {
    each_database(async |database| {
        // SQLite has one node.
        if database.name == "sqlite" {
            return;
        }
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let node = database.connect_again().await;
            nodes.spawn(async move { migration::migrate(node.writer()).await });
        }
        for migrated in nodes.join_all().await {
            migrated.unwrap();
        }
        assert_eq!(steps(&database).await, all_steps());
        let locks = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND database =
            (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(database.number(locks).await, 0, "the lock is not given back");
    })
    .await;
}

/// A step that fails in its middle leaves nothing of itself, keeps the steps before it, and runs once it can.
#[tokio::test]
async fn a_step_that_fails_leaves_nothing_half_done() {
    each_database(async |database| {
        // The last table of m0003 is in the way of the step; its first two are made before that shows.
        database.execute("CREATE TABLE invitation (in_the_way TEXT)").await;
        let failure = migration::migrate(database.database.writer()).await.unwrap_err();
        assert!(failure.to_string().contains("invitation"), "{failure}");
        assert_eq!(steps(&database).await, 2);
        let tables = database.tables().await;
        assert_eq!(tables, ["instance", "invitation", "seaql_migrations", "session", "user_account"]);

        database.execute("DROP TABLE invitation").await;
        migrate(&database).await;
        assert_eq!(steps(&database).await, all_steps());
    })
    .await;
}
