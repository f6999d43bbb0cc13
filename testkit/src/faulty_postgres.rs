//! PostgreSQL for tests that break it: a private server for one test, which can be stopped and started.

use std::io::{BufRead, BufReader, Lines, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use crate::note::note;
use crate::postgres::{as_postgres, binaries};

/// Does what it is told on standard input with a server in the folder `$2`, until that ends; then leaves nothing. The server
/// listens on a socket in the folder, and on no port.
const SCRIPT: &str = r#"
    trap '' PIPE
    bin=$1 folder=$2
    end() {
        "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
        rm -rf "$folder"
    }
    trap end EXIT
    "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null 2>&1 || exit 1
    while read -r command; do
        case $command in
            start) "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -o "-k $folder -c listen_addresses=''" start >/dev/null 2>&1 ;;
            stop) "$bin/pg_ctl" -D "$folder/data" -w -m immediate stop >/dev/null 2>&1 ;;
        esac && echo done
    done
"#;

/// A private server.
pub struct FaultyPostgres {
    url: String,
    commands: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
    shell: Child,
}

impl FaultyPostgres {
    /// Starts a server, or says in the notes that there is none to be had.
    pub fn start() -> Option<Self> {
        let Some(binaries) = binaries() else {
            note("SKIPPED with a PostgreSQL that breaks: no server binaries (initdb, pg_ctl)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("togglebit-faulty-pg-").tempdir().unwrap().keep();
        let mut command = as_postgres(&folder);
        command.args(["sh", "-c", SCRIPT, "sh"]).arg(binaries).arg(&folder);
        // A process group of its own: Ctrl-C in the terminal must not end the shell before the server.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut shell = command.spawn().unwrap();
        let url = format!("postgres://postgres@{}/postgres", folder.to_str().unwrap().replace('/', "%2F"));
        let (commands, answers) = (shell.stdin.take(), BufReader::new(shell.stdout.take().unwrap()).lines());
        let mut server = Self { url, commands, answers, shell };
        server.start_again();
        Some(server)
    }

    /// Its database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it as a power cut would.
    pub fn stop(&mut self) {
        self.tell("stop");
    }

    /// Starts it with what it had.
    pub fn start_again(&mut self) {
        self.tell("start");
    }

    fn tell(&mut self, command: &str) {
        writeln!(self.commands.as_mut().unwrap(), "{command}").unwrap();
        let answer = self.answers.next().map(Result::unwrap);
        assert_eq!(answer.as_deref(), Some("done"), "PostgreSQL does not {command}");
    }
}

impl Drop for FaultyPostgres {
    fn drop(&mut self) {
        self.commands = None;
        let _ = self.shell.wait();
    }
}
