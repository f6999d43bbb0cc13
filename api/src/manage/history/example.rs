//! Examples of answers that are trees, as the code gives them.

use serde_json::{Value, json};

/// A flag that is on for a segment.
fn flag(version: i64) -> Value {
    json!({
        "format": 1,
        "semantics": 1,
        "key": "checkout-v2",
        "version": version,
        "kind": "advanced",
        "value_type": "boolean",
        "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
        "enabled": true,
        "off_variation": "off",
        "rules": [{
            "id": "beta",
            "name": "Beta testers",
            "when": {"op": "in_segment", "values": ["beta-testers"]},
            "serve": {"variation": "on"},
        }],
        "fallthrough": {"variation": "off"},
    })
}

fn segment() -> Value {
    json!({"format": 1, "semantics": 1, "key": "beta-testers", "version": 3, "included": ["user-1"]})
}

/// How a version came about.
fn version(action: &str, document: Value, change: Value) -> Value {
    json!({
        "version": 3,
        "revision": 17,
        "at": 1_760_000_000_000_i64,
        "author": {"kind": "user", "id": "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84", "name": "Ada"},
        "action": action,
        "comment": "the second wave",
        "changes": [change],
        "more_changes": 0,
        "document": document,
    })
}

pub(super) fn flag_version() -> Value {
    let change = json!({"path": "fallthrough.variation", "old": "on", "new": "off"});
    version("flag.configured", flag(3), change)
}

pub(super) fn segment_version() -> Value {
    version("segment.configured", segment(), json!({"path": "included[user-1]", "new": "user-1"}))
}

pub(super) fn rolled_back() -> Value {
    json!({"version": 8, "revision": 24, "document": flag(8)})
}

pub(super) fn ruleset() -> Value {
    json!({
        "format": 1,
        "environment": "dev",
        "revision": 17,
        "flags": {"checkout-v2": flag(3)},
        "segments": {"beta-testers": segment()},
    })
}

pub(super) fn explained() -> Value {
    json!({
        "environment": "dev",
        "revision": 17,
        "now": 1_760_000_000_000_i64,
        "flags": [{
            "flag": "checkout-v2",
            "value": true,
            "variation": "on",
            "variation_index": 0,
            "reason": "segment_match",
            "rule": "beta",
            "bucket": null,
            "version": 3,
            "revision": 17,
            "enabled": true,
            "steps": [
                {"step": "enabled", "held": true},
                {
                    "step": "rule",
                    "rule": "beta",
                    "name": "Beta testers",
                    "number": 1,
                    "condition": {
                        "held": true,
                        "segments": {
                            "negated": false,
                            "segments": [{
                                "segment": "beta-testers",
                                "held": true,
                                "by": "included",
                                "condition": null,
                            }],
                        },
                    },
                    "held": true,
                },
            ],
        }],
    })
}
