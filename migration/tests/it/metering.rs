//! What was counted before there were months is rolled up.

use migration::Migrator;
use sea_orm_migration::MigratorTrait;
use testkit::each_database;

const ID: &str = "00000000-0000-0000-0000-00000000000a";
const HOUR: i64 = 3_600_000;

/// The first hours of months, and hours before and after them.
const MONTHS: [(i64, i64); 4] = [
    // 2024-02, which has a leap day.
    (1_706_745_600_000, 29 * 24),
    (1_709_251_200_000, 31 * 24),
    // 2025-12 and 2026-01.
    (1_764_547_200_000, 31 * 24),
    (1_767_225_600_000, 31 * 24),
];

#[tokio::test]
async fn hours_are_rolled_up_to_months() {
    each_database(async |database| {
        Migrator::up(database.database.writer(), Some(15)).await.unwrap();
        let id = database.id(ID);
        for insert in [
            "organization (id, slug, name, name_lower, access_revision, created_at) VALUES (@, 'a', '', '', 1, 0)",
            "project (id, org_id, key, name, name_lower, created_at) VALUES (@, @, 'default', '', '', 0)",
            "environment (id, org_id, project_id, key, name, color, position, protected, revision, created_at)
                VALUES (@, @, @, 'dev', '', '', 0, false, 1, 0)",
        ] {
            database.execute(&format!("INSERT INTO {}", insert.replace('@', &id))).await;
        }
        for (first, hours) in MONTHS {
            for (hour, count) in [(0, 1), (1, 20), (hours - 1, 300)] {
                for flag in ["a", "b"] {
                    let hour = first + hour * HOUR;
                    database
                        .execute(&format!(
                            "INSERT INTO usage_hour (org_id, environment_id, hour, flag, variation, reason, count)
                                VALUES ({id}, {id}, {hour}, '{flag}', '', '', {count})"
                        ))
                        .await;
                }
            }
        }
        migration::migrate(database.database.writer()).await.unwrap();
        let rows = database.rows("SELECT month, served, reported FROM usage_month ORDER BY month").await;
        let number = |row: &testkit::sea_orm::JsonValue, name| row[name].as_i64().unwrap();
        let found: Vec<_> =
            rows.iter().map(|row| (number(row, "month"), number(row, "served"), number(row, "reported"))).collect();
        assert_eq!(found, MONTHS.map(|(first, _)| (first, 642, 0)));
    })
    .await;
}
