//! The load generator: `wrk`, as the systems' packages have it.

use std::io::{Error, Result};
use std::process::Command;
use std::time::Duration;

/// Makes sure that it is there.
pub(crate) fn find() -> Result<()> {
    match Command::new("wrk").arg("--version").output() {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::other("`wrk` is missing: install it, as with `apt-get install wrk`")),
    }
}

/// Asks as fast as it can for a time, and returns how many answers came. An answer other than 2xx is an error.
pub(crate) fn run(url: &str, key: Option<&str>, connections: u32, time: Duration) -> Result<f64> {
    let mut command = Command::new("wrk");
    command.args(["--threads", "1", "--connections", &connections.to_string()]);
    command.args(["--duration", &format!("{}s", time.as_secs())]);
    if let Some(key) = key {
        command.args(["--header", &format!("Authorization: Bearer {key}")]);
    }
    let output = command.arg(url).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(Error::other(format!("not all answers were good:\n{text}")));
    }
    let requests = text.lines().find_map(|line| line.trim().split_once(" requests in "));
    let requests = requests.and_then(|(count, _)| count.parse().ok());
    requests.ok_or_else(|| Error::other(format!("wrk printed no count:\n{text}")))
}
