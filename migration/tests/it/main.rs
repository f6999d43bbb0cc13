//! The schema's tests.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod smoke;
