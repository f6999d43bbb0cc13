//! The engine's tests. What it must answer is in `spec/`; these modules compare.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bucketing;
mod consistent;
mod coverage;
mod documents;
mod edges;
mod generate;
mod golden;
mod imported;
mod limits;
mod paths;
mod properties;
mod robustness;
mod schema;
mod statistics;

/// 2026-01-01T00:00:00Z, the time of every case that names none.
const NOW: i64 = 1_767_225_600_000;
