//! What Lighthouse says of the landing page.

use std::io::Result;
use std::process::Command;

use crate::demo::Demo;

pub(super) async fn run() -> Result<()> {
    let demo = Demo::start(0).await?;
    println!("\n### The landing page, by Lighthouse\n");
    super::script(Command::new("node").args(["bench/lighthouse/landing.mjs", &demo.url("/")]))
}
