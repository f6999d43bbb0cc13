//! The API for machines, through its router: what goes over the wire.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod auth;
mod bounds;
mod caching;
mod client;
mod cors;
mod documented;
mod eval;
mod events;
mod health;
mod input;
mod limits;
mod manage;
mod ofrep;
mod openapi;
mod routes;
mod ruleset;
mod stream;
