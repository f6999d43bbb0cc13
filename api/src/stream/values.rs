//! What a browser key follows: the values of the flags that are marked for browsers, for one context.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::body::Bytes;
use engine::{Context, Detail};
use serde::Serialize;
use service::delivery::{Snapshot, Subscription};

use super::frame::{self, event_id};
use super::rules::Dropped;
use crate::eval::Answer;

/// Somebody who follows values.
pub(super) struct Values {
    /// The context as JSON, which could be read before.
    context: Box<[u8]>,
    told: Option<Told>,
}

/// What was told last.
struct Told {
    /// The revision and the time edge that were looked at.
    looked_at: (u64, i64),
    /// The flags' keys, which all who follow the environment share, and what was told of each.
    keys: Arc<[Box<str>]>,
    marks: Box<[u64]>,
}

/// The values of flags.
#[derive(Serialize)]
struct Put<'a> {
    flags: BTreeMap<&'a str, Answer<'a>>,
    revision: u64,
}

/// Flags that are there no more, or not for browsers.
#[derive(Serialize)]
struct Delete<'a> {
    flags: Vec<&'a str>,
    revision: u64,
}

impl Values {
    pub(super) fn of(context: Box<[u8]>) -> Self {
        Self { context, told: None }
    }

    pub(super) fn look(&mut self, subscription: &Subscription, epoch: &str) -> Vec<Bytes> {
        let snapshot = subscription.snapshot();
        let looked_at = (snapshot.revision(), subscription.caller().environment.next_edge());
        if self.told.as_ref().is_some_and(|told| told.looked_at == looked_at) {
            return Vec::new();
        }
        // It could be read when it came.
        let context = Context::from_json(&self.context).unwrap_or_default();
        let kind = subscription.caller().kind;
        let details: Vec<_> = snapshot.look_at_all(kind, &context, subscription.now().0).collect();
        let marks = details.iter().map(|(_, detail)| mark(detail)).collect();
        let now = Told { looked_at, keys: snapshot.browser_keys(), marks };
        let mut text = Vec::new();
        match &self.told {
            None => put(&mut text, "put", &snapshot, &details),
            Some(before) => {
                changes(&mut text, before, &now, &snapshot, details, |key| snapshot.shows(kind, key));
            }
        }
        self.told = Some(now);
        if text.is_empty() {
            return Vec::new();
        }
        frame::only_id(&mut text, &event_id(snapshot.revision(), epoch));
        vec![text.into()]
    }
}

/// What tells one value from another: not why it is served, which nobody waits for.
fn mark(detail: &Detail<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (detail.enabled, detail.variation, detail.value.map(serde_json::value::RawValue::get)).hash(&mut hasher);
    hasher.finish()
}

/// Tells values, and counts them as evaluations.
fn put(text: &mut Vec<u8>, event: &str, snapshot: &Snapshot, details: &[(&str, Detail<'_>)]) {
    details.iter().for_each(|(key, detail)| snapshot.count(key, detail));
    let flags = details.iter().map(|(key, detail)| (*key, Answer::new(key, detail))).collect();
    frame::event(text, event, None, &Put { flags, revision: snapshot.revision() });
}

fn changes(
    text: &mut Vec<u8>,
    before: &Told,
    now: &Told,
    snapshot: &Snapshot,
    details: Vec<(&str, Detail<'_>)>,
    shows: impl Fn(&str) -> bool,
) {
    let revision = snapshot.revision();
    let known = before.keys.iter().zip(&before.marks);
    let mut gone: BTreeMap<&str, u64> = known.map(|(key, mark)| (&**key, *mark)).collect();
    let changed =
        details.into_iter().zip(&now.marks).filter(|((key, _), mark)| gone.remove(key) != Some(**mark));
    let details: Vec<_> = changed.map(|(detail, _)| detail).collect();
    if !details.is_empty() {
        put(text, "patch", snapshot, &details);
    }
    if !gone.is_empty() {
        let flags = gone.into_keys().collect();
        frame::event(text, "delete", None, &Delete { flags, revision });
    }
    let delta = snapshot.since(before.looked_at.0);
    for purge in delta.iter().flat_map(|delta| &delta.purges) {
        let flag = purge.flag.as_deref();
        // Which flags there are that are not for browsers is nothing for a public key.
        if flag.is_none_or(&shows) {
            frame::event(text, "purge", None, &Dropped { revision: purge.revision, flag });
        }
    }
}
