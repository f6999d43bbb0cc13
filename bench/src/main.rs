//! The load harness: what an evaluation over HTTP costs, beside a bare route that returns a constant of the same size.
//!
//! Both are asked in turn, in one run, on one machine, by the same load generator (`wrk`), so that a ratio holds where
//! an absolute figure would not. `make bench` builds the release and runs it.
#![expect(clippy::print_stdout, reason = "a report is what this program is for")]

mod constant;
mod process;
mod report;
mod target;
mod wrk;

use std::io::Result;
use std::time::Duration;

use target::Target;

/// How many times each target is asked; they take turns.
const ROUNDS: usize = 5;

/// How long each turn lasts. Five rounds of two targets and two questions take about a minute.
const TURN: Duration = Duration::from_secs(3);

/// Connections that are kept open; enough to keep one core busy, and few enough to leave one to the generator.
const CONNECTIONS: u32 = 16;

/// What is asked: a name, and the path below the server's address.
const QUESTIONS: [(&str, &str); 2] = [
    ("boolean", "/api/v1/eval/flags/checkout-v2?userId=user-1"),
    (
        "rule and rollout",
        "/api/v1/eval/flags/ai-summaries?userId=user-1&context=%7B%22plan%22%3A%22pro%22%2C%22country%22%3A%22DE%22%7D",
    ),
];

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().collect();
    if let [_, argument, size, path] = arguments.as_slice()
        && argument == constant::ARGUMENT
    {
        return constant::serve(size.parse().map_err(std::io::Error::other)?, path);
    }
    wrk::find()?;
    let togglebit = Target::togglebit()?;
    for (name, path) in QUESTIONS {
        let body = togglebit.answer(path)?;
        println!("{name}: {}", body.trim());
        let constant = togglebit.constant(body.len(), path)?;
        let mut turns = Vec::new();
        for _ in 0..ROUNDS {
            turns.push((togglebit.measure(path)?, constant.measure(path)?));
        }
        report::print(&turns);
    }
    Ok(())
}
