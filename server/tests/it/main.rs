//! What holds for the workspace as a whole: who knows whom, and what never reaches the browser.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod browser;
mod layers;
mod workspace;
