//! Evaluating allocates nothing. A binary of its own, because it counts every allocation of the process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use engine::{Change, Compiled, Context};
use serde_json::{Value, json};

thread_local! {
    /// The allocations of this thread, so that the test harness' own do not count.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

#[expect(
    unsafe_code,
    reason = "an allocator cannot be written without; this one hands everything to the system's"
)]
// SAFETY: every call is the system allocator's own, with the arguments that came in.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as the caller promised.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Not counted while the thread ends and its variables are gone.
fn count() {
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

const NOW: i64 = 1_767_225_600_000;

/// A flag with some of its fields set.
fn flag(key: &str, fields: Value) -> Value {
    let mut flag = json!({
        "format": 1, "semantics": 1, "key": key, "version": 1, "kind": "advanced", "value_type": "boolean",
        "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
        "enabled": true, "off_variation": "off", "fallthrough": {"variation": "off"}
    });
    let Value::Object(fields) = fields else { return flag };
    fields.into_iter().for_each(|(name, value)| flag[name] = value);
    flag
}

/// A flag that serves `on` where the last of some tests holds.
fn ruled<const N: usize>(key: &str, tests: [Value; N]) -> Value {
    let rule = |(id, when)| json!({"id": format!("r{id}"), "when": when, "serve": {"variation": "on"}});
    flag(key, json!({"rules": tests.into_iter().enumerate().map(rule).collect::<Vec<_>>()}))
}

fn test(attribute: &str, op: &str, values: Value) -> Value {
    json!({"attribute": attribute, "op": op, "values": values})
}

fn flags() -> Vec<Value> {
    let half = json!([{"variation": "on", "weight": 99_999}, {"variation": "off", "weight": 1}]);
    let ids: Vec<_> = (0..10_000).map(|id| format!("user-{id}")).collect();
    let plan = |place: usize| if place == 9 { "pro" } else { "free" };
    let ten: [Value; 10] = std::array::from_fn(|place| test("plan", "eq", json!([plan(place)])));
    let overriding = |attributes: Value| json!({"overrides": [{"match": attributes, "variation": "on"}]});
    let after = json!(["2025-06-01T00:00:00+02:00"]);
    let steps = json!([{"at": NOW - 90_000, "weights": half}, {"at": NOW + 90_000, "weights": half}]);
    vec![
        flag("boolean", json!({"fallthrough": {"variation": "on"}})),
        flag("window", json!({"fallthrough": {"variation": "on"}, "window": {"from": 0}})),
        flag("percentage by user", json!({"fallthrough": {"rollout": {"weights": half}}})),
        flag(
            "percentage by number",
            json!({"fallthrough": {"rollout": {"bucket_by": "age", "weights": half}}}),
        ),
        flag(
            "ramp",
            json!({"fallthrough": {"rollout": {
                "weights": half, "ramp": {"interpolation": "linear", "steps": steps}
            }}}),
        ),
        ruled("text", [test("plan", "eq", json!(["pro"]))]),
        ruled("escaped text", [test("escaped", "eq", json!(["a \"b\""]))]),
        ruled("part of a text", [test("email", "ends_with", json!(["@example.com"]))]),
        ruled("ten rules", ten),
        ruled("10,000 ids", [test("userId", "in", json!(ids))]),
        ruled("number", [test("age", "gte", json!([18]))]),
        ruled("fraction as text", [test("share", "starts_with", json!(["0.2"]))]),
        ruled("version", [test("version", "semver_gt", json!(["2.1.0-rc.1"]))]),
        ruled("pattern", [test("email", "matches", json!([r"^[a-z]+@example\.(com|org)$"]))]),
        ruled("network", [test("ip", "in_cidr", json!(["2001:db8::/32", "10.0.0.0/8"]))]),
        ruled("date", [test("signed_up", "after", after)]),
        ruled("segment", [json!({"op": "in_segment", "values": ["beta"]})]),
        flag(
            "prerequisite",
            json!({
                "prerequisites": [{"flag": "segment", "variations": ["on"]}],
                "fallthrough": {"variation": "on"}
            }),
        ),
        ruled("nested", [test("org.plan.name", "eq", json!(["team"]))]),
        ruled("deeply nested", [test("deep.a.b.c.d.e", "eq", json!([1]))]),
        ruled("behind what is deep", [test("org.last", "eq", json!([true]))]),
        ruled("missing path", [json!({"not": test("org.plan.other", "exists", json!([]))})]),
        ruled("first of an array", [test("tags", "eq", json!(["a"]))]),
        ruled("last of an array", [test("tags", "eq", json!(["z"]))]),
        ruled("none of an array", [test("tags", "not_in", json!(["q"]))]),
        ruled("array of arrays", [test("tree", "eq", json!(["x"]))]),
        flag("override", overriding(json!({"userId": ["user-1", "user-42"]}))),
        flag(
            "override of several",
            overriding(json!({"userId": ["user-42"], "region": ["eu"], "age": ["30"]})),
        ),
    ]
}

const CONTEXT: &str = r#"{
    "userId": "user-42", "plan": "pro", "email": "alice@example.com", "age": 30, "share": 0.25, "version": "v2.1",
    "ip": "::ffff:10.1.2.3", "signed_up": "2025-12-24T18:00:00.123Z", "region": "eu", "tags": ["a", 1, null, "z"],
    "escaped": "a \"b\"", "tree": [[[["x"]]], {"a": {"b": {"c": 1}}}, "x"],
    "org": {"id": 7, "tree": {"a": {"b": [[{"c": [1, 2]}]]}}, "plan": {"name": "team", "seats": 5}, "last": true},
    "deep": {"a": {"b": {"c": {"d": {"e": 1}}}}}
}"#;

#[test]
fn evaluating_allocates_nothing() {
    let segment = json!({
        "format": 1, "semantics": 1, "key": "beta", "version": 1, "excluded": ["user-1"],
        "when": {"all": [test("plan", "in", json!(["pro", "team"])), {"not": test("age", "lt", json!([18]))}]}
    });
    let documents: Vec<_> =
        flags().iter().map(|flag| (flag["key"].as_str().unwrap().to_owned(), flag.to_string())).collect();
    let segment = segment.to_string();
    let changes = documents.iter().map(|(key, text)| Change::Flag(key, Some(text)));
    let compiled = Compiled::from_documents(1, changes.chain([Change::Segment("beta", Some(&segment))]));
    assert_eq!(compiled.warnings().count(), 0);
    let integer = CONTEXT.replace(r#""userId": "user-42""#, r#""userId": "user-42", "targetingKey": 42"#);
    let mut found = Vec::new();
    for (who, text) in [("text", CONTEXT), ("number", &integer)] {
        let context = Context::from_json(text.as_bytes()).unwrap();
        let tree: serde_json::Map<String, Value> = serde_json::from_str(text).unwrap();
        for (form, context) in [("text", context), ("tree", Context::from(&tree))] {
            for (key, _) in &documents {
                // Regular expressions make their caches when they are first used.
                let expected = compiled.evaluate(key, &context, NOW);
                let before = COUNT.get();
                let detail = compiled.evaluate(key, &context, NOW);
                let count = COUNT.get() - before;
                assert_eq!(detail.variation, expected.variation);
                // An id that is a number is named by no override.
                let is_named = who == "text" || !key.starts_with("override");
                assert_eq!(detail.variation, Some(if is_named { "on" } else { "off" }), "{key}");
                if count > 0 {
                    found.push(format!("{key}: {count}, user as {who}, context as {form}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn allocations_are_counted() {
    let before = COUNT.get();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(COUNT.get() - before, 1);
}
