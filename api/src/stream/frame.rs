//! Server-sent events on the wire (HTML Standard, 9.2). No data has line breaks: it is JSON on one line.

use axum::body::Bytes;
use serde::Serialize;
use serde_json::json;
use service::delivery::End;

/// Tells the connection's ends that it lives, and nobody else anything.
pub(super) const HEARTBEAT: &[u8] = b":\n\n";

/// The id of what was told of a revision of this database.
pub(crate) fn event_id(revision: u64, epoch: &str) -> String {
    format!("{revision}-{epoch}")
}

/// The revision of an id; none where it is of another database, or no id.
pub(crate) fn revision_of(id: &str, epoch: &str) -> Option<u64> {
    let (revision, of) = id.split_once('-')?;
    (of == epoch).then(|| revision.parse().ok())?
}

/// The beginning: when to come back if the connection breaks.
pub(super) fn greeting(retry_ms: u64) -> Bytes {
    format!("retry: {retry_ms}\n\n").into()
}

/// The end: why, and when to come back. Whose key was revoked is refused then.
pub(super) fn end(end: End, retry_ms: u64) -> Bytes {
    let mut text = format!("retry: {retry_ms}\n").into_bytes();
    event(&mut text, "end", None, &json!({"reason": end.as_str()}));
    text.into()
}

/// Appends an event. One with an id is the last of its revision.
pub(super) fn event(text: &mut Vec<u8>, name: &str, id: Option<&str>, data: &impl Serialize) {
    text.extend(head(name, id).as_bytes());
    // What is told is made of numbers and of texts that were JSON before.
    let _ = serde_json::to_writer(&mut *text, data);
    text.extend(TAIL);
}

/// Appends an id alone: all of its revision was told, and nothing of that is for this client.
pub(super) fn only_id(text: &mut Vec<u8>, id: &str) {
    text.extend(format!("id: {id}\n\n").as_bytes());
}

/// An event whose data is there already, in pieces.
pub(super) fn ready(name: &str, id: &str, data: Bytes) -> Vec<Bytes> {
    vec![head(name, Some(id)).into(), data, Bytes::from_static(TAIL)]
}

const TAIL: &[u8] = b"\n\n";

fn head(name: &str, id: Option<&str>) -> String {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("event: {name}\n{id}data: ")
}
