//! The dashboard in a browser: how soon it is there, and how soon it has taken over.

use std::io::Result;
use std::process::Command;

use crate::demo::{Demo, ENVIRONMENT, FLAG, PROJECT};
use crate::scenarios::pages::FLAGS;

pub(super) async fn run() -> Result<()> {
    let demo = Demo::start(FLAGS).await?;
    println!("\n### {FLAGS} flags: the dashboard in a browser\n");
    let pages = ["flags".to_owned(), format!("flags/{FLAG}")];
    let mut command = Command::new("node");
    command.args(["end2end/measure.mjs", &demo.url("")]);
    command.args(pages.map(|page| format!("{PROJECT}/{page}?env={ENVIRONMENT}")));
    super::script(&mut command)
}
