//! The schema's tests. Each runs on every database that there is.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod constraints;
mod metering;
mod migrate;
mod schema;
