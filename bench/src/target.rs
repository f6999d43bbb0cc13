//! What is measured.

use std::io::{Error, Read, Result, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use crate::process::Process;
use crate::report::Turn;
use crate::{CONNECTIONS, TURN, constant, wrk};

/// A server that is asked.
pub(crate) struct Target {
    process: Process,
    url: String,
    key: Option<String>,
    folder: Option<PathBuf>,
}

impl Target {
    /// The release of Togglebit on an empty database with the demo's flags.
    pub(crate) fn togglebit() -> Result<Self> {
        let binary = std::env::var_os("TOGGLEBIT_BIN").unwrap_or_else(|| "target/release/togglebit".into());
        let folder = std::env::temp_dir().join(format!("togglebit-bench-{}", std::process::id()));
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(binary);
        command
            .env("TOGGLEBIT_DEMO", "true")
            .env("TOGGLEBIT_DATA_DIR", &folder)
            .env("TOGGLEBIT_ADDR", format!("127.0.0.1:{port}"))
            .env_remove("DATABASE_URL");
        let process = Process::start(&mut command, "Bearer ")?;
        let key = process
            .printed
            .split("Bearer ")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .map(str::to_owned);
        Ok(Self { process, url: format!("http://127.0.0.1:{port}"), key, folder: Some(folder) })
    }

    /// A bare route that returns so many bytes, in a process of its own. It is sent the same requests, key and all.
    pub(crate) fn constant(&self, size: usize, path: &str) -> Result<Self> {
        let route = path.split('?').next().unwrap_or(path);
        let mut command = Command::new(std::env::current_exe()?);
        command.args([constant::ARGUMENT, &size.to_string(), route]);
        let process = Process::start(&mut command, "ready at ")?;
        let url = process.printed.trim().trim_start_matches("ready at ").to_owned();
        Ok(Self { process, url, key: self.key.clone(), folder: None })
    }

    /// The body of one answer.
    pub(crate) fn answer(&self, path: &str) -> Result<String> {
        let host = self.url.trim_start_matches("http://");
        let key = self.key.as_deref().unwrap_or_default();
        let mut stream = TcpStream::connect(host)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/1.1 200 ") => Ok(body.to_owned()),
            _ => Err(Error::other(format!("not an answer: {answer}"))),
        }
    }

    /// Asks for one turn.
    pub(crate) fn measure(&self, path: &str) -> Result<Turn> {
        let before = self.process.cpu_seconds()?;
        let requests = wrk::run(&format!("{}{path}", self.url), self.key.as_deref(), CONNECTIONS, TURN)?;
        let cpu_seconds = self.process.cpu_seconds()? - before;
        Ok(Turn { requests, seconds: TURN.as_secs_f64(), cpu_seconds })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
