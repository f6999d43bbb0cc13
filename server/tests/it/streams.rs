//! Streams of the program over real sockets: clients that do not read, and a database that was restored.

use std::time::Duration;

use axum::http::header;
use domain::api_keys::KeyKind;
use serde_json::json;
use testkit::{Kit, Workspace, each};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::client::{Client, Sent};
use crate::dashboard::{Program, command, launch};
use crate::letterbox::Letterbox;

/// How long something may take to be so. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(90);

/// How many flags, each with a rule of so many users, a ruleset has that no socket takes whole.
const LARGE: (usize, usize) = (24, 5000);

/// A connection on which a key follows its environment.
async fn follow(client: &Client, key: &str, receives: u32) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(receives).unwrap();
    let mut stream = socket.connect(client.host().parse().unwrap()).await.unwrap();
    let request = format!(
        "GET /api/v1/stream HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {key}\r\n\r\n",
        client.host()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads until a text comes.
async fn read_until(stream: &mut TcpStream, text: &str) {
    let mut read = Vec::new();
    let reading = async {
        let mut piece = vec![0; 1 << 16];
        while !String::from_utf8_lossy(&read).contains(text) {
            let count = stream.read(&mut piece).await.unwrap();
            assert!(count > 0, "it ended before {text}");
            read.extend_from_slice(&piece[..count]);
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
}

/// How many streams the program has.
async fn streams(client: &Client) -> usize {
    let ask = Sent { method: "GET", path: "/metrics".into(), ..Sent::default() };
    let answer = client.send(&ask, None, &[]).await;
    let line = answer.body.lines().find_map(|line| line.strip_prefix("togglebit_streams "));
    line.unwrap().parse().unwrap()
}

async fn large(kit: &Kit, workspace: &Workspace) {
    let (flags, users) = LARGE;
    let users: Vec<_> = (0..users).map(|number| format!("{number:0>60}")).collect();
    for number in 0..flags {
        let key = format!("large-{number}");
        workspace.flag(&key).await;
        let configuration = serde_json::from_value(json!({
            "enabled": true, "off_variation": "off", "fallthrough": {"variation": "off"},
            "rules": [{"id": "users", "when": {"attribute": "userId", "op": "in", "values": users}, "serve": {"variation": "on"}}]
        }));
        let command = workspace.configure(&key, "dev", 1, configuration.unwrap());
        kit.services.flags().configure(&workspace.developer, command).await.unwrap();
    }
}

/// A client that does not read is dropped after a while, and hinders nobody until then.
#[tokio::test]
async fn a_client_that_does_not_read_is_dropped() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        large(&kit, &workspace).await;
        let key = workspace.api_key("dev", KeyKind::Server).await;
        let small = workspace.api_key("prod", KeyKind::Server).await;
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let (program, client) = launch(&kit.database.url, folder.path(), &letterbox, "warn");
        let _program = Program(program);
        let mut stalled = follow(&client, &key, 4096).await;
        let mut reads = follow(&client, &small, 1 << 16).await;
        read_until(&mut reads, "event: put").await;
        tokio::time::timeout(PATIENCE, async { while streams(&client).await < 2 {} }).await.unwrap();

        let enable = workspace.switch("menu", "prod", true);
        kit.services.flags().switch(&workspace.admin, enable).await.unwrap();
        read_until(&mut reads, "event: patch").await;
        let ask = Sent { method: "GET", path: "/api/v1/eval/flags/menu".into(), ..Sent::default() };
        let authorization = [(header::AUTHORIZATION, format!("Bearer {small}"))];
        let dropped = async {
            while streams(&client).await > 1 {
                assert_eq!(client.send(&ask, None, &authorization).await.status, 200);
            }
        };
        tokio::time::timeout(PATIENCE, dropped).await.unwrap();
        // What was on its way is there, and then nothing more.
        let mut rest = Vec::new();
        let _ = stalled.read_to_end(&mut rest).await;
        let (flags, users) = LARGE;
        assert!(rest.len() < flags * users * 60, "it took all: {}", rest.len());
    })
    .await;
}

/// After `togglebit restored` whoever follows is told everything anew.
#[tokio::test]
async fn a_restored_database_is_told_anew() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let key = workspace.api_key("dev", KeyKind::Server).await;
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let (program, client) = launch(&kit.database.url, folder.path(), &letterbox, "warn");
        let _program = Program(program);
        let mut stream = follow(&client, &key, 1 << 16).await;
        read_until(&mut stream, "event: put").await;

        let restored = command(&kit.database.url, folder.path()).arg("restored").output().unwrap();
        assert!(restored.status.success(), "{restored:?}");
        read_until(&mut stream, r#"{"reason":"database_replaced"}"#).await;
        let mut again = follow(&client, &key, 1 << 16).await;
        read_until(&mut again, "event: put").await;
    })
    .await;
}
