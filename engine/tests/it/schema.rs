//! `spec/ruleset.schema.json` against the golden rulesets, against serde, and against wrong documents.

use engine::ruleset::{Operator, Ruleset};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::golden::files;

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/ruleset.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

/// A ruleset that uses every field once.
fn whole() -> Value {
    json!({
        "format": 1, "environment": "prod", "revision": 9,
        "flags": {"new-menu@v2": {
            "format": 1, "semantics": 1, "key": "new-menu@v2", "version": 3,
            "flag_version": 2, "kind": "advanced", "value_type": "boolean", "client_side": true, "track_events": true,
            "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
            "enabled": true, "off_variation": "off",
            "window": {"from": -1, "until": 1_767_225_600_000_i64},
            "prerequisites": [{"flag": "parent", "variations": ["on"]}],
            "overrides": [{"match": {"userId": ["u"], "org.plan": ["pro"]}, "variation": "on"}],
            "rules": [{
                "id": "r", "name": "A rule",
                "when": {"all": [
                    {"any": [{"not": {"attribute": "plan", "op": "in", "values": ["pro", 1, 2.5, true]}}]},
                    {"attribute": "email", "op": "exists"},
                    {"op": "in_segment", "values": ["beta"]}
                ]},
                "serve": {"variation": "on"}
            }],
            "fallthrough": {"rollout": {
                "bucket_by": "tenant", "seed": "s", "algorithm": "togglebit",
                "weights": [{"variation": "on", "weight": 0}, {"variation": "off", "weight": 100_000}],
                "ramp": {"interpolation": "linear", "steps": [
                    {"at": 5, "weights": [{"variation": "on", "weight": 100_000}]}
                ]}
            }}
        }},
        "segments": {"beta": {
            "format": 1, "semantics": 1, "key": "beta", "version": 1, "by": "tenant",
            "included": ["acme"], "excluded": ["other"],
            "when": {"attribute": "plan", "op": "eq", "values": ["pro"]}
        }}
    })
}

fn errors(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_schema_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn golden_rulesets_are_valid() {
    let validator = validator();
    for (name, file) in files() {
        let Some(ruleset) = file.ruleset else { continue };
        assert_eq!(errors(&validator, &ruleset), [""; 0], "{name}");
    }
}

#[test]
fn what_serde_writes_is_valid_and_complete() {
    let whole = whole();
    let ruleset = Ruleset::deserialize(&whole).unwrap();
    let written = serde_json::to_value(&ruleset).unwrap();
    assert_eq!(written, whole);
    assert_eq!(errors(&validator(), &written), [""; 0]);
}

/// Sets what a JSON pointer leads to; the last part may be new.
fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer} leads nowhere")) {
        Value::Object(object) => drop(object.insert(name.to_owned(), value)),
        Value::Array(array) => array[name.parse::<usize>().unwrap()] = value,
        other => panic!("{pointer} leads into {other}"),
    }
}

fn remove(document: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let removed =
        document.pointer_mut(parent).and_then(Value::as_object_mut).and_then(|object| object.remove(name));
    assert!(removed.is_some(), "{pointer} was not there");
}

fn serde_takes(document: &Value) -> bool {
    Ruleset::deserialize(document).is_ok()
}

const FLAG: &str = "/flags/new-menu@v2";

#[test]
fn unknown_fields_are_refused_everywhere() {
    let validator = validator();
    let objects = [
        "",
        "F",
        "F/variations/0",
        "F/window",
        "F/prerequisites/0",
        "F/overrides/0",
        "F/rules/0",
        "F/rules/0/serve",
        "F/rules/0/when",
        "F/rules/0/when/all/0",
        "F/rules/0/when/all/0/any/0",
        "F/rules/0/when/all/0/any/0/not",
        "F/rules/0/when/all/1",
        "F/rules/0/when/all/2",
        "F/fallthrough",
        "F/fallthrough/rollout",
        "F/fallthrough/rollout/weights/0",
        "F/fallthrough/rollout/ramp",
        "F/fallthrough/rollout/ramp/steps/0",
        "F/fallthrough/rollout/ramp/steps/0/weights/0",
        "/segments/beta",
        "/segments/beta/when",
    ];
    for object in objects {
        let mut document = whole();
        let pointer = object.replace('F', FLAG);
        set(&mut document, &format!("{pointer}/surprise"), json!(1));
        assert!(!validator.is_valid(&document), "the schema takes an unknown field in {pointer}");
        assert!(!serde_takes(&document), "serde takes an unknown field in {pointer}");
    }
}

#[test]
fn required_fields_are_required() {
    let validator = validator();
    let fields = [
        "/format",
        "/environment",
        "/revision",
        "/flags",
        "F/format",
        "F/semantics",
        "F/key",
        "F/version",
        "F/kind",
        "F/value_type",
        "F/variations",
        "F/enabled",
        "F/off_variation",
        "F/fallthrough",
        "F/variations/0/key",
        "F/variations/0/value",
        "F/prerequisites/0/flag",
        "F/prerequisites/0/variations",
        "F/overrides/0/match",
        "F/overrides/0/variation",
        "F/rules/0/id",
        "F/rules/0/when",
        "F/rules/0/serve",
        "F/rules/0/serve/variation",
        "F/rules/0/when/all",
        "F/rules/0/when/all/1/op",
        "F/fallthrough/rollout",
        "F/fallthrough/rollout/weights",
        "F/fallthrough/rollout/weights/0/variation",
        "F/fallthrough/rollout/weights/0/weight",
        "F/fallthrough/rollout/ramp/steps",
        "F/fallthrough/rollout/ramp/steps/0/at",
        "F/fallthrough/rollout/ramp/steps/0/weights",
        "/segments/beta/format",
        "/segments/beta/semantics",
        "/segments/beta/key",
        "/segments/beta/version",
    ];
    for field in fields {
        let mut document = whole();
        let pointer = field.replace('F', FLAG);
        remove(&mut document, &pointer);
        assert!(!validator.is_valid(&document), "the schema does without {pointer}");
        assert!(!serde_takes(&document), "serde does without {pointer}");
    }
}

#[test]
fn wrong_values_are_refused_by_both() {
    let validator = validator();
    let wrong = [
        ("/format", json!("1")),
        ("/format", json!(-1)),
        ("/revision", json!(-1)),
        ("/revision", json!(1.5)),
        ("/environment", json!(7)),
        ("/flags", json!([])),
        ("F", json!(null)),
        ("F/key", json!(7)),
        ("F/window", json!([])),
        ("F/window", json!([0, 1])),
        ("F/kind", json!("Boolean")),
        ("F/kind", json!("sometimes")),
        ("F/value_type", json!("text")),
        ("F/flag_version", json!(null)),
        ("F/flag_version", json!(-1)),
        ("F/track_events", json!(1)),
        ("F/enabled", json!("true")),
        ("F/enabled", json!(1)),
        ("F/variations", json!({})),
        ("F/off_variation", json!(null)),
        ("F/window/from", json!("2026-01-01")),
        ("F/window/until", json!(1.5)),
        ("F/window/until", json!(9_223_372_036_854_775_808_u64)),
        ("F/overrides/0/match", json!(["u"])),
        ("F/overrides/0/match/userId", json!("u")),
        ("F/overrides/0/match/userId", json!([42])),
        ("F/rules/0/serve", json!("on")),
        ("F/rules/0/serve", json!({})),
        ("F/rules/0/serve", json!({"variation": "on", "rollout": {"weights": []}})),
        ("F/rules/0/when", json!({})),
        ("F/rules/0/when", json!([])),
        ("F/rules/0/when", json!(true)),
        ("F/rules/0/when", json!({"all": [], "any": []})),
        ("F/rules/0/when", json!({"all": [], "op": "exists"})),
        ("F/rules/0/when", json!({"not": []})),
        ("F/rules/0/when", json!({"attribute": "x", "values": ["y"]})),
        ("F/rules/0/when", json!({"attribute": "x", "op": "resembles", "values": ["y"]})),
        ("F/rules/0/when", json!({"attribute": "x", "op": "eq", "values": "y"})),
        ("F/rules/0/when", json!({"attribute": 7, "op": "eq", "values": ["y"]})),
        ("F/fallthrough/rollout/algorithm", json!("dice")),
        ("F/fallthrough/rollout/bucket_by", json!(7)),
        ("F/fallthrough/rollout/weights/0/weight", json!(-1)),
        ("F/fallthrough/rollout/weights/0/weight", json!(0.5)),
        ("F/fallthrough/rollout/weights/0/weight", json!("25 %")),
        ("F/fallthrough/rollout/ramp/interpolation", json!("cubic")),
        ("F/fallthrough/rollout/ramp/steps", json!({})),
        ("F/fallthrough/rollout/ramp/steps/0/at", json!("2026-01-01T00:00:00Z")),
        ("F/fallthrough/rollout/ramp/steps/0/at", json!(0.5)),
        ("F/prerequisites", json!({"parent": ["on"]})),
        ("F/prerequisites/0/flag", json!(7)),
        ("F/prerequisites/0/variations", json!("on")),
        ("F/prerequisites/0/variations", json!([true])),
        ("/segments/beta/version", json!(-1)),
        ("/segments/beta/by", json!(7)),
        ("/segments/beta/included", json!("acme")),
        ("/segments/beta/included", json!([42])),
        ("/segments/beta/excluded", json!(null)),
        ("/segments/beta/when", json!([])),
    ];
    for (place, value) in wrong {
        let mut document = whole();
        let pointer = place.replace('F', FLAG);
        set(&mut document, &pointer, value.clone());
        assert!(!validator.is_valid(&document), "the schema takes {value} at {pointer}");
        assert!(!serde_takes(&document), "serde takes {value} at {pointer}");
    }
}

/// What serde takes and compiling answers for, but nobody should write.
#[test]
fn the_schema_is_stricter_than_serde_where_compiling_warns() {
    let validator = validator();
    let strict = [
        ("/format", json!(2)),
        ("/environment", json!("Prod")),
        ("F/format", json!(2)),
        ("F/semantics", json!(0)),
        ("F/key", json!("-new")),
        ("F/key", json!("new menu")),
        ("F/key", json!("")),
        ("F/key", json!("x".repeat(201))),
        ("F/variations", json!([])),
        ("F/variations/0/key", json!("")),
        ("F/variations/0/value", json!("true")),
        ("F/off_variation", json!("")),
        ("F/window", json!(null)),
        ("F/prerequisites/0/variations", json!([])),
        ("F/overrides/0/match", json!({})),
        ("F/overrides/0/match/userId", json!([])),
        ("F/rules/0/id", json!("")),
        ("F/rules/0/when", json!({"attribute": "x", "op": "eq"})),
        ("F/rules/0/when", json!({"attribute": "x", "op": "eq", "values": []})),
        ("F/rules/0/when", json!({"attribute": "x", "op": "eq", "values": [null]})),
        ("F/rules/0/when", json!({"attribute": "x", "op": "eq", "values": [["y"]]})),
        ("F/rules/0/when", json!({"attribute": "", "op": "exists"})),
        ("F/rules/0/when", json!({"attribute": "x", "op": "exists", "values": ["y"]})),
        ("F/rules/0/when", json!({"attribute": "x", "op": "in_segment", "values": ["beta"]})),
        ("F/rules/0/when", json!({"op": "eq", "values": ["y"]})),
        ("F/fallthrough/rollout/weights", json!([])),
        ("F/fallthrough/rollout/weights/0/weight", json!(100_001)),
        ("F/fallthrough/rollout/ramp/steps", json!([])),
        ("F/fallthrough/rollout/ramp/steps/0/weights", json!([])),
        ("F/prerequisites/0/flag", json!("")),
        ("F/prerequisites/0/variations", json!([""])),
        ("F/rules/0/when", json!({"op": "in_segment"})),
        ("F/rules/0/when", json!({"op": "not_in_segment", "values": []})),
        ("F/rules/0/when", json!({"op": "in_segment", "values": [7]})),
        ("F/rules/0/when", json!({"op": "in_segment", "values": ["no key"]})),
        ("/segments/beta/format", json!(2)),
        ("/segments/beta/semantics", json!(0)),
        ("/segments/beta/key", json!("")),
        ("/segments/beta/by", json!("")),
        ("/segments/beta/when", json!({"attribute": "x", "op": "in_segment", "values": ["beta"]})),
    ];
    for (place, value) in strict {
        let mut document = whole();
        let pointer = place.replace('F', FLAG);
        set(&mut document, &pointer, value.clone());
        assert!(!validator.is_valid(&document), "the schema takes {value} at {pointer}");
        assert!(serde_takes(&document), "serde refuses {value} at {pointer}: it belongs to the other test");
    }
}

#[test]
fn the_schema_and_serde_know_the_same_operators() {
    let schema = schema();
    let mut names: Vec<&str> = Vec::new();
    for part in schema["$defs"]["condition"]["oneOf"].as_array().unwrap() {
        let listed = part.pointer("/properties/op/enum").and_then(Value::as_array);
        names.extend(listed.into_iter().flatten().filter_map(Value::as_str));
    }
    assert_eq!(names.len(), 25);
    for name in &names {
        assert!(Operator::deserialize(json!(name)).is_ok(), "serde does not know `{name}`");
    }
    // serde's message lists every operator that it knows.
    let message = Operator::deserialize(json!("resembles")).unwrap_err().to_string();
    let known = message.split('`').skip(3).step_by(2).count();
    assert_eq!(known, names.len(), "{message}");
}
