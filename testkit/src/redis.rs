//! Redis for tests: a private server for one test, which ends with it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::note::note;

/// Runs a server on a socket in the folder `$1`, and on no port, until standard input ends.
const SCRIPT: &str = r#"
    redis-server --port 0 --unixsocket "$1/redis.sock" --dir "$1" --save '' --appendonly no &
    echo $! >"$1/pid"
    cat >/dev/null
    kill -9 $!
    wait
"#;

/// A private server.
pub struct TestRedis {
    folder: TempDir,
    running: Option<Child>,
}

impl TestRedis {
    /// Starts a server, or says in the notes that there is none to be had.
    pub fn start() -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            note("SKIPPED with Redis: there is no redis-server");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("togglebit-redis-").tempdir().unwrap();
        let mut server = Self { folder, running: None };
        server.start_again();
        Some(server)
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.path().join("redis.sock").display())
    }

    /// What it answers to a command.
    pub fn ask(&self, command: &[&str]) -> String {
        let socket = self.folder.path().join("redis.sock");
        let output = Command::new("redis-cli").arg("-s").arg(socket).args(command).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts it where it was, empty.
    pub fn start_again(&mut self) {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh"]).arg(self.folder.path());
        // A process group of its own: Ctrl-C in the terminal must not end the shell before the server.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(
            lines.any(|line| line.unwrap().contains("ready to accept connections")),
            "Redis did not start"
        );
        self.running = Some(child);
    }

    /// Lets it take what it is sent, and answer nothing.
    pub fn hang(&self) {
        self.signal("STOP");
    }

    /// Lets it go on where it hung.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let pid = std::fs::read_to_string(self.folder.path().join("pid")).unwrap();
        assert!(Command::new("kill").args([&format!("-{name}"), pid.trim()]).status().unwrap().success());
    }

    /// Kills it.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            drop(child.stdin.take());
            child.wait().unwrap();
        }
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        self.stop();
    }
}
