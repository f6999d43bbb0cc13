//! A child process that is measured, and ended when it is no longer needed.

use std::io::{BufRead, BufReader, Error, Result};
use std::process::{Child, Command, Stdio};

/// A running server.
pub(crate) struct Process {
    child: Child,
    /// What it printed until it was ready.
    pub(crate) printed: String,
}

impl Process {
    /// Starts it and reads what it prints up to the line that contains `until`.
    pub(crate) fn start(command: &mut Command, until: &str) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or_else(|| Error::other("no standard output"))?;
        let mut printed = String::new();
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            printed.push_str(&line);
            printed.push('\n');
            if line.contains(until) {
                return Ok(Self { child, printed });
            }
        }
        let status = child.wait()?;
        Err(Error::other(format!("the server ended before it was ready: {status}")))
    }

    /// The processor time that it has used, in seconds, from `/proc`: fields 14 and 15, in hundredths of a second.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after_name = stat.rsplit_once(") ").map(|(_, rest)| rest).unwrap_or_default();
        let mut ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        let mut next = || {
            ticks.next().and_then(std::result::Result::ok).ok_or_else(|| Error::other("no times in /proc"))
        };
        Ok((next()? + next()?) / 100.0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
