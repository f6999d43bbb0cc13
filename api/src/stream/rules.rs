//! What a server key follows: the ruleset, and then the documents that change.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::value::RawValue;
use service::delivery::{Delta, Encoding, Kind, Subscription};

use super::frame::{self, event_id};

/// Somebody who follows the ruleset.
pub(super) struct Rules {
    /// The revision that was told last; none before the first.
    told: Option<u64>,
}

/// Documents that changed.
#[derive(Serialize)]
struct Patch<'a> {
    revision: u64,
    flags: BTreeMap<&'a str, &'a RawValue>,
    segments: BTreeMap<&'a str, &'a RawValue>,
}

/// Documents that were removed.
#[derive(Serialize)]
struct Delete<'a> {
    revision: u64,
    flags: Vec<&'a str>,
    segments: Vec<&'a str>,
}

/// What is to be dropped: a flag, or everything.
#[derive(Serialize)]
pub(super) struct Dropped<'a> {
    pub(super) revision: u64,
    pub(super) flag: Option<&'a str>,
}

impl Rules {
    /// Goes on after what the client got last.
    pub(super) fn after(headers: &HeaderMap, epoch: &str) -> Self {
        Self { told: super::last_event(headers, epoch) }
    }

    pub(super) fn look(&mut self, subscription: &Subscription, epoch: &str) -> Vec<Bytes> {
        let snapshot = subscription.snapshot();
        let revision = snapshot.revision();
        if self.told == Some(revision) {
            return Vec::new();
        }
        let delta = self.told.and_then(|told| snapshot.since(told));
        let pieces = match delta {
            Some(delta) => vec![delta.written(|delta| changes(delta, epoch))],
            None => match snapshot.ruleset(subscription.caller().environment.key(), Encoding::Identity) {
                Ok(ruleset) => frame::ready("put", &event_id(revision, epoch), ruleset),
                // The cause is logged. The next revision is told whole again.
                Err(error) => {
                    drop(error.expose());
                    return Vec::new();
                }
            },
        };
        self.told = Some(revision);
        pieces
    }
}

/// The events of a difference. The last one has the id: who got it has got all of them.
fn changes(delta: &Delta, epoch: &str) -> Bytes {
    let revision = delta.revision;
    let id = event_id(revision, epoch);
    let of = |kind| delta.changed.iter().filter(move |held| held.kind == kind);
    let present = |kind| of(kind).filter_map(|held| Some((&*held.key, &**held.document.as_ref()?))).collect();
    let removed = |kind| of(kind).filter(|held| held.document.is_none()).map(|held| &*held.key).collect();
    let patch = Patch { revision, flags: present(Kind::Flag), segments: present(Kind::Segment) };
    let delete = Delete { revision, flags: removed(Kind::Flag), segments: removed(Kind::Segment) };
    let mut text = Vec::new();
    if !(patch.flags.is_empty() && patch.segments.is_empty()) {
        frame::event(&mut text, "patch", None, &patch);
    }
    if !(delete.flags.is_empty() && delete.segments.is_empty()) {
        frame::event(&mut text, "delete", None, &delete);
    }
    for purge in &delta.purges {
        let dropped = Dropped { revision: purge.revision, flag: purge.flag.as_deref() };
        frame::event(&mut text, "purge", None, &dropped);
    }
    frame::only_id(&mut text, &id);
    text.into()
}
