//! The load harness: what evaluation over HTTP costs, beside a bare route that returns a constant of the same size, and
//! beside another product's server; how much streams, flags and environments take; and how soon the dashboard's pages are
//! there, and how large they are.
//!
//! What is compared is asked in turn, in one run, on one machine, by the same load generator, so that a ratio holds where
//! an absolute figure would not. `make bench` builds the release and runs it. Arguments are names of scenarios: all of them
//! unless some are given.
#![expect(clippy::print_stdout, reason = "a report is what this program is for")]

mod compare;
mod constant;
mod cores;
mod demo;
mod edge;
mod flags;
mod folder;
mod follower;
mod http_client;
mod numbers;
mod paced;
mod process;
mod question;
mod report;
mod scenarios;
mod target;
mod togglebit;
mod turn;
mod wrk;

use std::io::Result;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [argument, address, path, file] = arguments.as_slice()
        && argument == constant::ARGUMENT
    {
        return constant::serve(address, path, file);
    }
    wrk::find()?;
    report::machine();
    let names = match arguments.as_slice() {
        [] => scenarios::NAMES.map(str::to_owned).to_vec(),
        names => names.to_vec(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for name in &names {
            scenarios::run(name).await?;
        }
        Ok(())
    })
}
