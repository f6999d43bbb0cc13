//! Generates rulesets and contexts. The alphabets are small, so that documents name each other and contexts match.
//!
//! The strategies are boxed, because a strategy by value holds all those that it is made of: whole rulesets would not
//! fit the stack of a test's thread.

use std::collections::BTreeSet;

use engine::ruleset::{Operator, Ruleset};
use engine::{Compiled, Context, Held, Parts, Reason, Step};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::NOW;

pub(crate) const FLAGS: [&str; 5] = ["f0", "f1", "f2", "f3", "f4"];
pub(crate) const SEGMENTS: [&str; 4] = ["s0", "s1", "s2", "s3"];
const VARIATIONS: [&str; 3] = ["on", "off", "blue"];
const ATTRIBUTES: [&str; 14] = [
    "targetingKey",
    "userId",
    "region",
    "tenant",
    "plan",
    "age",
    "tags",
    "org",
    "org.plan",
    "org.tier.name",
    "when",
    "version",
    "ip",
    "",
];
const TEXTS: [&str; 12] = [
    "",
    "pro",
    "project",
    "a",
    "user-1",
    "user-2",
    "true",
    "é",
    "😀",
    "\u{0}",
    "a \"quoted\"\\ text\n",
    "de",
];
/// What overrides and segments name, and contexts often have.
const COMMON: [&str; 5] = ["pro", "a", "user-1", "user-2", "7"];
const NUMERIC: [&str; 9] = ["0", "1", "-1", "1.0", "1e0", "007", "1.5", "-2.5e-3", "18446744073709551615"];
const TIMES: [&str; 4] =
    ["2026-01-01T00:00:00Z", "2026-01-01T01:30:00.5+01:30", "1767225600000", "2026-01-01"];
const VERSIONS: [&str; 6] = ["v2", "2.0.0", "2.1.0-rc.1", "2.1.0-rc.1+7", "10.0", "2.1"];
const NETWORKS: [&str; 5] = ["10.0.0.0/8", "10.0.0.1", "::ffff:10.0.0.0/104", "2001:db8::/32", "0.0.0.0/0"];
const ADDRESSES: [&str; 4] = ["10.0.0.1", "::ffff:10.9.9.9", "2001:db8::1", "192.168.0.1"];
const PATTERNS: [&str; 8] = ["^pro", "(a+)+$", r"\d", r"\bdoc\b|é", "(?i)PRO", ".", "[", r"\pL{3}"];

/// A time around the one at which ramps and windows change.
pub(crate) fn now() -> impl Strategy<Value = i64> {
    prop_oneof![8 => NOW - 10 * HOUR..NOW + 10 * HOUR, 1 => any::<i64>()]
}

const HOUR: i64 = 3_600_000;

fn texts() -> BoxedStrategy<String> {
    let all = [&TEXTS[..], &NUMERIC, &TIMES, &VERSIONS, &ADDRESSES].concat();
    prop_oneof![
        6 => select(COMMON.to_vec()).prop_map(str::to_owned),
        6 => select(all).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
    .boxed()
}

fn numbers() -> BoxedStrategy<Value> {
    let known = [json!(0), json!(1), json!(-1), json!(1.5), json!(2.1), json!(7), json!(1e300), json!(NOW)];
    let edges =
        [json!(u64::MAX), json!(i64::MIN), json!(-0.0), json!(5e-324), json!(9_007_199_254_740_993_u64)];
    prop_oneof![
        6 => select(known.to_vec()),
        2 => select(edges.to_vec()),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
    ]
    .boxed()
}

fn scalars() -> BoxedStrategy<Value> {
    prop_oneof![4 => texts().prop_map(Value::from), 3 => numbers(), 1 => any::<bool>().prop_map(Value::from)]
        .boxed()
}

/// Any JSON value, with the names that documents use among its members.
pub(crate) fn any_json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![1 => Just(Value::Null), 6 => scalars()];
    let names = prop_oneof![
        select([&FIELDS[..], &ATTRIBUTES, &FLAGS, &SEGMENTS].concat()).prop_map(str::to_owned),
        any::<String>()
    ];
    leaf.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(names.clone(), inner, 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
    .boxed()
}

const FIELDS: [&str; 14] = [
    "key",
    "variations",
    "rules",
    "when",
    "all",
    "not",
    "op",
    "values",
    "rollout",
    "weights",
    "ramp",
    "at",
    "match",
    "format",
];

/// A value such as this attribute most often has.
fn fitting(attribute: &'static str) -> BoxedStrategy<Value> {
    let text = |texts: &[&'static str]| select(texts.to_vec()).prop_map(Value::from).boxed();
    match attribute {
        "age" => prop_oneof![numbers(), text(&NUMERIC)].boxed(),
        "when" => prop_oneof![3 => text(&TIMES), 1 => numbers()].boxed(),
        "version" => text(&VERSIONS),
        "ip" => text(&ADDRESSES),
        "tags" => vec(prop_oneof![5 => text(&COMMON), 1 => scalars(), 1 => any_json()], 0..4)
            .prop_map(Value::from)
            .boxed(),
        "org" => {
            let organization = |(plan, name)| json!({"plan": plan, "tier": {"name": name}});
            (text(&COMMON), scalars()).prop_map(organization).boxed()
        }
        _ => text(&COMMON),
    }
}

/// A context of the attributes that conditions ask for.
pub(crate) fn context() -> BoxedStrategy<Map<String, Value>> {
    let odd = || prop_oneof![4 => scalars(), 1 => Just(Value::Null), 1 => any_json()];
    let values = ATTRIBUTES.map(|attribute| of(prop_oneof![4 => fitting(attribute), 1 => odd()]));
    values
        .prop_map(|values| {
            let named = ATTRIBUTES.into_iter().zip(values);
            named.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
        })
        .boxed()
}

/// A test of an attribute by this operator, with values that it can compare (a pattern apart, which is none).
pub(crate) fn test(op: Operator) -> BoxedStrategy<Value> {
    let text = |texts: &[&'static str]| select(texts.to_vec()).prop_map(Value::from).boxed();
    let (attribute, value) = match op {
        Operator::Exists | Operator::NotExists => {
            let test = move |attribute| json!({"attribute": attribute, "op": op});
            return select(ATTRIBUTES.to_vec()).prop_map(test).boxed();
        }
        Operator::InSegment | Operator::NotInSegment => {
            let keys = vec(select(SEGMENTS.to_vec()), 1..3);
            return keys.prop_map(move |keys| json!({"op": op, "values": keys})).boxed();
        }
        Operator::Eq | Operator::Neq | Operator::In | Operator::NotIn => {
            ("plan", prop_oneof![text(&COMMON), scalars()].boxed())
        }
        Operator::Contains | Operator::NotContains | Operator::StartsWith | Operator::EndsWith => {
            let value = prop_oneof![4 => text(&COMMON), 1 => texts().prop_map(Value::from), 1 => numbers()];
            ("tags", value.boxed())
        }
        Operator::Matches => ("plan", text(&PATTERNS)),
        Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => ("age", fitting("age")),
        Operator::Before | Operator::After => {
            ("when", prop_oneof![3 => text(&TIMES[..3]), 1 => numbers()].boxed())
        }
        Operator::InCidr => ("ip", text(&NETWORKS)),
        _ => ("version", text(&VERSIONS)),
    };
    let attribute = prop_oneof![2 => Just(attribute), 1 => select(ATTRIBUTES.to_vec())];
    (attribute, vec(value, 1..4))
        .prop_map(move |(attribute, values)| json!({"attribute": attribute, "op": op, "values": values}))
        .boxed()
}

/// A condition tree with every operator.
pub(crate) fn condition() -> BoxedStrategy<Value> {
    select(Operator::ALL)
        .prop_flat_map(test)
        .prop_recursive(3, 12, 3, |part| {
            prop_oneof![
                vec(part.clone(), 0..4).prop_map(|parts| json!({"all": parts})),
                vec(part.clone(), 0..4).prop_map(|parts| json!({"any": parts})),
                part.prop_map(|part| json!({"not": part})),
            ]
        })
        .boxed()
}

/// Weights over all variations, that add up.
pub(crate) fn weights() -> BoxedStrategy<Value> {
    (0..=100_000_u32, 0..=100_000_u32).prop_map(|(a, b)| weighted(a.min(b), a.max(b))).boxed()
}

/// Weights by how far the first variation reaches, and the second.
pub(crate) fn weighted(first: u32, second: u32) -> Value {
    json!([
        {"variation": "on", "weight": first},
        {"variation": "blue", "weight": second - first},
        {"variation": "off", "weight": 100_000 - second},
    ])
}

fn ramp() -> BoxedStrategy<Value> {
    let step = (1..5 * HOUR, weights());
    (select(vec!["step", "linear"]), vec(step, 1..5))
        .prop_map(|(interpolation, steps)| {
            let mut at = NOW - 8 * HOUR;
            let step = |(later, weights)| {
                at += later;
                json!({"at": at, "weights": weights})
            };
            json!({"interpolation": interpolation, "steps": steps.into_iter().map(step).collect::<Vec<_>>()})
        })
        .boxed()
}

fn rollout() -> BoxedStrategy<Value> {
    let attribute = of(select(ATTRIBUTES.to_vec()));
    (attribute, of(select(TEXTS.to_vec())), weights(), of(ramp()))
        .prop_map(|(by, seed, weights, ramp)| {
            let optional = [("bucket_by", json!(by)), ("seed", json!(seed)), ("ramp", json!(ramp))];
            json!({"rollout": object([("weights", weights)], optional)})
        })
        .boxed()
}

fn serve() -> BoxedStrategy<Value> {
    let fixed = select(VARIATIONS.to_vec()).prop_map(|variation| json!({"variation": variation}));
    prop_oneof![fixed, rollout()].boxed()
}

/// A list that is most often empty.
fn seldom<S: Strategy<Value = Value>>(element: S) -> impl Strategy<Value = Value> {
    prop_oneof![3 => Just(json!([])), 2 => vec(element, 1..3).prop_map(Value::from)]
}

fn window() -> impl Strategy<Value = Value> {
    let time = || of(NOW - 12 * HOUR..NOW + 12 * HOUR);
    (time(), time())
        .prop_map(|(from, until)| object::<&str>([], [("from", json!(from)), ("until", json!(until))]))
}

fn prerequisite() -> impl Strategy<Value = Value> {
    (select(FLAGS.to_vec()), vec(select(VARIATIONS.to_vec()), 1..4))
        .prop_map(|(flag, variations)| json!({"flag": flag, "variations": variations}))
}

fn overriding() -> BoxedStrategy<Value> {
    let names = vec(select(COMMON.to_vec()), 1..4);
    let attributes = btree_map(select(ATTRIBUTES.to_vec()), names, 1..3);
    (attributes, select(VARIATIONS.to_vec()))
        .prop_map(|(attributes, variation)| json!({"match": attributes, "variation": variation}))
        .boxed()
}

/// A valid flag.
pub(crate) fn flag(key: &'static str) -> BoxedStrategy<Value> {
    let kind = select(vec!["boolean", "percentage", "segment", "combined", "advanced"]);
    let rules = vec((condition(), serve()), 0..4).prop_map(|rules| {
        let rule = |(id, (when, serve))| json!({"id": format!("r{id}"), "when": when, "serve": serve});
        rules.into_iter().enumerate().map(rule).collect::<Value>()
    });
    let head =
        (1..100_u32, kind, prop::bool::weighted(0.9), any::<bool>(), select(VARIATIONS.to_vec()), any_json());
    let window = prop_oneof![3 => Just(Value::Null), 1 => window()];
    let lists = (seldom(prerequisite()), seldom(overriding()), rules);
    (head, window, lists, serve()).prop_map(move |(head, window, (prerequisites, overrides, rules), fallthrough)| {
        let (version, kind, enabled, client_side, off, value) = head;
        let variations = json!([
            {"key": "on", "value": value}, {"key": "off", "value": null}, {"key": "blue", "value": "blue"}
        ]);
        let flag = json!({
            "format": 1, "semantics": 1, "key": key, "version": version, "kind": kind, "value_type": "json",
            "client_side": client_side, "variations": variations, "enabled": enabled, "off_variation": off,
            "prerequisites": prerequisites, "overrides": overrides, "rules": rules, "fallthrough": fallthrough
        });
        let Value::Object(flag) = flag else { unreachable!() };
        object(flag.into_iter().filter(|(_, value)| *value != json!([])), [("window", window)])
    })
        .boxed()
}

/// A valid segment.
pub(crate) fn segment(key: &'static str) -> BoxedStrategy<Value> {
    let names = || vec(select(COMMON.to_vec()), 0..3);
    (of(select(ATTRIBUTES.to_vec())), names(), names(), of(condition()))
        .prop_map(move |(by, included, excluded, when)| {
            let fixed =
                [("format", json!(1)), ("semantics", json!(1)), ("key", json!(key)), ("version", json!(1))];
            let lists = [("included", json!(included)), ("excluded", json!(excluded))];
            object(fixed.into_iter().chain(lists), [("by", json!(by)), ("when", json!(when))])
        })
        .boxed()
}

/// A whole ruleset with some flags and some segments.
pub(crate) fn ruleset() -> BoxedStrategy<Value> {
    let flags = FLAGS.map(|key| of(flag(key)));
    let segments = SEGMENTS.map(|key| prop::option::weighted(0.8, segment(key)));
    (flags, segments)
        .prop_map(|(flags, segments)| {
            let filed = |documents: Vec<Option<Value>>| -> Map<String, Value> {
                let key = |document: &Value| document["key"].as_str().unwrap_or_default().to_owned();
                documents.into_iter().flatten().map(|document| (key(&document), document)).collect()
            };
            let (flags, segments) = (filed(flags.into()), filed(segments.into()));
            json!({"format": 1, "environment": "e", "revision": 1, "flags": flags, "segments": segments})
        })
        .boxed()
}

/// Members, and those of the optional ones that are not null.
fn object<K: Into<String>>(
    members: impl IntoIterator<Item = (K, Value)>,
    optional: impl IntoIterator<Item = (&'static str, Value)>,
) -> Value {
    let members = members.into_iter().map(|(name, value)| (name.into(), value));
    let optional = optional.into_iter().filter(|(_, value)| !value.is_null());
    members.chain(optional.map(|(name, value)| (name.to_owned(), value))).collect()
}

/// What happens to one place of a document.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Replace(Value),
    Remove,
    Double,
    Rename(String),
}

pub(crate) fn mutation() -> impl Strategy<Value = (Index, Mutation)> {
    let how = prop_oneof![
        4 => any_json().prop_map(Mutation::Replace),
        2 => Just(Mutation::Remove),
        1 => Just(Mutation::Double),
        1 => any::<String>().prop_map(Mutation::Rename),
    ];
    (any::<Index>(), how)
}

/// Changes one place of a document.
pub(crate) fn mutate(document: &mut Value, (place, how): (Index, Mutation)) {
    let place = place.index(size(document));
    change(document, place, how);
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}

/// Changes the value at a place, counted depth first.
fn change(value: &mut Value, place: usize, how: Mutation) {
    let mut first = 1;
    let mut is_inside = |child: &Value| {
        let start = first;
        first += size(child);
        (place >= start && place < first).then_some(place - start)
    };
    match value {
        _ if place == 0 => {
            if let Mutation::Replace(new) = how {
                *value = new;
            }
        }
        Value::Array(elements) => {
            let Some((number, inner)) =
                elements.iter().enumerate().find_map(|(number, element)| Some((number, is_inside(element)?)))
            else {
                return;
            };
            match how {
                Mutation::Remove if inner == 0 => drop(elements.remove(number)),
                Mutation::Double if inner == 0 => elements.insert(number, elements[number].clone()),
                how => change(&mut elements[number], inner, how),
            }
        }
        Value::Object(members) => {
            let Some((name, inner)) =
                members.iter().find_map(|(name, member)| Some((name.clone(), is_inside(member)?)))
            else {
                return;
            };
            match how {
                Mutation::Remove if inner == 0 => drop(members.remove(&name)),
                Mutation::Rename(new) if inner == 0 => {
                    let member = members.remove(&name).unwrap_or_default();
                    members.insert(new, member);
                }
                how => change(&mut members[&name], inner, how),
            }
        }
        _ => {}
    }
}

/// What is generated is worth asking: it arrives at every reason, and every operator holds and does not hold.
#[test]
fn generated_rulesets_arrive_everywhere() {
    let (mut reasons, mut operators) = (BTreeSet::new(), BTreeSet::new());
    let mut runner = TestRunner::deterministic();
    let strategy = (ruleset(), vec((context(), now()), 4));
    for _ in 0..300 {
        let (ruleset, contexts) = strategy.new_tree(&mut runner).unwrap().current();
        let compiled = Compiled::from_ruleset(&Ruleset::deserialize(ruleset).unwrap());
        for (context, now) in &contexts {
            let context = Context::from(context);
            for explanation in compiled.flags().map(|flag| flag.explain(&context, *now)) {
                reasons.insert(explanation.detail.reason);
                explanation.steps.iter().for_each(|step| {
                    if let Step::Rule { condition, .. } = step {
                        note(condition, &mut operators);
                    }
                });
            }
        }
    }
    let unknown = [Reason::FlagNotFound, Reason::UnknownType];
    let missing: Vec<_> =
        Reason::ALL.iter().filter(|it| !reasons.contains(it) && !unknown.contains(it)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let of_attributes = Operator::ALL.iter().filter(|op| !op.is_segment());
    let missing: Vec<_> = of_attributes
        .flat_map(|op| [(*op, true), (*op, false)])
        .filter(|it| !operators.contains(it))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn note(condition: &Held<'_>, operators: &mut BTreeSet<(Operator, bool)>) {
    match &condition.condition {
        Parts::All(parts) | Parts::Any(parts) => parts.iter().for_each(|part| note(part, operators)),
        Parts::Not(part) => note(part, operators),
        Parts::Test { op, .. } => drop(operators.insert((*op, condition.held))),
        Parts::Segments { .. } => {}
    }
}
