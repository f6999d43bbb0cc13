//! Togglebit: `engine` with the feature `eval`, the crate that the server and the playground evaluate with.
//!
//! The documents are compiled from the JSON in which they are stored, and the context is read from JSON beforehand. A
//! row is `Compiled::evaluate`, which finds the flag by key and answers with the value, the variation, the reason and
//! the versions; the time is passed in.

use std::{hint::black_box, rc::Rc};

use engine::{Change, Compiled, Context};
use serde_json::{Value, json};

use crate::{
    Row, mix,
    rows::{self, *},
};

/// 2026-01-01.
const NOW: i64 = 1_767_225_600_000;

/// The flags and the segment with the ids by other ways, for `extras()`.
const ID_SEGMENT: &str = "ids";
const ID_OVERRIDES: &str = "id-overrides";

pub struct Peer {
    compiled: Compiled,
    context: Context<'static>,
}

impl Peer {
    fn evaluate(&self, key: &str, context: &Context<'_>) -> bool {
        self.compiled.evaluate(black_box(key), black_box(context), black_box(NOW)).enabled
    }

    /// The answer of a row, or of one of [`ROLLOUTS`], for any user with other attributes, for the tests.
    pub fn answer(&self, row: &str, user: &str, strings: &Strings) -> bool {
        self.evaluate(row, &context(&json(user, strings)))
    }
}

fn json(user: &str, strings: &Strings) -> String {
    rows::json("userId", user, strings).to_string()
}

fn context(json: &str) -> Context<'_> {
    Context::from_json(json.as_bytes()).expect("a valid context")
}

/// A flag with the variations on and off, with `fields` put over the defaults: key and document.
pub fn flag(key: &str, fields: Value) -> (String, String) {
    let mut flag = json!({
        "format": 1, "semantics": 1, "key": key, "version": 1, "kind": "advanced", "value_type": "boolean",
        "variations": [{ "key": "on", "value": true }, { "key": "off", "value": false }],
        "enabled": true, "off_variation": "off", "fallthrough": { "variation": "off" },
    });
    for (name, value) in fields.as_object().expect("an object") {
        flag[name] = value.clone();
    }
    (key.to_owned(), flag.to_string())
}

/// A segment: key and document.
pub fn segment(key: &str, fields: Value) -> (String, String) {
    let mut segment = json!({ "format": 1, "semantics": 1, "key": key, "version": 1 });
    for (name, value) in fields.as_object().expect("an object") {
        segment[name] = value.clone();
    }
    (key.to_owned(), segment.to_string())
}

pub fn test(attribute: &str, op: &str, values: impl Into<Value>) -> Value {
    json!({ "attribute": attribute, "op": op, "values": values.into() })
}

pub fn in_segment(key: &str) -> Value {
    json!({ "op": "in_segment", "values": [key] })
}

/// Serves true where the condition holds.
pub fn rule(id: &str, when: Value) -> Value {
    json!({ "id": id, "when": when, "serve": { "variation": "on" } })
}

fn rules(when: impl IntoIterator<Item = Value>) -> Value {
    let rules = when.into_iter().enumerate().map(|(i, when)| rule(&format!("rule-{i}"), when));
    json!({ "rules": rules.collect::<Vec<_>>() })
}

fn quarter(algorithm: &str, seed: Option<&str>) -> Value {
    let weights = json!([{ "variation": "on", "weight": 25_000 }, { "variation": "off", "weight": 75_000 }]);
    let mut rollout = json!({ "algorithm": algorithm, "weights": weights });
    if let Some(seed) = seed {
        rollout["seed"] = seed.into();
    }
    json!({ "fallthrough": { "rollout": rollout } })
}

/// Compiles flags and segments, all of which have to be usable.
pub fn compile(flags: &[(String, String)], segments: &[(String, String)]) -> Compiled {
    let flags = flags.iter().map(|(key, document)| Change::Flag(key, Some(document)));
    let segments = segments.iter().map(|(key, document)| Change::Segment(key, Some(document)));
    let compiled = Compiled::from_documents(1, flags.chain(segments));
    if let Some(warning) = compiled.warnings().next() {
        panic!("{warning:?}");
    }
    compiled
}

pub fn prepare() -> Peer {
    let always = json!({ "kind": "boolean", "fallthrough": { "variation": "on" } });
    let ten = TEN.map(|all| {
        let tests: Vec<_> = all.iter().map(|(name, value)| test(name, "in", vec![*value])).collect();
        match <[Value; 1]>::try_from(tests) {
            Ok([test]) => test,
            Err(tests) => json!({ "all": tests }),
        }
    });
    let mut dependent = rules([in_segment(SEGMENT)]);
    dependent["prerequisites"] = json!([{ "flag": PARENT, "variations": ["on"] }]);
    let everyone = json!([{ "match": { "userId": ids() }, "variation": "on" }]);
    let mut flags = vec![
        flag(BOOLEAN, always.clone()),
        flag(PERCENTAGE, quarter("togglebit", None)),
        flag(ONE_RULE, rules([test("plan", "in", vec!["pro"])])),
        flag(TEN_RULES, rules(ten)),
        flag(ID_LIST, rules([test("userId", "in", ids())])),
        flag(
            SEMVER_REGEX,
            rules([json!({ "all": [
                test("appVersion", "semver_gte", vec![MIN_VERSION]),
                test("email", "matches", vec![EMAIL_PATTERN]),
            ] })]),
        ),
        flag(PREREQUISITE, dependent),
        flag(PARENT, always),
        flag(ID_SEGMENT, rules([in_segment(ID_SEGMENT)])),
        flag(ID_OVERRIDES, json!({ "overrides": everyone })),
    ];
    flags.extend(ROLLOUTS.map(|(algorithm, seed)| flag(algorithm, quarter(algorithm, Some(seed)))));
    let segments = [
        segment(SEGMENT, json!({ "when": test("email", "ends_with", vec![EMAIL_END]) })),
        segment(ID_SEGMENT, json!({ "included": ids() })),
    ];
    // For the rest of the run, so that closures can hold what borrows from it.
    let json: &'static str = json(USER, &STRINGS).leak();
    Peer { compiled: compile(&flags, &segments), context: context(json) }
}

fn row(peer: &Rc<Peer>, name: &'static str, key: &'static str) -> Row {
    let peer = peer.clone();
    (name, Box::new(move || peer.evaluate(key, &peer.context)))
}

pub fn flags() -> Vec<Row> {
    let peer = Rc::new(prepare());
    ALL.map(|name| row(&peer, name, name)).into()
}

/// The percentage by each of [`ROLLOUTS`].
pub fn rollouts() -> Vec<Row> {
    let peer = Rc::new(prepare());
    ROLLOUTS.map(|(algorithm, _)| row(&peer, algorithm, algorithm)).into()
}

pub fn extras() -> Vec<Row> {
    let peer = Rc::new(prepare());
    let read = |name, key: &'static str| -> Row {
        let (peer, json) = (peer.clone(), json(USER, &STRINGS));
        (name, Box::new(move || peer.evaluate(key, &context(black_box(&json)))))
    };
    let mut flags = mix::flags();
    flags.push(flag(BOOLEAN, json!({ "kind": "boolean", "fallthrough": { "variation": "on" } })));
    let many = Rc::new(Peer { compiled: compile(&flags, &mix::segments()), context: peer.context.clone() });
    vec![
        row(&peer, "10000-ids: as a segment's included ids", ID_SEGMENT),
        row(&peer, "10000-ids: as overrides", ID_OVERRIDES),
        read("boolean: the context read from JSON each time", BOOLEAN),
        read("ten-rules: the context read from JSON each time", TEN_RULES),
        row(&many, "boolean: among 10 000 other flags", BOOLEAN),
    ]
}
