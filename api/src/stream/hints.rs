//! What OpenFeature's clients follow: that values may have changed. They ask for them themselves.

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::json;
use service::delivery::Subscription;

use super::frame::{self, event_id};

/// Somebody who follows hints.
pub(super) struct Hints {
    /// The revision and the time edge as of the last hint; none before the first look.
    told: Option<(u64, i64)>,
    /// What the client got last, of this database.
    last_event: Option<u64>,
}

impl Hints {
    /// Goes on after what the client got last.
    pub(super) fn after(headers: &HeaderMap, epoch: &str) -> Self {
        Self { told: None, last_event: super::last_event(headers, epoch) }
    }

    pub(super) fn look(&mut self, subscription: &Subscription, epoch: &str) -> Vec<Bytes> {
        let (revision, edge) =
            (subscription.snapshot().revision(), subscription.caller().environment.next_edge());
        let is_new = match self.told {
            Some(told) => told != (revision, edge),
            // Who comes for the first time has asked for the values before, and something may have changed since.
            None => self.last_event != Some(revision),
        };
        self.told = Some((revision, edge));
        if !is_new {
            return Vec::new();
        }
        let id = event_id(revision, epoch);
        let mut text = Vec::new();
        let hint = json!({"type": "refetchEvaluation", "etag": format!("\"{id}\"")});
        frame::event(&mut text, "message", Some(&id), &hint);
        vec![text.into()]
    }
}
