//! What holds for the program as a whole: who may do what, who knows whom, and what never reaches the browser.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod append_only;
mod browser;
mod caches;
mod client;
mod configuration;
mod crash;
mod dashboard;
mod landing;
mod layers;
mod letterbox;
mod live;
mod outage;
mod stop;
mod streams;
mod workspace;
