//! What a database holds, to assert that a refusal left it alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use domain::Error as Refusal;
use sea_orm::{ConnectionTrait, FromQueryResult, JsonValue, Statement};

use crate::{Kit, TestDatabase};

/// All tables but the audit log's: the rows of each as a sorted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(BTreeMap<String, String>);

impl State {
    /// What another state lacks and what it has more, a row each, for a failure's report.
    pub fn changes(&self, other: &Self) -> Vec<String> {
        let rows = |state: &Self| -> BTreeSet<String> {
            let of_table = |(table, rows): (&String, &String)| {
                rows.lines().map(|row| format!("{table}: {row}")).collect::<Vec<_>>()
            };
            state.0.iter().flat_map(of_table).collect()
        };
        let (here, there) = (rows(self), rows(other));
        let gone = here.difference(&there).map(|row| format!("- {row}"));
        gone.chain(there.difference(&here).map(|row| format!("+ {row}"))).collect()
    }
}

impl Kit {
    /// Everything that is stored, apart from the audit log and the count of attempts to sign in: equal before and after
    /// means that nothing changed.
    pub async fn state(&self) -> State {
        let mut state = self.database.texts().await;
        state.retain(|table, _| !table.starts_with("audit_") && table != "sign_in_attempt");
        State(state)
    }

    /// How many entries all audit logs have together.
    pub async fn audit_entries(&self) -> i64 {
        self.database.number("SELECT COUNT(*) FROM audit_event").await
    }

    /// Attempts something that must be refused, and asserts that it changed nothing: every row is as it was, and the
    /// audit log has gained at most one entry, which is for something forbidden or a failed sign-in and says so.
    pub async fn refused<T: Debug>(&self, attempt: impl Future<Output = service::Result<T>>) -> Refusal {
        let (state, entries) = (self.state().await, self.audit_entries().await);
        let refusal = match attempt.await {
            Err(service::Error::Refused(refusal)) => refusal,
            outcome => panic!("not refused: {outcome:?}"),
        };
        assert_eq!(self.state().await, state, "changed in spite of: {refusal:?}");
        let denied = "SELECT COUNT(*) FROM audit_event WHERE action IN ('denied', 'user.sign_in_failed')";
        match self.audit_entries().await - entries {
            0 => {}
            1 if matches!(refusal, Refusal::Forbidden { .. } | Refusal::BadCredentials) => {
                assert!(self.database.number(denied).await > 0, "the entry is not for a denied attempt");
            }
            more => panic!("{more} audit entries in spite of: {refusal:?}"),
        }
        refusal
    }
}

impl TestDatabase {
    /// The names of all tables, sorted.
    pub async fn tables(&self) -> Vec<String> {
        let sql = match self.name {
            "sqlite" => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            _ => "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
        };
        let rows = self.rows(sql).await;
        let mut names: Vec<_> = rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    /// The names of all tables that have a column of this name, sorted.
    pub async fn tables_with(&self, column: &str) -> Vec<String> {
        let mut found = Vec::new();
        for table in self.tables().await {
            let sql = match self.name {
                "sqlite" => {
                    format!("SELECT COUNT(*) FROM pragma_table_info('{table}') WHERE name = '{column}'")
                }
                _ => format!(
                    "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'public'
                    AND table_name = '{table}' AND column_name = '{column}'"
                ),
            };
            if self.number(&sql).await > 0 {
                found.push(table);
            }
        }
        found
    }

    /// Where a text lies in the database, in whatever case, as `table.column`.
    pub async fn places_of(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        let mut places = std::collections::BTreeSet::new();
        for table in self.tables().await {
            for row in self.rows(&format!("SELECT * FROM {table}")).await {
                for (column, value) in row.as_object().unwrap() {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    if value.to_lowercase().contains(&text) {
                        places.insert(format!("{table}.{column}"));
                    }
                }
            }
        }
        places.into_iter().collect()
    }

    /// The rows of each table as a sorted text. The database writes it, in one query: tests that ask after every request
    /// would otherwise spend their time on nothing else.
    async fn texts(&self) -> BTreeMap<String, String> {
        let selects = match self.name {
            "sqlite" => {
                "SELECT 'SELECT ''' || t.name || ''' AS name, COALESCE(group_concat(line, char(10)), '''') AS lines
                    FROM (SELECT '
                    || group_concat('quote(\"' || c.name || '\")', ' || '','' || ')
                    || ' AS line FROM \"' || t.name || '\" ORDER BY 1)' AS query
                FROM sqlite_master t, pragma_table_info(t.name) c
                WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' GROUP BY t.name"
            }
            _ => {
                "SELECT 'SELECT ''' || table_name || ''' AS name,
                        COALESCE(string_agg(t::text, chr(10) ORDER BY t::text), '''') AS lines
                    FROM \"' || table_name || '\" t' AS query
                FROM information_schema.tables WHERE table_schema = 'public'"
            }
        };
        let selects = self.rows(selects).await;
        let selects: Vec<_> = selects.iter().map(|row| row["query"].as_str().unwrap()).collect();
        let rows = self.rows(&selects.join(" UNION ALL ")).await;
        let text = |row: &JsonValue, column: &str| row[column].as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(row, "name"), text(row, "lines"))).collect()
    }

    /// The rows of a query, each as a JSON object.
    pub async fn rows(&self, sql: &str) -> Vec<JsonValue> {
        let writer = self.database.writer();
        let query = Statement::from_string(writer.get_database_backend(), sql);
        JsonValue::find_by_statement(query).all(writer).await.unwrap()
    }

    /// The one number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let writer = self.database.writer();
        let query = Statement::from_string(writer.get_database_backend(), sql);
        writer.query_one_raw(query).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}
