//! LaunchDarkly: `launchdarkly-server-sdk-evaluation`, the engine inside their Rust server SDK.
//!
//! Flags and segments are parsed from the JSON that their service sends. `evaluate` takes the flag by reference, so
//! a row is the evaluation without the look-up by key. Prerequisites and segments come out of the `Store` trait by
//! value: their copies are forced by the API. `negate` of `semVerLessThan` is how they write `>=`.

use std::{collections::HashMap, hint::black_box, rc::Rc};

use launchdarkly_server_sdk_evaluation::{
    Context, ContextBuilder, Flag, FlagValue, Segment, Store, evaluate,
};
use serde_json::{Value, json};

use crate::{Row, rows::*};

/// The key of the segment that has the ids, for `extras()`.
const ID_SEGMENT: &str = "ids";

/// What the SDK would hold in memory.
struct Data {
    flags: HashMap<String, Flag>,
    segments: HashMap<String, Segment>,
}

impl Store for Data {
    fn flag(&self, key: &str) -> Option<Flag> {
        self.flags.get(key).cloned()
    }

    fn segment(&self, key: &str) -> Option<Segment> {
        self.segments.get(key).cloned()
    }
}

pub struct Peer {
    data: Data,
    context: Context,
}

impl Peer {
    fn evaluate(&self, flag: &Flag, context: &Context) -> bool {
        let detail = evaluate(&self.data, black_box(flag), black_box(context), None);
        matches!(detail.value, Some(FlagValue::Bool(true)))
    }

    /// A row's answer for any user with other attributes, for the tests.
    pub fn answer(&self, row: &str, user: &str, strings: &Strings) -> bool {
        self.evaluate(&self.data.flags[row], &context(user, strings))
    }
}

fn context(user: &str, strings: &Strings) -> Context {
    let mut builder = ContextBuilder::new(user);
    for (name, value) in strings {
        builder.set_string(name, *value);
    }
    builder.set_bool("beta", BETA).set_float("age", f64::from(AGE));
    builder.build().expect("a valid context")
}

fn clause(attribute: &str, op: &str, negate: bool, value: &str) -> Value {
    json!({ "contextKind": "user", "attribute": attribute, "op": op, "negate": negate, "values": [value] })
}

fn rule(clauses: Vec<Value>) -> Value {
    json!({ "id": "rule", "clauses": clauses, "variation": 0, "trackEvents": false })
}

/// A flag with the variations true (0) and false (1), with `fields` put over the defaults.
fn flag(key: &str, fields: Value) -> Flag {
    let mut flag = json!({
        "key": key, "version": 1, "on": true, "salt": SALT, "clientSide": false,
        "targets": [], "rules": [], "prerequisites": [],
        "variations": [true, false], "offVariation": 1, "fallthrough": { "variation": 1 },
    });
    for (name, value) in fields.as_object().expect("an object") {
        flag[name] = value.clone();
    }
    serde_json::from_value(flag).expect("a valid flag")
}

fn segment(key: &str, included: Vec<String>, clauses: Vec<Value>) -> Segment {
    let rules: Vec<_> = if clauses.is_empty() { vec![] } else { vec![json!({ "clauses": clauses })] };
    let segment = json!({ "key": key, "version": 1, "included": included, "excluded": [], "rules": rules, "salt": SALT });
    serde_json::from_value(segment).expect("a valid segment")
}

pub fn prepare() -> Peer {
    let always = json!({ "fallthrough": { "variation": 0 } });
    let rollout = json!([{ "variation": 0, "weight": 25_000 }, { "variation": 1, "weight": 75_000 }]);
    let ten = TEN.map(|all| rule(all.iter().map(|(name, value)| clause(name, "in", false, value)).collect()));
    let flags = [
        flag(BOOLEAN, always.clone()),
        flag(PERCENTAGE, json!({ "fallthrough": { "rollout": { "variations": rollout } } })),
        flag(ONE_RULE, json!({ "rules": [rule(vec![clause("plan", "in", false, "pro")])] })),
        flag(TEN_RULES, json!({ "rules": ten })),
        flag(ID_LIST, json!({ "targets": [{ "values": ids(), "variation": 0 }] })),
        flag(
            SEMVER_REGEX,
            json!({ "rules": [rule(vec![
                clause("appVersion", "semVerLessThan", true, MIN_VERSION),
                clause("email", "matches", false, EMAIL_PATTERN),
            ])] }),
        ),
        flag(
            PREREQUISITE,
            json!({
                "prerequisites": [{ "key": PARENT, "variation": 0 }],
                "rules": [rule(vec![clause("", "segmentMatch", false, SEGMENT)])],
            }),
        ),
        flag(PARENT, always),
        flag(ID_SEGMENT, json!({ "rules": [rule(vec![clause("", "segmentMatch", false, ID_SEGMENT)])] })),
    ];
    let segments = [
        segment(SEGMENT, vec![], vec![clause("email", "endsWith", false, EMAIL_END)]),
        segment(ID_SEGMENT, ids(), vec![]),
    ];
    Peer {
        data: Data {
            flags: flags.into_iter().map(|flag| (flag.key.clone(), flag)).collect(),
            segments: segments.into_iter().map(|segment| (segment.key.clone(), segment)).collect(),
        },
        context: context(USER, &STRINGS),
    }
}

fn row(peer: &Rc<Peer>, name: &'static str, key: &str) -> Row {
    let (peer, flag) = (peer.clone(), peer.data.flags[key].clone());
    (name, Box::new(move || peer.evaluate(&flag, &peer.context)))
}

pub fn flags() -> Vec<Row> {
    let peer = Rc::new(prepare());
    ALL.map(|name| row(&peer, name, name)).into()
}

pub fn extras() -> Vec<Row> {
    let peer = Rc::new(prepare());
    // `Store::flag` returns a flag by value, so whoever takes it from there has a copy to pay for.
    let copied = |name, key: &'static str| -> Row {
        let peer = peer.clone();
        (
            name,
            Box::new(move || {
                peer.data.flag(black_box(key)).is_some_and(|flag| peer.evaluate(&flag, &peer.context))
            }),
        )
    };
    vec![
        row(&peer, "10000-ids: as a segment's included keys", ID_SEGMENT),
        copied("boolean: the flag copied from the store", BOOLEAN),
        copied("ten-rules: the flag copied from the store", TEN_RULES),
        copied("10000-ids: the flag copied from the store", ID_LIST),
    ]
}
