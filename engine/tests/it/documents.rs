//! Documents to test with.

use engine::{Change, Compiled};
use serde_json::{Value, json};

/// A flag that serves `on` to everybody.
pub(crate) fn flag(key: &str, version: u64) -> Value {
    json!({
        "format": 1, "semantics": 1, "key": key, "version": version,
        "kind": "boolean", "value_type": "boolean",
        "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
        "enabled": true, "off_variation": "off", "fallthrough": {"variation": "on"}
    })
}

/// The same with one field set.
pub(crate) fn with(key: &str, field: &str, value: Value) -> Value {
    let mut flag = flag(key, 1);
    flag[field] = value;
    flag
}

/// A flag that serves `on` where a condition holds, and `off` otherwise.
pub(crate) fn ruled(key: &str, when: &Value) -> Value {
    let mut flag = with(key, "rules", json!([{"id": "r", "when": when, "serve": {"variation": "on"}}]));
    flag["fallthrough"] = json!({"variation": "off"});
    flag
}

/// A flag that serves `on` where others serve it, and `off` otherwise.
pub(crate) fn needing<K: AsRef<str>>(key: &str, others: impl IntoIterator<Item = K>) -> Value {
    let asked = |other: K| json!({"flag": other.as_ref(), "variations": ["on"]});
    with(key, "prerequisites", others.into_iter().map(asked).collect())
}

/// A segment of those for whom a condition holds.
pub(crate) fn segment(key: &str, when: &Value) -> Value {
    json!({"format": 1, "semantics": 1, "key": key, "version": 1, "when": when})
}

/// The condition of being in one of these segments.
pub(crate) fn within(segments: &[&str]) -> Value {
    json!({"op": "in_segment", "values": segments})
}

/// Compiles documents under their own keys.
pub(crate) fn compile<'d>(
    flags: impl IntoIterator<Item = &'d Value>,
    segments: impl IntoIterator<Item = &'d Value>,
) -> Compiled {
    let keyed = |document: &Value| (document["key"].as_str().unwrap().to_owned(), document.to_string());
    let flags: Vec<_> = flags.into_iter().map(keyed).collect();
    let segments: Vec<_> = segments.into_iter().map(keyed).collect();
    let flags = flags.iter().map(|(key, text)| Change::Flag(key, Some(text)));
    Compiled::from_documents(
        1,
        flags.chain(segments.iter().map(|(key, text)| Change::Segment(key, Some(text)))),
    )
}

/// Text inside `depth` pairs of brackets.
pub(crate) fn nested(open: &str, inside: &str, close: &str, depth: usize) -> String {
    format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
}
