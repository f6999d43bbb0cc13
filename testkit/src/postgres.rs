//! PostgreSQL for tests: `TEST_DATABASE_URL`, or a private server that is started here and ends with the test process.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::note::note;

/// Runs a private server in the folder `$2` until standard input ends. It listens on a socket in that folder and on no
/// port, so that servers of several test processes cannot clash. Whatever happens, it is stopped and leaves no file.
///
/// It sorts text as English does, where it can: so a column that must compare by bytes and does not is found out.
const SCRIPT: &str = r#"
    trap '' PIPE
    end() {
        "$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1 || true
        cat "$2/failure" >&2 2>/dev/null || true
        rm -rf "$2"
    }
    trap 'end "$1" "$2"' EXIT
    set -e
    init() { "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N "$3" "$4" >"$2/failure" 2>&1; }
    init "$1" "$2" --locale-provider=icu --icu-locale=en || init "$1" "$2" --locale=C.UTF-8 --no-instructions
    "$1/pg_ctl" -D "$2/data" -l "$2/failure" -w -o \
        "-k $2 -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=400" start >/dev/null 2>&1
    mv "$2/failure" "$2/log"
    echo ready
    cat >/dev/null
"#;

/// The server's address without a database's name, or none where there is no server to be had.
pub(crate) fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::find).as_ref().map(|server| server.url.as_str())
}

struct Server {
    url: String,
    /// Holds the pipe that keeps a private server running.
    _private: Option<Child>,
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
        let folder = tempfile::Builder::new().prefix("togglebit-pg-").tempdir().unwrap().keep();
        let mut command = as_postgres(&folder);
        command.args(["sh", "-c", SCRIPT, "sh"]).arg(binaries).arg(&folder);
        // A process group of its own: Ctrl-C in the terminal must not end the shell before the server.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert!(
            ready.trim() == "ready",
            "the private PostgreSQL server did not start in {}",
            folder.display()
        );
        let folder = folder.to_str().unwrap().replace('/', "%2F");
        Self { url: format!("postgres://postgres@{folder}"), _private: Some(child) }
    }
}

/// PostgreSQL refuses to run as root; then it runs as the user that its package makes.
pub(crate) fn as_postgres(folder: &Path) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    if !is_root {
        return Command::new("env");
    }
    let status = Command::new("chown").arg("postgres").arg(folder).status().unwrap();
    assert!(status.success(), "there is no user `postgres` to run PostgreSQL as");
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]);
    command
}

pub(crate) fn binaries() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = installed.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().rev().find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}
