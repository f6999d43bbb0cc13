//! Eppo: `eppo_core`, the engine inside their Rust SDK, with bindings for Python, Ruby and Elixir.
//!
//! The flags are parsed from the JSON that their service sends (UFC) into a `Configuration`; a row is
//! `get_assignment` as their own benchmark calls it, with the time passed in. A rule with an outcome is an
//! allocation. Allocations have `doLog: false`, as for a feature gate; with `true` there is also an event to build.
//! Their format has neither prerequisites nor segments (audiences are written out by their server), so there is no
//! last row.

use std::{hint::black_box, rc::Rc, sync::Arc};

use chrono::{DateTime, Utc};
use eppo_core::{
    Attributes, Configuration, SdkMetadata, Str,
    configuration_store::ConfigurationStore,
    eval::{Evaluator, EvaluatorConfig, get_assignment},
    ufc::{Assignment, AssignmentValue, UniversalFlagConfig, VariationType},
};
use serde_json::{Value, json};

use crate::{Row, rows::*};

const SDK: SdkMetadata = SdkMetadata { name: "peers", version: "0.1.0" };
/// The percentage with `doLog: true`, for `extras()`.
const LOGGED: &str = "logged";

pub struct Peer {
    configuration: Arc<Configuration>,
    user: Str,
    attributes: Arc<Attributes>,
    now: DateTime<Utc>,
}

impl Peer {
    fn evaluate(&self, key: &str, user: &Str, attributes: &Arc<Attributes>) -> bool {
        let (key, user, attributes) = (black_box(key), black_box(user), black_box(attributes));
        let ty = Some(VariationType::Boolean);
        is_true(get_assignment(Some(&self.configuration), key, user, attributes, ty, self.now).ok().flatten())
    }

    /// A row's answer for any user with other attributes, for the tests.
    pub fn answer(&self, row: &str, user: &str, strings: &Strings) -> bool {
        self.evaluate(row, &Str::new(user), &attributes(strings))
    }
}

fn attributes(strings: &Strings) -> Arc<Attributes> {
    let strings = strings.map(|(name, value)| (name.into(), value.into()));
    let others = [("beta".into(), BETA.into()), ("age".into(), f64::from(AGE).into())];
    Arc::new(strings.into_iter().chain(others).collect())
}

fn is_true(assignment: Option<Assignment>) -> bool {
    matches!(assignment, Some(Assignment { value: AssignmentValue::Boolean(true), .. }))
}

fn condition(attribute: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({ "attribute": attribute, "operator": operator, "value": value.into() })
}

/// Serves a variation to all who meet the conditions.
fn allocation(key: &str, conditions: Vec<Value>, variation: &str) -> Value {
    let rules: Vec<_> =
        if conditions.is_empty() { vec![] } else { vec![json!({ "conditions": conditions })] };
    let splits = json!([{ "variationKey": variation, "shards": [] }]);
    json!({ "key": key, "rules": rules, "splits": splits, "doLog": false })
}

/// Serves true to a quarter of the users.
fn quarter(log: bool) -> Value {
    let shards = json!([{ "salt": SALT, "ranges": [{ "start": 0, "end": 2500 }] }]);
    json!({ "key": "quarter", "splits": [{ "variationKey": "on", "shards": shards }], "doLog": log })
}

fn flag(key: &str, mut allocations: Vec<Value>) -> (String, Value) {
    allocations.push(allocation("default", vec![], "off"));
    let flag = json!({
        "key": key, "enabled": true, "variationType": "BOOLEAN", "totalShards": 10_000, "allocations": allocations,
        "variations": { "on": { "key": "on", "value": true }, "off": { "key": "off", "value": false } },
    });
    (key.to_owned(), flag)
}

pub fn prepare() -> Peer {
    let on = |conditions| allocation("on", conditions, "on");
    let ten =
        TEN.map(|all| on(all.iter().map(|(name, value)| condition(name, "ONE_OF", vec![*value])).collect()));
    let flags = [
        flag(BOOLEAN, vec![on(vec![])]),
        flag(PERCENTAGE, vec![quarter(false)]),
        flag(ONE_RULE, vec![on(vec![condition("plan", "ONE_OF", vec!["pro"])])]),
        flag(TEN_RULES, ten.into()),
        flag(ID_LIST, vec![on(vec![condition("id", "ONE_OF", ids())])]),
        flag(
            SEMVER_REGEX,
            vec![on(vec![
                condition("appVersion", "GTE", MIN_VERSION),
                condition("email", "MATCHES", EMAIL_PATTERN),
            ])],
        ),
        flag(LOGGED, vec![quarter(true)]),
    ];
    let ufc = json!({
        "createdAt": "2026-01-01T00:00:00Z", "format": "SERVER", "environment": { "name": "bench" },
        "flags": Value::from_iter(flags),
    });
    let ufc = UniversalFlagConfig::from_json(SDK, ufc.to_string().into_bytes()).expect("valid flags");
    Peer {
        configuration: Arc::new(Configuration::from_server_response(ufc, None)),
        user: Str::from_static_str(USER),
        attributes: attributes(&STRINGS),
        now: Utc::now(),
    }
}

fn row(peer: &Rc<Peer>, name: &'static str, key: &'static str) -> Row {
    let peer = peer.clone();
    (name, Box::new(move || peer.evaluate(key, &peer.user, &peer.attributes)))
}

pub fn flags() -> Vec<Row> {
    let peer = Rc::new(prepare());
    ALL.into_iter().filter(|name| *name != PREREQUISITE).map(|name| row(&peer, name, name)).collect()
}

pub fn extras() -> Vec<Row> {
    let peer = Rc::new(prepare());
    let store = Arc::new(ConfigurationStore::new());
    store.set_configuration(peer.configuration.clone());
    let evaluator = Evaluator::new(EvaluatorConfig { configuration_store: store, sdk_metadata: SDK });
    let logged = row(&peer, "percentage: with the event for their log", LOGGED);
    let ty = Some(VariationType::Boolean);
    vec![
        logged,
        (
            "boolean: by the Evaluator, which reads the store and the clock",
            Box::new(move || {
                let assignment =
                    evaluator.get_assignment(black_box(BOOLEAN), &peer.user, &peer.attributes, ty);
                is_true(assignment.ok().flatten())
            }),
        ),
    ]
}
