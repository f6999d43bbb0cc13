//! The dashboard's own stream over real sockets: who is told what, from where on, and when it ends.

use std::process::Command;
use std::time::Duration;

use domain::access::Role;
use domain::orgs::ChangeRole;
use service::{Actor, Clock, SystemClock};
use testkit::{Kit, Workspace, each};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

use crate::client::Client;
use crate::dashboard::{Program, launch};
use crate::letterbox::Letterbox;

/// How long something may take to be so. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long nothing is waited for.
const MOMENT: Duration = Duration::from_millis(500);

const HOUR_S: i64 = 3600;

/// Somebody's session with the program.
async fn session(kit: &Kit, actor: &Actor) -> String {
    let now = SystemClock.now();
    kit.clock.advance(now.0 - kit.services.now().0);
    let expiry_date = OffsetDateTime::from_unix_timestamp(now.0 / 1000 + HOUR_S).unwrap();
    let mut record = Record { id: Id::default(), data: Default::default(), expiry_date };
    kit.services.accounts().sessions().create(&mut record).await.unwrap();
    kit.services.accounts().begin_session(actor, &record.id, None).await.unwrap();
    format!("togglebit={}", record.id)
}

/// A stream, and what came of it.
struct Stream {
    socket: TcpStream,
    read: String,
}

impl Stream {
    async fn open(client: &Client, cookie: &str, path: &str, more: &str) -> Self {
        let mut socket = TcpStream::connect(client.host()).await.unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n{more}\r\n", client.host());
        socket.write_all(request.as_bytes()).await.unwrap();
        Self { socket, read: String::new() }
    }

    /// Reads until a text comes; says what came up to it, and goes on behind it.
    async fn until(&mut self, text: &str) -> String {
        let reading = async {
            loop {
                if let Some(at) = self.read.find(text) {
                    let rest = self.read.split_off(at + text.len());
                    return std::mem::replace(&mut self.read, rest);
                }
                let mut piece = vec![0; 1 << 14];
                let count = self.socket.read(&mut piece).await.unwrap();
                assert!(count > 0, "it ended before {text}: {}", self.read);
                self.read += &String::from_utf8_lossy(&piece[..count]);
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|_| panic!("no {text}"))
    }

    /// Reads until it ends.
    async fn end(mut self) -> String {
        let mut rest = Vec::new();
        tokio::time::timeout(PATIENCE, self.socket.read_to_end(&mut rest)).await.unwrap().unwrap();
        self.read + &String::from_utf8_lossy(&rest)
    }

    /// Asserts that nothing is told for a moment.
    async fn rests(mut self) {
        let mut rest = Vec::new();
        let _ = tokio::time::timeout(MOMENT, self.socket.read_to_end(&mut rest)).await;
        let rest = self.read + &String::from_utf8_lossy(&rest);
        assert!(!rest.contains("event"), "{rest}");
    }
}

async fn switch(kit: &Kit, workspace: &Workspace, enabled: bool) {
    kit.services
        .flags()
        .switch(&workspace.developer, workspace.switch("menu", "dev", enabled))
        .await
        .unwrap();
}

async fn head(kit: &Kit, workspace: &Workspace) -> i64 {
    kit.services.projects().place(&workspace.member, &workspace.project).await.unwrap().seq
}

/// A page is told what happens, and where it comes back, what it missed; nothing of other organizations. Another node does it
/// here: the test's own application.
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_told_what_happens_and_what_they_missed() {
    each(async |kit| {
        let (workspace, other) = (kit.workspace().await, kit.workspace().await);
        workspace.flag("menu").await;
        other.flag("menu").await;
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let (program, client) = launch(&kit.database.url, folder.path(), &letterbox, "warn");
        let _program = Program(program);
        let cookie = session(&kit, &workspace.member).await;
        let seq = head(&kit, &workspace).await;
        let path = format!("/live?organization={}", workspace.organization);

        let mut stream = Stream::open(&client, &cookie, &path, "").await;
        let first = stream.until("event: access\n").await;
        for part in
            ["HTTP/1.1 200", "text/event-stream", "cache-control: no-store", "retry: ", "event: hello\n"]
        {
            assert!(first.contains(part), "{part}: {first}");
        }
        assert!(first.contains(&format!("data: {seq}\nid: {seq}\n")), "{first}");
        stream.until(r#"data: {"role":"member","narrowed":[]}"#).await;

        switch(&kit, &other, true).await;
        switch(&kit, &workspace, true).await;
        stream.until("event: change\n").await;
        let change = stream.until("\n\n").await;
        assert!(change.contains(&format!("id: {}\n", seq + 1)), "{change}");
        for part in [
            r#""action":"flag.enabled""#,
            r#""key":"menu""#,
            r#""environment":"dev""#,
            r#""project":"default""#,
        ] {
            assert!(change.contains(part), "{part}: {change}");
        }
        assert!(!change.contains("a test"), "comments are the log's: {change}");
        stream.rests().await;

        // As the page says it, and as the browser does, whose word is newer.
        switch(&kit, &workspace, false).await;
        for (path, more) in [
            (format!("{path}&after={}", seq + 1), String::new()),
            (format!("{path}&after={seq}"), format!("last-event-id: {}\r\n", seq + 1)),
        ] {
            let mut back = Stream::open(&client, &cookie, &path, &more).await;
            let hello = back.until("event: change\n").await;
            assert!(hello.contains(&format!("event: hello\ndata: {}", seq + 1)), "{hello}");
            let change = back.until("\n\n").await;
            assert!(change.contains("flag.killed"), "{change}");
        }
        // Of another database, or too long ago.
        let mut lost = Stream::open(&client, &cookie, &format!("{path}&after=1000000"), "").await;
        let reload = lost.until("event: access\n").await;
        assert!(reload.contains(&format!("event: reload\ndata: {}", seq + 2)), "{reload}");
    })
    .await;
}

/// Whoever may not see an organization is told that there is nothing to see, and nothing else. Whoever may see it less than
/// before is told that, and whoever is signed out.
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_told_what_their_reader_may_do() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let (program, client) = launch(&kit.database.url, folder.path(), &letterbox, "warn");
        let _program = Program(program);
        let path = format!("/live?organization={}", workspace.organization);
        let outsider = session(&kit, &workspace.outsider).await;
        for cookie in ["", "togglebit=AAAAAAAAAAAAAAAAAAAAAA", &outsider] {
            let told = Stream::open(&client, cookie, &path, "connection: close\r\n").await.end().await;
            assert!(told.contains("event: access\ndata: null\n"), "{told}");
            assert!(!told.contains("hello") && !told.contains("role"), "{told}");
        }
        let nonsense =
            Stream::open(&client, &outsider, "/live?organization=%00", "connection: close\r\n").await;
        assert!(nonsense.end().await.starts_with("HTTP/1.1 400"));

        let cookie = session(&kit, &workspace.developer).await;
        let mut stream = Stream::open(&client, &cookie, &path, "connection: close\r\n").await;
        stream.until(r#"{"role":"developer""#).await;
        let mut alone = Stream::open(&client, &cookie, "/live", "connection: close\r\n").await;
        alone.until("retry: ").await;
        let user = workspace.developer.person().unwrap().id;
        let command = ChangeRole { organization: workspace.organization.clone(), user, role: Role::Member };
        kit.services.orgs().change_role(&workspace.owner, command).await.unwrap();
        stream.until("event: access\n").await;
        stream.until(r#"{"role":"member""#).await;

        kit.services.accounts().end_other_sessions(&workspace.developer).await.unwrap();
        for stream in [stream, alone] {
            let told = stream.end().await;
            assert!(told.contains("event: access\ndata: null\n"), "{told}");
        }
    })
    .await;
}

/// A session has so many streams, and when the program stops they end: browsers were told when to come back.
#[tokio::test(flavor = "multi_thread")]
async fn streams_of_pages_are_counted_and_end_with_the_program() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let (program, client) = launch(&kit.database.url, folder.path(), &letterbox, "warn");
        let mut program = Program(program);
        let cookie = session(&kit, &workspace.member).await;
        let path = format!("/live?organization={}", workspace.organization);
        let mut streams = Vec::new();
        for _ in 0..20 {
            let mut stream = Stream::open(&client, &cookie, &path, "connection: close\r\n").await;
            stream.until("event: access\n").await;
            streams.push(stream);
        }
        let refused = Stream::open(&client, &cookie, &path, "connection: close\r\n").await.end().await;
        assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
        // One that is closed makes room.
        drop(streams.pop());
        let opened = async {
            loop {
                let mut stream = Stream::open(&client, &cookie, &path, "connection: close\r\n").await;
                if stream.until("\r\n").await.contains("200") {
                    return stream;
                }
            }
        };
        streams.push(tokio::time::timeout(PATIENCE, opened).await.unwrap());

        let told = Command::new("kill").args(["-TERM", &program.0.id().to_string()]).status().unwrap();
        assert!(told.success());
        for stream in streams {
            stream.end().await;
        }
        assert!(program.0.wait().unwrap().success(), "it did not end well");
    })
    .await;
}
