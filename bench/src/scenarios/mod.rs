//! What is measured.

mod all;
mod cold;
mod many;
mod single;
mod streams;

use std::io::{Error, Result};

/// The scenarios by name, in the order in which they run.
pub(crate) const NAMES: [&str; 5] = ["single", "all", "streams", "many", "cold"];

/// Runs a scenario and prints what it gives.
pub(crate) async fn run(name: &str) -> Result<()> {
    match name {
        "single" => single::run().await,
        "all" => all::run().await,
        "streams" => streams::run().await,
        "many" => many::run().await,
        "cold" => cold::run().await,
        other => Err(Error::other(format!("there is no scenario {other}, but {}", NAMES.join(", ")))),
    }
}
