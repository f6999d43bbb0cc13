//! What a database holds, to assert that a refusal left it alone.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Asterisk, Expr, Func, Query};

use crate::Kit;

/// Every table that a change of the domain can touch, apart from the audit log.
const TABLES: [&str; 14] = [
    "user_account",
    "organization",
    "member",
    "invitation",
    "project",
    "environment",
    "flag",
    "flag_tag",
    "flag_configuration",
    "segment",
    "segment_configuration",
    "api_key",
    "environment_revision",
    "environment_document",
];

impl Kit {
    /// Rows of every table, and the sums of revisions and versions: equal before and after means that nothing changed.
    pub async fn state(&self) -> Vec<(String, i64)> {
        let mut state = Vec::new();
        for table in TABLES {
            state.push((table.to_owned(), self.number(table, Func::count(Expr::col(Asterisk)).into()).await));
        }
        for (table, column) in [
            ("environment", "revision"),
            ("flag", "version"),
            ("flag_configuration", "version"),
            ("organization", "access_revision"),
        ] {
            let sum = Expr::cust(format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT)"));
            state.push((format!("{table}.{column}"), self.number(table, sum).await));
        }
        state
    }

    /// How many entries all audit logs have together.
    pub async fn audit_entries(&self) -> i64 {
        self.number("audit_event", Func::count(Expr::col(Asterisk)).into()).await
    }

    async fn number(&self, table: &str, of: Expr) -> i64 {
        let query = Query::select().expr(of).from(Alias::new(table)).to_owned();
        let row = self.database.database.writer().query_one(&query).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }
}
