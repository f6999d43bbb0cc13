//! The closed loop: `wrk`, as the systems' packages have it. Each connection asks again as soon as it is answered.

use std::io::{Error, Result};
use std::process::Command;
use std::time::Duration;

use crate::cores::{self, Core};
use crate::question::Question;

/// Makes sure that it is there.
pub(crate) fn find() -> Result<()> {
    match Command::new("wrk").arg("--version").output() {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::other("`wrk` is missing: install it, as with `apt-get install wrk`")),
    }
}

/// Asks as fast as it can for a time, and returns how many answers came. An answer other than 2xx is an error.
pub(crate) fn run(question: &Question, connections: usize, time: Duration) -> Result<f64> {
    let mut command = Command::new("wrk");
    command.args(["--threads", "1", "--connections", &connections.to_string()]);
    command.args(["--duration", &format!("{}s", time.as_secs())]);
    for (name, value) in &question.fields {
        command.args(["--header", &format!("{name}: {value}")]);
    }
    command.arg(question.url());
    let output = cores::on(Core::Load, || command.output())?;
    let text = String::from_utf8_lossy(&output.stdout);
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(Error::other(format!("not all answers were good:\n{text}")));
    }
    let requests = text.lines().find_map(|line| line.trim().split_once(" requests in "));
    let requests = requests.and_then(|(count, _)| count.parse().ok());
    requests.ok_or_else(|| Error::other(format!("wrk printed no count:\n{text}")))
}
