//! PostgreSQL for tests: `TEST_DATABASE_URL`, or a private server that is started here and ends with the test process.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The server's address without a database's name, or none where there is no server to be had.
pub(crate) fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::find).as_ref().map(|server| server.url.as_str())
}

struct Server {
    url: String,
    /// Holds the pipe that keeps a private server running.
    _private: Option<(Child, TempDir)>,
}

impl Server {
    fn find() -> Option<Self> {
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            let (url, _database) = url.rsplit_once('/').expect("TEST_DATABASE_URL ends with /DATABASE");
            return Some(Self { url: url.to_owned(), _private: None });
        }
        let Some(binaries) = binaries() else {
            note("SKIPPED on PostgreSQL: no server binaries (initdb, pg_ctl) and no TEST_DATABASE_URL");
            return None;
        };
        Some(Self::start(&binaries))
    }

    /// Starts a private server. A shell waits on a pipe that this process holds, and stops the server when the pipe
    /// closes: at the latest when this process ends, however it ends.
    fn start(binaries: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("togglebit-pg-").tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let script = r#"
            set -e
            "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >"$2/log" 2>&1
            "$1/pg_ctl" -D "$2/data" -l "$2/log" -w start >>"$2/log" 2>&1 \
                -o "-p $3 -k $2 -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=400"
            echo ready
            cat >/dev/null
            "$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1
        "#;
        let mut command = as_postgres(folder.path());
        command.args(["sh", "-c", script, "sh"]).arg(binaries).arg(folder.path()).arg(port.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        let stdout = child.stdout.as_mut().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut ready).unwrap();
        if ready.trim() != "ready" {
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            panic!("the private PostgreSQL server did not start:\n{log}");
        }
        let url = format!("postgres://postgres@127.0.0.1:{port}");
        Self { url, _private: Some((child, folder)) }
    }
}

/// PostgreSQL refuses to run as root; then it runs as the user that its package makes.
fn as_postgres(folder: &Path) -> Command {
    let is_root =
        std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if !is_root {
        return Command::new("env");
    }
    let status = Command::new("chown").arg("postgres").arg(folder).status().unwrap();
    assert!(status.success(), "there is no user `postgres` to run PostgreSQL as");
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]);
    command
}

fn binaries() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = installed.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().rev().find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}

/// Tells whoever runs the tests what was not tested: in the summary of `make test`, and on standard error.
#[expect(clippy::print_stderr, reason = "cargo shows it with --nocapture")]
fn note(text: &str) {
    eprintln!("{text}");
    if let Some(path) = std::env::var_os("TOGGLEBIT_TEST_NOTES") {
        let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
        writeln!(file.unwrap(), "{text}").unwrap();
    }
}
