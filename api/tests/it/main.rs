//! The API for machines, through its router: what goes over the wire.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod auth;
mod bounds;
mod client;
mod documented;
mod eval;
mod health;
mod input;
mod manage;
mod openapi;
mod routes;
