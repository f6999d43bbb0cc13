//! A child process that is measured, and ended when it is no longer needed.

use std::io::{Error, Result};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::http_client::Client;

/// How often a server that starts is asked whether it is ready.
const PAUSE: Duration = Duration::from_millis(1);

/// A running server.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts it. What it prints is thrown away, but for its errors.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        Ok(Self { child: command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()? })
    }

    /// Waits until it answers at `url` with 200.
    pub(crate) async fn ready(&mut self, url: &str) -> Result<()> {
        let client = Client::new();
        loop {
            if client.get(url, &[]).await.is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                return Err(Error::other(format!("the server ended before it was ready: {status}")));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ends it in good order.
    pub(crate) fn stop(&mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        self.child.wait()?;
        Ok(())
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

    /// The memory that it has in use (resident), in KiB, from `/proc`.
    pub(crate) fn memory_kib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()).and_then(|text| text.parse().ok());
        number.ok_or_else(|| Error::other("no memory in /proc"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address of this machine that nobody listens on.
pub(crate) fn free_address() -> Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}
