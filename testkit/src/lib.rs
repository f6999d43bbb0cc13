//! Databases, builders and clocks for integration tests.
//!
//! Every test owns its database, so tests run in any order and in parallel:
//!
//! ```no_run
//! # async fn test() {
//! testkit::each(async |kit| {
//!     let workspace = kit.workspace().await;
//!     kit.services.flags().create(&workspace.developer, workspace.boolean_flag("new-menu")).await.unwrap();
//! })
//! .await;
//! # }
//! ```
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod clock;
mod faulty_postgres;
mod kit;
mod log;
mod note;
mod postgres;
mod redis;
mod soak;
mod state;
mod usage;
mod workspace;

pub use clock::{ManualClock, START};
pub use faulty_postgres::FaultyPostgres;
pub use kit::{Kit, SECRET, TestDatabase, each, each_database};
pub use redis::TestRedis;
pub use sea_orm;
pub use soak::soak;
pub use state::State;
pub use usage::{UsageRow, usage_row};
pub use workspace::Workspace;
