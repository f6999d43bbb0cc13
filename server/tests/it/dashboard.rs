//! The program itself, running over a test's database.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use service::{Clock, SystemClock};
use tempfile::TempDir;
use testkit::{Kit, State};

use crate::client::Client;
use crate::letterbox::Letterbox;

/// What the program says when it answers.
const READY: &str = "Togglebit is ready at ";

/// How long it may take to say so; far more than it needs, for machines under load.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everything that is said at all, and more by whatever handles a secret. The libraries below stay at `debug`: `trace`
/// would print the bytes of whole requests.
const LOG: &str = "debug,togglebit=trace,api=trace,app=trace,domain=trace,identity=trace,service=trace,\
                   tower_http=trace,tower_sessions=trace,tower_sessions_core=trace";

/// The secret of the client that an identity provider knows the program as.
const CLIENT_SECRET: &str = "a-client-secret-for-tests";

/// A running program, with the demo's workspace beside the test's own. It ends with the test.
pub(crate) struct Dashboard {
    /// The database, and an application over it for whatever the program is not asked for.
    pub(crate) kit: Kit,
    pub(crate) client: Client,
    folder: TempDir,
    child: Child,
    /// What takes its letters.
    letterbox: Letterbox,
    /// Each secret that the test has used, with what it is.
    secrets: RefCell<Vec<(&'static str, String)>>,
}

impl Dashboard {
    /// Starts the program over a kit's database.
    pub(crate) fn over(kit: Kit) -> Self {
        let letterbox = Letterbox::open();
        let folder = tempfile::tempdir().unwrap();
        let (child, client) = launch(&kit.database.url, folder.path(), &letterbox, LOG);
        let dashboard = Self { kit, client, folder, child, letterbox, secrets: RefCell::default() };
        dashboard.now();
        dashboard.hide("instance secret", testkit::SECRET);
        dashboard.hide("client secret", CLIENT_SECRET);
        dashboard
    }

    /// Makes the test's clock show what the program's does.
    pub(crate) fn now(&self) {
        self.kit.clock.advance(SystemClock.now().0 - self.kit.clock.now().0);
    }

    /// Remembers a secret, which must not be in the log.
    pub(crate) fn hide(&self, what: &'static str, secret: impl Into<String>) {
        let secret = secret.into();
        assert!(secret.len() >= 8, "a {what} of {} characters is no secret", secret.len());
        let mut secrets = self.secrets.borrow_mut();
        if !secrets.iter().any(|(_, known)| *known == secret) {
            secrets.push((what, secret));
        }
    }

    /// Whether anything that is stored is another than before; with time for it to become so.
    pub(crate) async fn changes(&self, before: &State, late: bool) -> bool {
        let until = std::time::Instant::now() + PATIENCE;
        loop {
            let changed = self.kit.state().await != *before;
            if changed || !late || std::time::Instant::now() > until {
                return changed;
            }
        }
    }

    /// Asserts that the log has no secret, neither as it is nor as forms and addresses write it.
    pub(crate) fn expect_no_secret_in_the_log(&self, kinds: &[&str]) {
        for token in self.letterbox.tokens() {
            self.hide("token of a letter", token);
        }
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        let secrets = self.secrets.borrow();
        for kind in kinds {
            assert!(secrets.iter().any(|(what, _)| what == kind), "no {kind} was used");
        }
        for needle in ["request.id=", "finished processing request"] {
            assert!(log.contains(needle), "the log is not that of requests: {} bytes", log.len());
        }
        for (what, secret) in &*secrets {
            let form = form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
            let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
            for written in [secret, &form, &percent] {
                let line = log.lines().position(|line| line.contains(written.as_str()));
                assert!(line.is_none(), "line {} of the log has a {what}", line.unwrap_or_default() + 1);
            }
        }
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, which ends with its test at the latest.
pub(crate) struct Program(pub(crate) Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program over a database, and waits until it is ready.
pub(crate) fn launch(url: &str, folder: &Path, letterbox: &Letterbox, log: &str) -> (Child, Client) {
    launch_with(url, folder, letterbox, log, &[])
}

/// The same with more variables.
pub(crate) fn launch_with(
    url: &str,
    folder: &Path,
    letterbox: &Letterbox,
    log: &str,
    variables: &[(&str, &str)],
) -> (Child, Client) {
    // Somebody else may take the free port before the program does.
    for _ in 0..5 {
        let port = free_port();
        let (mut child, lines) = start(url, folder, (port, variables), letterbox, log);
        let ready = lines.recv_timeout(PATIENCE);
        if ready.is_ok_and(|line| line.starts_with(READY)) {
            return (child, Client::of(&format!("127.0.0.1:{port}")));
        }
        let _ = child.kill();
        let _ = child.wait();
        let log = std::fs::read_to_string(folder.join("log")).unwrap();
        assert!(log.contains("in use"), "the program did not start: {log}");
    }
    panic!("no free port");
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The program over a database, without anything of the caller's environment: a developer's database must not become the
/// test's.
pub(crate) fn command(url: &str, folder: &Path) -> Command {
    let site = folder.join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_togglebit"));
    command
        .env_clear()
        .env("TOGGLEBIT_DATA_DIR", folder.join("data"))
        .env("DATABASE_URL", url)
        .env("TOGGLEBIT_SECRET", testkit::SECRET)
        .env("LEPTOS_SITE_ROOT", site)
        .env("LEPTOS_OUTPUT_NAME", "togglebit")
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

fn start(
    url: &str,
    folder: &Path,
    (port, variables): (u16, &[(&str, &str)]),
    letterbox: &Letterbox,
    log: &str,
) -> (Child, Receiver<String>) {
    let mut child = command(url, folder)
        .env("TOGGLEBIT_ADDR", format!("127.0.0.1:{port}"))
        .env("TOGGLEBIT_DEMO", "true")
        // Nobody is asked: signing in there is not what these tests are about.
        .env("TOGGLEBIT_GITHUB_CLIENT_ID", "togglebit")
        .env("TOGGLEBIT_GITHUB_CLIENT_SECRET", CLIENT_SECRET)
        .env("TOGGLEBIT_GITHUB_URL", "http://127.0.0.1:9")
        .env("TOGGLEBIT_GITHUB_API_URL", "http://127.0.0.1:9")
        .env("TOGGLEBIT_SMTP", letterbox.url())
        .env("TOGGLEBIT_MAIL_FROM", "Togglebit <togglebit@example.com>")
        .env("RUST_LOG", log)
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(File::create(folder.join("log")).unwrap())
        .spawn()
        .unwrap();
    let lines = lines(child.stdout.take().unwrap());
    (child, lines)
}

/// Reads lines as they come, so that the program never waits for a reader. The channel ends with the program.
fn lines(output: ChildStdout) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    lines
}
