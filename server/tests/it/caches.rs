//! Caches in front of the program: what they may keep, and that they are told to forget it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::any;
use axum::{Router, body};
use domain::api_keys::KeyKind;
use testkit::each;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::client::Sent;
use crate::configuration::refused;
use crate::dashboard::launch_with;
use crate::letterbox::Letterbox;

/// How long a call may take. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a cache was asked.
struct Asked {
    line: String,
    headers: HeaderMap,
    body: String,
}

/// A cache that is in trouble the first time, and its address.
async fn cache() -> (String, UnboundedReceiver<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, calls) = unbounded_channel();
    let count = Arc::new(AtomicUsize::new(0));
    let answer = move |request: Request| {
        let (sender, count) = (sender.clone(), Arc::clone(&count));
        async move {
            let (head, body) = request.into_parts();
            let body = body::to_bytes(body, 1000).await.unwrap();
            let body = String::from_utf8(body.into()).unwrap();
            let line = format!("{} {}", head.method, head.uri);
            sender.send(Asked { line, headers: head.headers, body }).unwrap();
            match count.fetch_add(1, Ordering::Relaxed) {
                0 => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::OK,
            }
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(any(answer))).await });
    (format!("http://{address}"), calls)
}

#[tokio::test]
async fn a_cache_is_told_what_to_forget() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let key = workspace.api_key("dev", KeyKind::Browser).await;
        let (address, mut calls) = cache().await;
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let env = [
            ("TOGGLEBIT_SHARED_MAX_AGE", "30"),
            ("TOGGLEBIT_PURGE_URL", &*format!("{address}/purge/{{tag}}?soft=1")),
            ("TOGGLEBIT_PURGE_METHOD", "PURGE"),
            ("TOGGLEBIT_PURGE_HEADER", "Authorization: Bearer of-the-cache"),
            ("TOGGLEBIT_PURGE_BODY", r#"{"tags":["{tag}"]}"#),
        ];
        let (mut program, client) =
            launch_with(&kit.database.url, folder.path(), &letterbox, "warn,togglebit=debug", &env);
        let path = format!("/api/v1/eval/flags?key={key}&userId=u");
        let ask = Sent { method: "GET", path, ..Sent::default() };
        let answer = client.send(&ask, None, &[]).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["cache-control"], "public, max-age=0, s-maxage=30");
        let tag = answer.headers["surrogate-key"].to_str().unwrap();

        let enable = workspace.switch("menu", "dev", true);
        kit.services.flags().switch(&workspace.developer, enable).await.unwrap();
        // The cache was in trouble, and is asked again.
        for _ in 0..2 {
            let asked = tokio::time::timeout(PATIENCE, calls.recv()).await.unwrap().unwrap();
            assert_eq!(asked.line, format!("PURGE /purge/{tag}?soft=1"));
            assert_eq!(asked.headers["authorization"], "Bearer of-the-cache");
            assert_eq!(asked.headers["content-type"], "application/json");
            assert_eq!(asked.body, format!(r#"{{"tags":["{tag}"]}}"#));
        }
        // What is answered from then on is of the new revision.
        let now = client.send(&ask, None, &[]).await;
        assert_ne!(now.headers["etag"], answer.headers["etag"]);
        program.kill().unwrap();
        program.wait().unwrap();
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        assert!(!log.contains("of-the-cache"), "{log}");
    })
    .await;
}

/// What cannot be used is said at the start, by its name and without a secret.
#[test]
fn what_is_no_address_or_header_is_refused() {
    let url = ("TOGGLEBIT_PURGE_URL", "https://cdn.example.com/");
    for (name, value) in [
        ("TOGGLEBIT_SHARED_MAX_AGE", "-1"),
        ("TOGGLEBIT_SHARED_MAX_AGE", "86401"),
        ("TOGGLEBIT_PURGE_URL", "cdn.example.com/secret"),
        ("TOGGLEBIT_PURGE_URL", "ftp://cdn.example.com/secret"),
        ("TOGGLEBIT_PURGE_HEADER", "secret"),
        ("TOGGLEBIT_PURGE_HEADER", "Authorization: secret\u{7f}"),
        ("TOGGLEBIT_PURGE_METHOD", "NOT A METHOD"),
    ] {
        refused(name, &[url, (name, value)]);
    }
    refused(url.0, &[("TOGGLEBIT_PURGE_HEADER", "Authorization: secret")]);
}
