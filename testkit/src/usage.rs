//! What was written down of evaluations.

use serde_json::Value;

use crate::{Kit, START};

const HOUR_MS: i64 = 3_600_000;

/// Evaluations of one hour: hours after the start, flag, variation, reason, count.
pub type UsageRow = (i64, String, String, String, i64);

/// Evaluations of one hour: hours after the start, flag, variation, reason, count.
pub fn usage_row(hour: i64, flag: &str, variation: &str, reason: &str, count: i64) -> UsageRow {
    (hour, flag.into(), variation.into(), reason.into(), count)
}

impl Kit {
    /// What is written down by the hour, sorted.
    pub async fn usage(&self) -> Vec<UsageRow> {
        let rows = self.database.rows("SELECT hour, flag, variation, reason, count FROM usage_hour").await;
        let row = |row: &Value| {
            let text = |field: &str| row[field].as_str().unwrap();
            let number = |field: &str| row[field].as_i64().unwrap();
            let hour = (number("hour") - START.0) / HOUR_MS;
            usage_row(hour, text("flag"), text("variation"), text("reason"), number("count"))
        };
        let mut rows: Vec<_> = rows.iter().map(row).collect();
        rows.sort();
        rows
    }
}
