//! Arbitrary contexts against a ruleset that asks for everything. Read as text and as a tree they answer the same, and the
//! explanation agrees.
#![no_main]

use std::sync::LazyLock;

use engine::ruleset::Operator;
use engine::{Change, Compiled, Context};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

const NOW: i64 = 1_767_225_600_000;

/// One flag for each operator and attribute, and one for each way to name somebody.
static CURIOUS: LazyLock<Compiled> = LazyLock::new(|| {
    let mut flags = Vec::new();
    for attribute in ["a", "a.b", "a.b.c", "userId", "plan", ""] {
        for op in Operator::ALL.iter().filter(|op| !op.is_segment()) {
            let test = json!({"attribute": attribute, "op": op, "values": values(*op)});
            flags.push(json!({"rules": [{"id": "r", "when": test, "serve": {"variation": "on"}}]}));
        }
        let weights = json!([{"variation": "on", "weight": 50_000}, {"variation": "off", "weight": 50_000}]);
        flags.push(json!({"fallthrough": {"rollout": {"bucket_by": attribute, "weights": weights}}}));
        flags.push(json!({"overrides": [{"match": {attribute: ["1", "pro"]}, "variation": "on"}]}));
    }
    flags.push(json!({"overrides": [{"match": {"userId": ["1"], "a.b": ["1"]}, "variation": "on"}]}));
    let is_in = json!({"op": "in_segment", "values": ["s"]});
    flags.push(json!({"rules": [{"id": "r", "when": is_in, "serve": {"variation": "on"}}]}));
    let segment = json!({
        "format": 1, "semantics": 1, "key": "s", "version": 1, "by": "a.b", "included": ["pro"], "excluded": ["1"]
    });
    let documents: Vec<_> =
        flags.into_iter().enumerate().map(|(place, fields)| document(place, fields)).collect();
    let segment = segment.to_string();
    let changes = documents.iter().map(|(key, text)| Change::Flag(key, Some(text)));
    let compiled = Compiled::from_documents(1, changes.chain([Change::Segment("s", Some(&segment))]));
    assert_eq!(compiled.warnings().next(), None);
    compiled
});

fn document(place: usize, fields: Value) -> (String, String) {
    let key = format!("f{place}");
    let mut flag = json!({
        "format": 1, "semantics": 1, "key": key, "version": 1, "kind": "advanced", "value_type": "boolean",
        "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
        "enabled": true, "off_variation": "off", "fallthrough": {"variation": "off"}
    });
    for (name, value) in fields.as_object().into_iter().flatten() {
        flag[name] = value.clone();
    }
    (key, flag.to_string())
}

fn values(op: Operator) -> Value {
    match op {
        Operator::Exists | Operator::NotExists => json!([]),
        Operator::Matches => json!(["(a+)+$", r"\bpro\b|\d{3}|é"]),
        Operator::InCidr => json!(["10.0.0.0/8", "2001:db8::/32"]),
        Operator::Before | Operator::After => json!(["2026-01-01T00:00:00Z", 0]),
        Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => json!([0, 1.5, "1e3"]),
        Operator::Eq | Operator::Neq | Operator::In | Operator::NotIn => {
            json!(["", "pro", "1", 1, 1.5, true])
        }
        Operator::Contains | Operator::NotContains | Operator::StartsWith | Operator::EndsWith => {
            json!(["pro", "é", 1])
        }
        _ => json!(["v2", "2.1.0-rc.1"]),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(context) = Context::from_json(bytes) else { return };
    let answers = answers(&context);
    // A tree refuses what the text passes over (halves of surrogate pairs, 1e999, more than 128 levels).
    if let Ok(tree) = serde_json::from_slice::<Map<String, Value>>(bytes) {
        // It holds whole numbers of up to 64 bits, and the specification looks no further.
        if !has_long_number(bytes) && !has_raw_marker(bytes) {
            assert_eq!(self::answers(&Context::from(&tree)), answers);
        }
    }
});

fn has_long_number(bytes: &[u8]) -> bool {
    bytes.split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() > 18)
}

/// serde_json's own name for text that was not read; a tree reads what is behind it.
fn has_raw_marker(bytes: &[u8]) -> bool {
    bytes.windows(12).any(|window| window == b"$serde_json:")
}

fn answers(context: &Context<'_>) -> Vec<String> {
    let answer = |flag: engine::FlagRef<'_>| {
        let detail = format!("{:?}", flag.evaluate(context, NOW));
        let explanation = flag.explain(context, NOW);
        assert_eq!(format!("{:?}", explanation.detail), detail);
        assert!(serde_json::to_string(&explanation).is_ok());
        detail
    };
    CURIOUS.flags().map(answer).collect()
}
