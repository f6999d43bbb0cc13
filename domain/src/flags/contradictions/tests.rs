use serde_json::json;

use super::*;

/// The warnings of a condition: paths and messages.
fn warned(condition: Value) -> Vec<(String, String)> {
    let condition = serde_json::from_value(condition).unwrap();
    contradictions(&condition).into_iter().map(|warning| (warning.path, warning.message)).collect()
}

/// How two tests of one attribute are at odds, whichever is first: `never`, `list` or none.
fn pair(a: (&str, Value), b: (&str, Value)) -> Option<&'static str> {
    let test = |(op, values): &(&str, Value)| match values {
        Value::Array(values) if values.is_empty() => json!({"attribute": "a", "op": op}),
        Value::Array(_) => json!({"attribute": "a", "op": op, "values": values}),
        value => json!({"attribute": "a", "op": op, "values": [value]}),
    };
    let said = [[&a, &b], [&b, &a]].map(|[first, second]| {
        let warned = warned(json!({"all": [test(first), test(second)]}));
        match warned.as_slice() {
            [] => None,
            [(path, message)] => {
                assert_eq!(path, "all[1]");
                assert!(message.contains("(all[0])"), "{message}");
                match message.contains("never holds") {
                    true => Some("never"),
                    false => Some("list").filter(|_| message.contains("only for a list that has both")),
                }
            }
            more => panic!("{more:?}"),
        }
    });
    assert_eq!(said[0], said[1], "{a:?} {b:?}");
    said[0]
}

#[test]
fn one_value_cannot_be_two() {
    for (a, b) in [
        (("eq", json!("pro")), ("eq", json!("free"))),
        (("in", json!(["a", "b"])), ("in", json!(["c"]))),
        (("eq", json!(1)), ("in", json!([2, "three"]))),
        (("eq", json!(true)), ("eq", json!(false))),
        (("gt", json!(10)), ("lt", json!(5))),
        (("gt", json!(5)), ("lt", json!(5))),
        (("gt", json!(5)), ("lte", json!("5"))),
        (("gte", json!([20, 10])), ("lt", json!([1, 9.5]))),
        (("eq", json!(3)), ("gt", json!(3))),
        (("in", json!([1, 2])), ("gte", json!(2.5))),
        (("after", json!("2026-01-02T00:00:00Z")), ("before", json!("2026-01-01T00:00:00Z"))),
        (("after", json!(2)), ("before", json!(2))),
        (("semver_gte", json!("2.0.0")), ("semver_lt", json!("1.10.0"))),
        (("semver_eq", json!("1.2.3")), ("semver_gt", json!("1.2.3"))),
        (("starts_with", json!("de-")), ("starts_with", json!(["fr-", "it-"]))),
        (("ends_with", json!(".com")), ("ends_with", json!(".org"))),
        (("eq", json!("menu")), ("starts_with", json!("x"))),
        (("eq", json!("menu")), ("contains", json!("x"))),
    ] {
        assert_eq!(pair(a.clone(), b.clone()), Some("list"), "{a:?} {b:?}");
    }
}

#[test]
fn what_is_asked_and_denied_never_holds() {
    for (a, b) in [
        (("exists", json!([])), ("not_exists", json!([]))),
        (("eq", json!("x")), ("not_exists", json!([]))),
        (("gt", json!(1)), ("not_exists", json!([]))),
        (("eq", json!("x")), ("neq", json!("x"))),
        (("in", json!(["a", "b"])), ("not_in", json!(["c", "b", "a"]))),
        (("contains", json!("beta")), ("not_contains", json!("et"))),
        (("eq", json!("beta")), ("not_contains", json!("et"))),
        (("starts_with", json!("beta")), ("not_contains", json!("be"))),
    ] {
        assert_eq!(pair(a.clone(), b.clone()), Some("never"), "{a:?} {b:?}");
    }
}

#[test]
fn what_may_hold_is_not_warned_of() {
    for (a, b) in [
        (("eq", json!("a")), ("eq", json!("a"))),
        (("in", json!(["a", "b"])), ("in", json!(["b", "c"]))),
        // "00042" is a text that is a number, and `true` is written "true".
        (("eq", json!("00042")), ("eq", json!(42))),
        (("eq", json!(42)), ("eq", json!(42.0))),
        (("eq", json!("true")), ("eq", json!(true))),
        (("eq", json!("a")), ("neq", json!("b"))),
        (("in", json!(["a", "b"])), ("not_in", json!(["a"]))),
        (("neq", json!("a")), ("not_exists", json!([]))),
        (("neq", json!("a")), ("not_in", json!(["a"]))),
        (("exists", json!([])), ("neq", json!("a"))),
        (("gt", json!(5)), ("lt", json!(6))),
        (("gte", json!(5)), ("lte", json!(5))),
        (("gt", json!([10, 1])), ("lt", json!(5))),
        (("eq", json!(5)), ("gte", json!(5))),
        (("in", json!([1, 9])), ("gt", json!(5))),
        // 64-bit floats do not tell these bounds apart, and 18014398509481985 lies between.
        (("gt", json!(18_014_398_509_481_984_i64)), ("lt", json!(18_014_398_509_481_986_i64))),
        (("eq", json!("word")), ("gt", json!(5))),
        (("gt", json!(5)), ("after", json!(1))),
        (("after", json!("2026-01-01T00:00:00+02:00")), ("before", json!("2025-12-31T23:00:00Z"))),
        (("after", json!("2026-01-01T00:00:00Z")), ("before", json!(1))),
        (("semver_gt", json!("1.2.3")), ("semver_lt", json!("1.2.4"))),
        (("semver_gt", json!("1.0.0-beta")), ("semver_lt", json!("1.0.0-alpha"))),
        (("starts_with", json!("de")), ("starts_with", json!("de-at"))),
        (("contains", json!("a")), ("contains", json!("b"))),
        (("contains", json!("a")), ("not_contains", json!("ab"))),
        (("eq", json!(42)), ("starts_with", json!("0"))),
        (("matches", json!("^a")), ("matches", json!("^b"))),
        (("in_cidr", json!("10.0.0.0/8")), ("in_cidr", json!("192.168.0.0/16"))),
    ] {
        assert_eq!(pair(a.clone(), b.clone()), None, "{a:?} {b:?}");
    }
}

#[test]
fn other_attributes_and_alternatives_are_left_alone() {
    let test =
        |attribute: &str, op: &str, value: &str| json!({"attribute": attribute, "op": op, "values": [value]});
    let (pro, free) = (test("plan", "eq", "pro"), test("plan", "eq", "free"));
    assert!(warned(pro.clone()).is_empty());
    assert!(warned(json!({"any": [pro, free]})).is_empty());
    assert!(warned(json!({"all": [pro, test("plan.name", "eq", "free")]})).is_empty());
    assert!(warned(json!({"all": [pro, {"any": [free, test("beta", "eq", "yes")]}]})).is_empty());
    assert!(warned(json!({"not": {"all": [pro, free]}})).is_empty());
    assert!(warned(json!({"all": [{"not": pro}, {"not": free}]})).is_empty());
    assert!(warned(json!({"all": []})).is_empty());
}

#[test]
fn nested_conditions_are_named_by_their_path() {
    let test = |op: &str, value: &str| json!({"attribute": "plan", "op": op, "values": [value]});
    let (pro, free) = (test("eq", "pro"), test("eq", "free"));
    let paths = |condition| warned(condition).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    assert_eq!(paths(json!({"all": [pro, {"all": [free]}]})), ["all[1].all[0]"]);
    assert_eq!(paths(json!({"all": [pro, {"not": pro}]})), ["all[1].not"]);
    assert_eq!(paths(json!({"all": [pro, {"not": {"not": free}}]})), ["all[1].not.not"]);
    assert_eq!(paths(json!({"all": [pro, {"not": {"any": [free, pro]}}]})), ["all[1].not.any[1]"]);
    assert_eq!(paths(json!({"any": [free, {"all": [pro, free]}]})), ["any[1].all[1]"]);
    assert_eq!(paths(json!({"all": [pro, {"not": test("neq", "free")}]})), ["all[1].not"]);
}

#[test]
fn segments_contradict_where_one_is_asked_and_denied() {
    let test = |op: &str, keys: &[&str]| json!({"op": op, "values": keys});
    let inside = test("in_segment", &["a", "b"]);
    assert!(warned(json!({"all": [inside, test("not_in_segment", &["a"])]})).is_empty());
    assert!(warned(json!({"all": [inside, test("in_segment", &["c"])]})).is_empty());
    let never = warned(json!({"all": [inside, test("not_in_segment", &["b", "c", "a"])]}));
    let expected = r#"contradicts `in_segment "a", "b"` (all[0]): never holds"#;
    assert_eq!(never, [("all[1]".to_owned(), expected.to_owned())]);
}

#[test]
fn a_message_says_what_is_contradicted() {
    let warned = warned(json!({"all": [
        {"attribute": "plan", "op": "eq", "values": ["pro"]},
        {"attribute": "plan", "op": "eq", "values": ["free"]},
    ]}));
    assert_eq!(warned[0].1, r#"contradicts `plan eq "pro"` (all[0]): holds only for a list that has both"#);
}

/// Long lists are left alone: each value of one against each of another would take minutes.
#[test]
fn long_lists_are_left_alone() {
    let list = |op: &str, word: &str| {
        let values: Vec<_> = (0..50_000).map(|n| format!("{word}{n}")).collect();
        json!({"attribute": "a", "op": op, "values": values})
    };
    for (one, other) in [("in", "contains"), ("starts_with", "starts_with"), ("ends_with", "not_contains")] {
        assert!(warned(json!({"all": [list(one, "x"), list(other, "y")]})).is_empty(), "{one} {other}");
    }
}

/// However many there are, it does not take long and says not too much.
#[test]
fn long_conditions_are_searched_in_part() {
    let tests: Vec<_> =
        (0..5000).map(|n| json!({"attribute": "a", "op": "eq", "values": [n.to_string()]})).collect();
    assert_eq!(warned(json!({"all": tests})).len(), MOST - 1);
}
