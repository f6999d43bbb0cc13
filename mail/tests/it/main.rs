//! Letters as they are read, and their way to a server that runs in the test.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod config;
mod content;
mod headers;
mod refusals;
mod sending;
mod smtp;
mod trouble;
