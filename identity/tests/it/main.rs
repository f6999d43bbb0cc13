//! Whole sign-ins against a provider that runs in the test, and everything that a provider can get wrong.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod callback;
mod config;
mod discovery;
mod flow;
mod github;
mod id_token;
mod kit;
mod mock;
mod outbound;
mod privacy;
mod redeem;
