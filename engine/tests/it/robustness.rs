//! Nothing that arrives makes the engine panic, and no document harms its neighbours.

use engine::ruleset::{Flag, Ruleset};
use engine::{Compiled, Context, FlagRef, Reason};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::NOW;
use crate::documents::{flag, nested, with};

/// Asks for everything that a context can be asked for.
fn curious() -> Compiled {
    let test = |name: &str, op: &str, values: Value| json!({"attribute": name, "op": op, "values": values});
    let mut tests = Vec::new();
    for attribute in ["x", "x.y", "x.y.z", "", ".", "..", "x.", ".x", "é", "userId", "\u{0}"] {
        for op in ["eq", "neq", "in", "not_in"] {
            tests.push(test(attribute, op, json!(["", "a", 1, 1.5, true, false, u64::MAX, i64::MIN, 1e300])));
        }
        for op in ["contains", "not_contains", "starts_with", "ends_with"] {
            tests.push(test(attribute, op, json!(["\u{0}", "😀", 7])));
        }
        for op in ["gt", "gte", "lt", "lte"] {
            tests.push(test(attribute, op, json!([0, -0.0, 1e300, "12345678901234567"])));
        }
        tests.push(json!({"attribute": attribute, "op": "exists"}));
        tests.push(json!({"attribute": attribute, "op": "not_exists"}));
    }
    let rules: Vec<_> = tests
        .iter()
        .enumerate()
        .map(|(place, test)| {
            // Never holds, and asks the whole test: every rule of the list is tried.
            let when = json!({"all": [{"any": [test, {"not": test}]}, {"any": []}]});
            json!({"id": place.to_string(), "when": when, "serve": {"variation": "on"}})
        })
        .collect();
    let mut flag = with("curious", "rules", json!(rules));
    flag["overrides"] = json!([
        {"match": {"userId": ["nobody"]}, "variation": "on"},
        {"match": {"x.y": ["nobody"], "x": ["nobody"]}, "variation": "on"}
    ]);
    flag["fallthrough"] =
        json!({"rollout": {"bucket_by": "x", "weights": [{"variation": "on", "weight": 100_000}]}});
    let text = flag.to_string();
    let compiled = Compiled::from_documents(1, [("curious", text.as_str())]);
    assert_eq!(compiled.warnings().count(), 0);
    compiled
}

#[test]
fn odd_contexts_are_answered_or_refused() {
    use Reason::{MissingBucketKey as Missing, PercentageRollout as Rollout};
    let compiled = curious();
    let deep = nested("[", "", "]", 100_000);
    let deep_objects = nested(r#"{"y":"#, "1", "}", 100_000);
    let long = "a".repeat(1 << 20);
    // None: not a context. Otherwise the reason of a rollout by `x`.
    let table: Vec<(String, Option<Reason>)> = vec![
        (r"{}".into(), Some(Missing)),
        (r"".into(), None),
        (r"null".into(), None),
        (r"[]".into(), None),
        (r"7".into(), None),
        (r#""x""#.into(), None),
        (r#"{"x":1"#.into(), None),
        (r#"{"x":1}{"#.into(), None),
        (r#"{"x":1,}"#.into(), None),
        (r#"{x:1}"#.into(), None),
        (r#"{"x":NaN}"#.into(), None),
        (r#"{"x":01}"#.into(), None),
        (r#"{"x":+1}"#.into(), None),
        ("\u{feff}{}".into(), None),
        (r#"{"x":1e999}"#.into(), Some(Missing)),
        (r#"{"x":-1e999}"#.into(), Some(Missing)),
        (r#"{"x":1e-999}"#.into(), Some(Rollout)),
        (r#"{"x":-0}"#.into(), Some(Rollout)),
        (r#"{"x":1e300}"#.into(), Some(Missing)),
        (format!(r#"{{"x":{}}}"#, "9".repeat(10_000)), Some(Missing)),
        (format!(r#"{{"x":0.{}}}"#, "3".repeat(10_000)), Some(Missing)),
        (r#"{"x":18446744073709551616}"#.into(), Some(Rollout)),
        (r#"{"x":-9223372036854775809}"#.into(), Some(Rollout)),
        (r#"{"x":{"y":1e999}}"#.into(), Some(Missing)),
        (r#"{"x":"\u0000"}"#.into(), Some(Rollout)),
        (r#"{"\u0000":"a"}"#.into(), Some(Missing)),
        ("{\"x\":\"\u{0}\"}".into(), None),
        (r#"{"x":"\ud800"}"#.into(), Some(Missing)),
        (r#"{"x":"\udc00\ud800"}"#.into(), Some(Missing)),
        (r#"{"x":"\ud83d\ude00"}"#.into(), Some(Rollout)),
        (r#"{"x":["\ud800"]}"#.into(), Some(Missing)),
        (r#"{"\ud800":1}"#.into(), None),
        (r#"{"x":"\q"}"#.into(), None),
        (r#"{"":"","x":"a"}"#.into(), Some(Rollout)),
        (r#"{".":{"":{"":1}},"x.":1,".x":1,"x":"a"}"#.into(), Some(Rollout)),
        (r#"{"x":"a","x":null}"#.into(), Some(Missing)),
        (r#"{"x":null,"x":"a"}"#.into(), Some(Rollout)),
        (format!(r#"{{"x":{deep}}}"#), Some(Missing)),
        (format!(r#"{{"x":{deep_objects}}}"#), Some(Missing)),
        (format!(r#"{{"x":"{long}"}}"#), Some(Rollout)),
        (format!(r#"{{"{long}":1}}"#), Some(Missing)),
        (format!(r#"{{"x":["{long}","{long}"]}}"#), Some(Missing)),
        (format!("{{{}\"x\":1}}", r#""x":2,"#.repeat(10_000)), Some(Rollout)),
    ];
    for (text, expected) in table {
        let shown: String = text.chars().take(60).collect();
        let reason = Context::from_json(text.as_bytes())
            .ok()
            .map(|context| compiled.evaluate("curious", &context, NOW).reason);
        assert_eq!(reason, expected, "{shown:?}");
    }
}

#[test]
fn a_context_must_be_utf_8() {
    assert!(Context::from_json(b"{\"x\":\"\xff\"}").is_err());
    assert!(Context::from_json(b"{\"\xff\":1}").is_err());
    assert!(Context::from_json(b"{\"x\":[\"\xff\"]}").is_err());
}

#[test]
fn of_a_name_that_occurs_twice_the_later_value_counts() {
    let text = with(
        "twice",
        "rules",
        json!([{
            "id": "last",
            "when": {"attribute": "x", "op": "eq", "values": ["last"]},
            "serve": {"variation": "on"}
        }]),
    )
    .to_string();
    let compiled = Compiled::from_documents(1, [("twice", text.as_str())]);
    let rule = |context: &str| {
        let context = Context::from_json(context.as_bytes()).unwrap();
        compiled.evaluate("twice", &context, NOW).rule.is_some()
    };
    assert!(rule(r#"{"x":"first","a":1,"x":"last"}"#));
    assert!(!rule(r#"{"x":"last","a":1,"x":"other"}"#));
    assert!(rule(r#"{"x":"first","\u0078":"last"}"#));
}

#[test]
fn odd_times_are_times() {
    let text = with("timed", "window", json!({"from": i64::MIN, "until": i64::MAX})).to_string();
    let compiled = Compiled::from_documents(1, [("timed", text.as_str())]);
    let reason = |now| compiled.evaluate("timed", &Context::default(), now).reason;
    assert_eq!(reason(i64::MIN), Reason::Boolean);
    assert_eq!(reason(i64::MAX - 1), Reason::Boolean);
    assert_eq!(reason(i64::MAX), Reason::FlagExpired);
}

#[test]
fn odd_documents_leave_their_neighbours_alone() {
    let condition = |when: String| {
        let rule = json!([{"id": "r", "when": "WHEN", "serve": {"variation": "on"}}]);
        with("odd", "rules", rule).to_string().replace(r#""WHEN""#, &when)
    };
    let weights =
        |weights: Value| with("odd", "fallthrough", json!({"rollout": {"weights": weights}})).to_string();
    let on = |weight: u64| json!({"variation": "on", "weight": weight});
    let serves = |text: String| (text, Reason::Boolean);
    let malformed = |text: String| (text, Reason::MalformedFlag);
    let table = [
        serves(flag("odd", u64::MAX).to_string()),
        serves(flag("another-key", 1).to_string()),
        serves(condition(nested(r#"{"not":"#, r#"{"all":[]}"#, "}", 61))),
        serves(condition(r#"{"attribute":"x","op":"gt","values":["1e999"]}"#.into())),
        serves(condition(r#"{"attribute":"","op":"eq","values":["a"]}"#.into())),
        serves(condition(r#"{"op":"eq","values":["a"]}"#.into())),
        serves(condition(r#"{"op":"exists"}"#.into())),
        serves(with("odd", "overrides", json!([{"match": {}, "variation": "on"}])).to_string()),
        serves(with("odd", "overrides", json!([{"match": {"userId": []}, "variation": "on"}])).to_string()),
        malformed(String::new()),
        malformed("\u{0}".into()),
        malformed("{}".into()),
        malformed("\"a flag\"".into()),
        malformed("1e999".into()),
        malformed(nested("[", "", "]", 100_000)),
        malformed(nested(r#"{"a":"#, "1", "}", 100_000)),
        malformed(condition(nested(r#"{"not":"#, r#"{"all":[]}"#, "}", 100_000))),
        malformed(condition(nested(r#"{"all":["#, "", "]}", 100_000))),
        malformed(condition(r#"{"attribute":"x","op":"gt","values":[1e999]}"#.into())),
        malformed(condition(r#"{"attribute":"\ud800","op":"exists"}"#.into())),
        malformed(condition(r#"{"all":[],"all":[]}"#.into())),
        malformed(with("odd", "surprise", json!(1)).to_string()),
        malformed(with("odd", "off_variation", json!("")).to_string()),
        malformed(with("odd", "version", json!(-1)).to_string()),
        malformed(with("odd", "variations", json!([{"key": "on"}])).to_string()),
        malformed(flag("odd", 1).to_string().replacen('{', r#"{"key":"odd","#, 1)),
        malformed(flag("odd", 1).to_string().replace("true}", "1e999}")),
        malformed(weights(json!([]))),
        malformed(weights(json!([on(u64::from(u32::MAX)), on(u64::from(u32::MAX))]))),
        malformed(weights(json!([on(4_294_967_296)]))),
        // 2³² + 100 000 would be right again in 32 bits.
        malformed(weights(json!([on(u64::from(u32::MAX)), on(100_001)]))),
        (with("odd", "format", json!(u32::MAX)).to_string(), Reason::UnknownType),
        (with("odd", "format", json!(1e30)).to_string(), Reason::UnknownType),
        (r#"{"semantics":2,"anything":[1]}"#.into(), Reason::UnknownType),
    ];
    let (before, after) = (flag("a-before", 1).to_string(), flag("z-after", 1).to_string());
    for (text, expected) in table {
        let shown: String = text.chars().take(400).collect();
        let documents = [("a-before", before.as_str()), ("odd", text.as_str()), ("z-after", after.as_str())];
        let compiled = Compiled::from_documents(1, documents);
        let context = Context::default();
        let reason = |key| compiled.evaluate(key, &context, NOW).reason;
        assert_eq!(reason("odd"), expected, "{shown}");
        assert_eq!(reason("a-before"), Reason::Boolean, "{shown}");
        assert_eq!(reason("z-after"), Reason::Boolean, "{shown}");
        assert!(compiled.warnings().all(|warning| warning.key == "odd"), "{shown}");
        let warned = compiled.flag("odd").unwrap().warnings().count();
        assert!(expected == Reason::Boolean || warned == 1, "{shown}: {warned} warnings");
    }
}

#[test]
fn what_is_off_says_so() {
    let rules = json!([
        {"id": "a", "when": {"attribute": "x", "op": "gt", "values": ["many"]}, "serve": {"variation": "on"}},
        {"id": "b", "when": {"all": []}, "serve": {"variation": "gone"}}
    ]);
    let mut document = with("warned", "rules", rules);
    document["overrides"] = json!([{"match": {"userId": ["u"]}, "variation": "gone"}]);
    let text = document.to_string();
    let compiled = Compiled::from_documents(1, [("warned", text.as_str())]);
    let messages: Vec<_> = compiled.warnings().map(|warning| warning.message.as_str()).collect();
    let starts = ["rules[0].when: ", "rules[1].serve: ", "overrides[0]: "];
    assert_eq!(messages.len(), starts.len(), "{messages:?}");
    for (message, start) in messages.iter().zip(starts) {
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn changes_equal_a_full_recompile() {
    let text = |key: &str, version| flag(key, version).to_string();
    let killed = with("b", "enabled", json!(false)).to_string();
    let (a, b, c, d) = (text("a", 1), text("b", 1), text("c", 1), text("d", 1));
    let start = Compiled::from_documents(1, [("a", a.as_str()), ("b", &b), ("c", &c)]);
    let changes =
        [("b", Some(killed.as_str())), ("c", None), ("d", Some(&d)), ("e", None), ("f", Some("corrupt"))];
    let changed = start.with_changes(2, changes);
    let full = Compiled::from_documents(2, [("a", a.as_str()), ("b", &killed), ("d", &d), ("f", "corrupt")]);

    assert_eq!((start.revision(), changed.revision()), (1, 2));
    assert_eq!(changed.flags().map(FlagRef::key).collect::<Vec<_>>(), ["a", "b", "d", "f"]);
    assert!(changed.warnings().eq(full.warnings()));
    // Every field, the revision too.
    let context = Context::default();
    let answer = |compiled: &Compiled, key: &str| format!("{:?}", compiled.evaluate(key, &context, NOW));
    for key in ["a", "b", "c", "d", "e", "f"] {
        assert_eq!(answer(&changed, key), answer(&full, key), "{key}");
    }
    // The one that it came from is as it was, and what did not change is the same object.
    assert_eq!(start.evaluate("b", &context, NOW).reason, Reason::Boolean);
    assert_eq!(start.evaluate("d", &context, NOW).reason, Reason::FlagNotFound);
    let key = |compiled: &Compiled, key: &str| compiled.flag(key).unwrap().key().as_ptr();
    assert_eq!(key(&start, "a"), key(&changed, "a"));
    assert_ne!(key(&start, "b"), key(&changed, "b"));
}

#[test]
fn an_empty_ruleset_has_no_flags() {
    let document = json!({"format": 1, "environment": "dev", "revision": 0, "flags": {}});
    let compiled = Compiled::from_ruleset(&Ruleset::deserialize(document).unwrap());
    assert_eq!(compiled.evaluate("", &Context::default(), NOW).reason, Reason::FlagNotFound);
    assert_eq!(compiled.flags().count(), 0);
}

#[test]
fn browsers_see_only_what_says_so() {
    let shown = with("shown", "client_side", json!(true)).to_string();
    let hidden = flag("hidden", 1).to_string();
    let corrupt = shown.replace("\"enabled\"", "\"unknown\"");
    let documents = [("shown", shown.as_str()), ("hidden", &hidden), ("corrupt", &corrupt)];
    let compiled = Compiled::from_documents(1, documents);
    let seen: Vec<_> = compiled.flags().filter(|flag| flag.client_side()).map(FlagRef::key).collect();
    assert_eq!(seen, ["shown"]);
}

#[test]
fn a_flag_reads_what_it_writes() {
    let flag = Flag::deserialize(flag("a", 1)).unwrap();
    let text = serde_json::to_string(&flag).unwrap();
    assert_eq!(serde_json::from_str::<Flag>(&text).unwrap(), flag);
    assert!(!text.contains("null"), "absent fields are not written: {text}");
}
