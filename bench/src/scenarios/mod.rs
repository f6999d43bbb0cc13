//! What is measured.

mod all;
mod cold;
mod hydration;
mod landing;
mod many;
mod pages;
mod single;
mod streams;

use std::io::{Error, Result};
use std::process::Command;

/// The scenarios by name, in the order in which they run.
pub(crate) const NAMES: [&str; 8] =
    ["single", "all", "streams", "many", "cold", "pages", "hydration", "landing"];

/// Runs a scenario and prints what it gives.
pub(crate) async fn run(name: &str) -> Result<()> {
    match name {
        "single" => single::run().await,
        "all" => all::run().await,
        "streams" => streams::run().await,
        "many" => many::run().await,
        "cold" => cold::run().await,
        "pages" => pages::run().await,
        "hydration" => hydration::run().await,
        "landing" => landing::run().await,
        other => Err(Error::other(format!("there is no scenario {other}, but {}", NAMES.join(", ")))),
    }
}

/// Runs a script that measures in a browser, and prints what it gives.
fn script(command: &mut Command) -> Result<()> {
    match command.status()? {
        status if status.success() => Ok(()),
        status => Err(Error::other(format!("the script ended with {status}"))),
    }
}
