//! Streams: what is told, to whom, and how they end.

mod ends;
mod hints;
mod rules;
mod values;

use std::collections::VecDeque;
use std::time::Duration;

use api::Front;
use axum::body::{Body, BodyDataStream};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use futures_util::StreamExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::client::Client;

/// How long an event may take. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream's reading end, as a browser's `EventSource` has it.
pub(crate) struct Events {
    pieces: BodyDataStream,
    text: String,
    read: VecDeque<Event>,
    /// The id that a client would come back with.
    pub(crate) last_id: String,
    /// When it would come back.
    pub(crate) retry: Option<u64>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) data: Value,
}

impl Events {
    fn new(body: Body) -> Self {
        let (text, read, last_id) = (String::new(), VecDeque::new(), String::new());
        Self { pieces: body.into_data_stream(), text, read, last_id, retry: None }
    }

    /// The next event; none where the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        tokio::time::timeout(PATIENCE, self.read()).await.unwrap_or_else(|_| panic!("nothing is told"))
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Some(event);
            }
            let piece = self.pieces.next().await?;
            self.text += str::from_utf8(&piece.unwrap()).unwrap();
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.block(&block);
                self.text = rest;
            }
        }
    }

    /// The next event, of which the name is known.
    pub(crate) async fn expect(&mut self, name: &str) -> Value {
        let event = self.next().await.unwrap_or_else(|| panic!("the stream ended before `{name}`"));
        assert_eq!(event.name, name, "{}", event.data);
        event.data
    }

    fn block(&mut self, block: &str) {
        let (mut name, mut data) = (None, None);
        for line in block.split('\n') {
            match line.split_once(": ") {
                Some(("event", value)) => name = Some(value.to_owned()),
                Some(("data", value)) => data = Some(serde_json::from_str(value).unwrap()),
                Some(("id", value)) => value.clone_into(&mut self.last_id),
                Some(("retry", value)) => self.retry = Some(value.parse().unwrap()),
                _ => assert!(line.is_empty() || line == ":", "{line}"),
            }
        }
        if let Some(data) = data {
            self.read.push_back(Event { name: name.unwrap(), data });
        }
    }
}

/// A request for a stream.
pub(crate) fn ask(path: &str, key: Option<&str>, last_event_id: Option<&str>) -> Request<Body> {
    let mut request = Request::get(path);
    if let Some(key) = key {
        request = request.header(AUTHORIZATION, format!("Bearer {key}"));
    }
    if let Some(id) = last_event_id {
        request = request.header("last-event-id", id);
    }
    request.body(Body::empty()).unwrap()
}

/// Follows, through some node.
pub(crate) async fn follow(router: &Front, request: Request<Body>) -> Events {
    let answer = router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CONTENT_TYPE], "text/event-stream");
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    Events::new(answer.into_body())
}

impl Client {
    /// Follows with the key.
    async fn follow(&self, last_event_id: Option<&str>) -> Events {
        follow(self.front(), ask("/api/v1/stream", Some(&self.key), last_event_id)).await
    }

    /// Switches the flag `menu` in `dev`.
    async fn switch(&self, enabled: bool) {
        let (workspace, services) = (&self.workspace, &self.kit.services);
        services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", enabled))
            .await
            .unwrap();
    }
}
