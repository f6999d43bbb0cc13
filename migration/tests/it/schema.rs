//! What the schema is, and that it is the same on both databases.

use std::cell::RefCell;
use std::collections::BTreeMap;

use testkit::{TestDatabase, each_database};

/// Everything that the database says of its tables, constraints and indexes, a line each.
pub(crate) async fn dump(database: &TestDatabase) -> Vec<String> {
    let queries: &[&str] = match database.name {
        "sqlite" => &["SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"],
        _ => &[
            "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text, collation_name::text,
                column_default::text
                FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
            "SELECT conrelid::regclass::text AS of_table, conname::text, pg_get_constraintdef(oid) AS definition
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
            "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        ],
    };
    let mut lines = Vec::new();
    for query in queries {
        lines.extend(database.rows(query).await.iter().map(ToString::to_string));
    }
    lines
}

/// Table and column → type and whether it may be null.
async fn columns(database: &TestDatabase) -> BTreeMap<(String, String), (String, bool)> {
    let query = match database.name {
        "sqlite" => {
            r#"SELECT m.name AS of_table, c.name AS name, c.type AS type, 
                CASE c."notnull" WHEN 0 THEN 'YES' ELSE 'NO' END AS nullable
                FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"#
        }
        _ => {
            "SELECT table_name::text AS of_table, column_name::text AS name, data_type::text AS type,
                is_nullable::text AS nullable
                FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let text = |row: &testkit::sea_orm::JsonValue, field| row[field].as_str().unwrap().to_uppercase();
    let rows = database.rows(query).await;
    let rows = rows.iter().map(|row| {
        let place = (text(row, "of_table"), text(row, "name"));
        (place, (text(row, "type"), row["nullable"] == "YES"))
    });
    // The list of steps is sea-orm-migration's own.
    rows.filter(|((table, _), _)| table != "SEAQL_MIGRATIONS").collect()
}

/// SQLite and PostgreSQL have the same tables with the same columns, of types that mean the same.
#[tokio::test]
async fn both_databases_have_the_same_columns() {
    let schemas = RefCell::new(Vec::new());
    each_database(async |database| {
        migration::migrate(database.database.writer()).await.unwrap();
        let mut columns = columns(&database).await;
        for (column_type, _) in columns.values_mut() {
            let meaning = match column_type.as_str() {
                "BLOB" | "UUID" => "id",
                "TEXT" => "text",
                "BIGINT" => "integer",
                "BOOLEAN" => "boolean",
                other => panic!("{} has a column of the type {other}", database.name),
            };
            meaning.clone_into(column_type);
        }
        assert!(columns.len() > 100, "{columns:?}");
        schemas.borrow_mut().push(columns);
    })
    .await;
    let schemas = schemas.into_inner();
    for pair in schemas.windows(2) {
        assert_eq!(pair[0], pair[1]);
    }
}

/// Columns that are sorted or searched compare by bytes on PostgreSQL too, whatever the database's language is.
#[tokio::test]
async fn names_that_are_sorted_have_the_collation_of_bytes() {
    each_database(async |database| {
        if database.name == "sqlite" {
            return;
        }
        migration::migrate(database.database.writer()).await.unwrap();
        let sorted = "SELECT table_name || '.' || column_name AS name, collation_name::text AS collation
            FROM information_schema.columns
            WHERE table_schema = 'public' AND (table_name || '.' || column_name IN ('usage_hour.flag', 'flag_use.flag', 'context_attribute.name')
                OR column_name IN ('key', 'slug', 'tag') OR column_name LIKE '%\\_lower')";
        let rows = database.rows(sorted).await;
        assert!(rows.len() >= 19, "{rows:?}");
        for row in rows {
            assert_eq!(row["collation"], "C", "{row}");
        }
    })
    .await;
}

/// Texts come back in the order of their bytes: capitals before small letters, and accents after both.
#[tokio::test]
async fn texts_are_sorted_by_bytes() {
    let texts = ["zebra", "Zebra", "apple", "äpfel", "a-b", "a_b", "ab", "aB", "a.b", "10", "9", "日本"];
    each_database(async |database| {
        migration::migrate(database.database.writer()).await.unwrap();
        for (place, text) in texts.iter().enumerate() {
            let id = database.id(format!("00000000-0000-0000-0000-{place:012}"));
            let sql = format!(
                "INSERT INTO user_account (id, email, email_lower, name, name_lower, created_at)
                    VALUES ({id}, '', '{text}', '', '', 0)"
            );
            database.execute(&sql).await;
        }
        let rows = database.rows("SELECT email_lower FROM user_account ORDER BY email_lower").await;
        let sorted: Vec<_> = rows.iter().map(|row| row["email_lower"].as_str().unwrap()).collect();
        let mut expected = texts;
        expected.sort_unstable();
        assert_eq!(sorted, expected);
    })
    .await;
}
