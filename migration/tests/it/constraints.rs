//! What the database refuses, whoever writes to it.

use testkit::sea_orm::{ConnectionTrait, DbErr, TransactionTrait};
use testkit::{TestDatabase, each_database};

/// Ids that rows in these tests have.
const ACME: &str = "00000000-0000-0000-0000-00000000000a";
const OTHER: &str = "00000000-0000-0000-0000-00000000000b";
const NEW: &str = "00000000-0000-0000-0000-0000000000ff";

/// Two organizations, `ACME` and `OTHER`, each with a user, a project, an environment and a flag of the same id; and
/// revision 1 of their environments.
const ROWS: &[&str] = &[
    "user_account (id, email, email_lower, name, name_lower, created_at) VALUES (@, '#', '#', '', '', 0)",
    "organization (id, slug, name, name_lower, access_revision, created_at) VALUES (@, '#', '', '', 1, 0)",
    "project (id, org_id, key, name, name_lower, created_at) VALUES (@, @, 'default', '', '', 0)",
    "environment (id, org_id, project_id, key, name, color, position, protected, revision, created_at)
        VALUES (@, @, @, 'dev', '', '', 0, false, 1, 0)",
    "environment_revision (org_id, environment_id, revision, at, audit_seq) VALUES (@, @, 1, 0, 1)",
    "flag (id, org_id, project_id, key, key_lower, name, name_lower, description, description_lower, kind, value_type,
        client_side, variations, version, created_at, updated_at)
        VALUES (@, @, @, 'menu', 'menu', '', '', '', '', 'boolean', 'boolean', false, '[]', 1, 0, 0)",
    "audit_chain (org_id, seq, hash) VALUES (@, 0, '')",
];

/// What is inserted, with `?` for the value in question; values that are taken; values that are refused.
struct Case(&'static str, &'static [&'static str], &'static [&'static str]);

const INVITATION: &str = "invitation (id, org_id, email, email_lower, role, status, token_hash, hmac_key_id, created_at, expires_at)";
const FLAG: &str = "flag (id, org_id, project_id, key, key_lower, name, name_lower, description, description_lower, kind, value_type,
    client_side, variations, version, created_at, updated_at)";

/// Constraint by its name → what it takes and refuses.
const CHECKS: &[(&str, Case)] = &[
    (
        "member_role",
        Case(
            "member (org_id, user_id, role, created_at) VALUES (@, @, ?, 0)",
            &["'owner'", "'admin'", "'developer'", "'member'"],
            &["'Owner'", "'root'", "''"],
        ),
    ),
    (
        "flag_configuration_share",
        Case(
            "flag_configuration (org_id, flag_id, environment_id, enabled, share, body, version, updated_at)
                VALUES (@, @, @, false, ?, '', 1, 0)",
            &["0", "100000"],
            &["-1", "100001"],
        ),
    ),
    (
        "environment_document_kind",
        Case(
            "environment_document (org_id, environment_id, kind, key, revision, format, semantics)
                VALUES (@, @, ?, 'menu', 1, 1, 1)",
            &["'flag'", "'segment'"],
            &["'rule'", "'Flag'", "''"],
        ),
    ),
    (
        "tombstone_kind",
        Case(
            "tombstone (org_id, project_id, kind, key, last_version, deleted_at) VALUES (@, @, ?, 'menu', 1, 0)",
            &["'flag'", "'segment'"],
            &["'environment'"],
        ),
    ),
    (
        "api_key_kind",
        Case(
            "api_key (id, org_id, environment_id, name, kind, prefix, hash, hmac_key_id, created_at)
                VALUES (@, @, @, '', ?, '', '', '', 0)",
            &["'server'", "'browser'"],
            &["'mobile'"],
        ),
    ),
    (
        "api_key_rate_limit",
        Case(
            "api_key (id, org_id, environment_id, name, kind, prefix, hash, hmac_key_id, rate_limit, created_at)
                VALUES (@, @, @, '', 'server', '', '', '', ?, 0)",
            &["1", "NULL"],
            &["0", "-1"],
        ),
    ),
    (
        "audit_event_actor_kind",
        Case(
            "audit_event (org_id, seq, at, actor_kind, actor, action, resource_kind, resource_id, resource_key,
                previous_hash, hash) VALUES (@, 1, 0, ?, '', '', '', '', '', '', '')",
            &["'user'", "'system'", "'anonymous'"],
            &["'robot'"],
        ),
    ),
];

/// `@` is the id of `ACME`, `#` its text.
fn sql(database: &TestDatabase, insert: &str, id: &str, value: &str) -> String {
    let insert = insert.replace('@', &database.id(id)).replace('#', id).replace('?', value);
    format!("INSERT INTO {insert}")
}

async fn seeded(database: &TestDatabase) {
    migration::migrate(database.database.writer()).await.unwrap();
    for id in [ACME, OTHER] {
        for row in ROWS {
            database.execute(&sql(database, row, id, "")).await;
        }
    }
}

/// Inserts and takes it back.
async fn attempt(database: &TestDatabase, sql: &str) -> Result<(), DbErr> {
    let tx = database.database.writer().begin().await.unwrap();
    let outcome = tx.execute_unprepared(sql).await;
    tx.rollback().await.unwrap();
    outcome.map(drop)
}

fn assert_violates(outcome: Result<(), DbErr>, constraint: &str, sql: &str) {
    let failure = outcome.expect_err(sql).to_string();
    assert!(failure.to_lowercase().contains(&constraint.to_lowercase()), "{sql}: {failure}");
}

/// Columns that hold one of a few words, or a number within bounds, refuse everything else.
#[tokio::test]
async fn values_outside_their_sets_are_refused() {
    each_database(async |database| {
        seeded(&database).await;
        for (constraint, Case(insert, taken, refused)) in CHECKS {
            for value in *taken {
                let sql = sql(&database, insert, ACME, value);
                attempt(&database, &sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
            for value in *refused {
                let sql = sql(&database, insert, ACME, value);
                assert_violates(attempt(&database, &sql).await, constraint, &sql);
            }
        }
    })
    .await;
}

/// A row belongs to the organization that the rows it hangs on belong to: no write can mix tenants.
#[tokio::test]
async fn rows_of_two_organizations_cannot_hang_together() {
    let mixed = [
        format!("{FLAG} VALUES (!, ?, @, 'a', 'a', '', '', '', '', 'boolean', 'boolean', false, '[]', 1, 0, 0)"),
        "environment (id, org_id, project_id, key, name, color, position, protected, revision, created_at)
            VALUES (!, ?, @, 'a', '', '', 0, false, 0, 0)"
            .to_owned(),
        "flag_configuration (org_id, flag_id, environment_id, enabled, share, body, version, updated_at)
            VALUES (@, @, ?, false, 0, '', 1, 0)"
            .to_owned(),
        "api_key (id, org_id, environment_id, name, kind, prefix, hash, hmac_key_id, created_at)
            VALUES (!, ?, @, '', 'server', '', '', '', 0)"
            .to_owned(),
        "flag_tag (org_id, flag_id, tag) VALUES (?, @, 'a')".to_owned(),
        "environment_revision (org_id, environment_id, revision, at, audit_seq) VALUES (?, @, 2, 0, 2)".to_owned(),
        "environment_document (org_id, environment_id, kind, key, revision, format, semantics)
            VALUES (?, @, 'flag', 'a', 1, 1, 1)"
            .to_owned(),
        "usage_hour (org_id, environment_id, hour, flag, variation, reason, count) VALUES (?, @, 0, '', '', '', 1)"
            .to_owned(),
        "flag_use (org_id, environment_id, flag, version, evaluated_at) VALUES (?, @, '', 1, 0)".to_owned(),
        "context_attribute (org_id, environment_id, name, trusted, seen_on) VALUES (?, @, '', true, 0)".to_owned(),
        "stream_count (org_id, environment_id, node, streams, counted_at) VALUES (?, @, '', 1, 0)".to_owned(),
        "tombstone (org_id, project_id, kind, key, last_version, deleted_at) VALUES (?, @, 'flag', 'a', 1, 0)"
            .to_owned(),
    ];
    each_database(async |database| {
        seeded(&database).await;
        for insert in &mixed {
            let insert = insert.replace('!', &database.id(NEW));
            let same = sql(&database, &insert, ACME, &database.id(ACME));
            attempt(&database, &same).await.unwrap_or_else(|error| panic!("{same}: {error}"));
            let mixed = sql(&database, &insert, ACME, &database.id(OTHER));
            assert_violates(attempt(&database, &mixed).await, "foreign key constraint", &mixed);
        }
    })
    .await;
}

/// One address has at most one pending invitation to an organization; once that is revoked it can have another.
#[tokio::test]
async fn an_address_has_one_pending_invitation() {
    each_database(async |database| {
        seeded(&database).await;
        let invitation = |id: &str, org: &str, email: &str| {
            let (id, org, token) = (database.id(id), database.id(org), id);
            format!(
                "INSERT INTO {INVITATION} VALUES
                    ({id}, {org}, '{email}', '{email}', 'member', 'pending', '{token}', '', 0, 0)"
            )
        };
        database.execute(&invitation(ACME, ACME, "a@example.com")).await;
        let second = invitation(NEW, ACME, "a@example.com");
        assert_violates(attempt(&database, &second).await, "unique", &second);
        // Another address and another organization are free.
        attempt(&database, &invitation(NEW, ACME, "b@example.com")).await.unwrap();
        attempt(&database, &invitation(NEW, OTHER, "a@example.com")).await.unwrap();

        database.execute("UPDATE invitation SET status = 'revoked'").await;
        database.execute(&second).await;
    })
    .await;
}

/// Keys are unique where they name something, with regard to case; addresses without.
#[tokio::test]
async fn keys_are_unique_in_their_project() {
    let flag = format!(
        "{FLAG} VALUES (!, @, @, ?, 'menu', '', '', '', '', 'boolean', 'boolean', false, '[]', 1, 0, 0)"
    );
    each_database(async |database| {
        seeded(&database).await;
        let flag = flag.replace('!', &database.id(NEW));
        let taken = sql(&database, &flag, ACME, "'menu'");
        assert_violates(attempt(&database, &taken).await, "unique", &taken);
        attempt(&database, &sql(&database, &flag, ACME, "'Menu'")).await.unwrap();
    })
    .await;
}

/// A revision that was stored outlives the flag that it was made for, and goes only with its environment.
#[tokio::test]
async fn the_past_outlives_a_flag() {
    each_database(async |database| {
        seeded(&database).await;
        let document = CHECKS.iter().find(|(name, _)| *name == "environment_document_kind").unwrap();
        database.execute(&sql(&database, document.1.0, ACME, "'flag'")).await;
        database.execute(&format!("DELETE FROM flag WHERE id = {}", database.id(ACME))).await;
        assert_eq!(database.number("SELECT COUNT(*) FROM environment_document").await, 1);

        database.execute(&format!("DELETE FROM organization WHERE id = {}", database.id(ACME))).await;
        assert_eq!(database.number("SELECT COUNT(*) FROM environment_document").await, 0);
        assert_eq!(database.number("SELECT COUNT(*) FROM environment_revision").await, 1);
    })
    .await;
}
