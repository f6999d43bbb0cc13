//! The program without its database.

use std::process::Command;
use std::time::Duration;

use axum::http::header;
use domain::api_keys::KeyKind;
use testkit::{FaultyPostgres, Kit, TestDatabase};

use crate::client::{Answer, Client, Sent};
use crate::dashboard::{Program, launch};
use crate::letterbox::Letterbox;

/// How long something may take to be so. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(60);

async fn get(client: &Client, path: &str, key: Option<&str>) -> Answer {
    let ask = Sent { method: "GET", path: path.into(), ..Sent::default() };
    let authorization = key.map(|key| (header::AUTHORIZATION, format!("Bearer {key}")));
    client.send(&ask, None, authorization.as_slice()).await
}

/// Waits until the program says of itself that it is so.
async fn is(client: &Client, status: &str) {
    let expected = format!(r#""status":"{status}""#);
    let waiting = async {
        while !get(client, "/ready", None).await.body.contains(&expected) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
}

/// A program that starts while the database is away answers what it did before it stopped, says that it is degraded, and is
/// whole again when the database is back.
#[tokio::test]
async fn the_program_starts_without_its_database() {
    let Some(mut server) = FaultyPostgres::start() else { return };
    let kit = Kit::over(TestDatabase::of(&server).await).await;
    let workspace = kit.workspace().await;
    workspace.flag("menu").await;
    let enable = workspace.switch("menu", "dev", true);
    kit.services.flags().switch(&workspace.developer, enable).await.unwrap();
    let key = workspace.api_key("dev", KeyKind::Server).await;
    let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
    let (first, client) = launch(server.url(), folder.path(), &letterbox, "warn");
    let mut first = Program(first);
    let before = get(&client, "/api/v1/eval/flags/menu", Some(&key)).await;
    assert_eq!(before.status, 200);
    drop(client);
    let stop = Command::new("kill").args(["-TERM", &first.0.id().to_string()]).status().unwrap();
    assert!(stop.success() && first.0.wait().unwrap().success());
    server.stop();

    let (second, client) = launch(server.url(), folder.path(), &letterbox, "warn");
    let _second = Program(second);
    is(&client, "degraded").await;
    let after = get(&client, "/api/v1/eval/flags/menu", Some(&key)).await;
    assert_eq!(after.status, 200);
    let value = |answer: &Answer| answer.body.split(r#","latency_ms""#).next().unwrap().to_owned();
    assert_eq!(value(&after), value(&before));
    assert_eq!(get(&client, "/sign-in", None).await.status, 200);
    server.start_again();
    is(&client, "ready").await;
}
