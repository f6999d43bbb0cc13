//! Unleash: `unleash-yggdrasil`, the domain logic of their SDKs as a crate.
//!
//! The features are parsed from the JSON of their client API and compiled into closures by the engine; a row is
//! `EngineState::is_enabled`, which finds the flag by name. Counting the evaluation (`count_toggle`) is another call
//! and not in the rows. Every attribute is a string; a rule is a strategy with constraints, all of which must hold.

use std::{hint::black_box, rc::Rc};

use serde_json::{Map, Value, json};
use unleash_yggdrasil::{Context, EngineState};

use crate::{Row, rows::*};

/// The flag with the ids as parameters of the older strategy `userWithId`, for `extras()`.
const WITH_ID: &str = "userWithId";

pub struct Peer {
    engine: EngineState,
    context: Context,
}

impl Peer {
    fn evaluate(&self, key: &str, context: &Context) -> bool {
        self.engine.is_enabled(black_box(key), black_box(context), &None)
    }

    /// A row's answer for any user with other attributes, for the tests.
    pub fn answer(&self, row: &str, user: &str, strings: &Strings) -> bool {
        self.evaluate(row, &context(user, strings))
    }
}

fn context(user: &str, strings: &Strings) -> Context {
    let mut properties: Map<_, _> =
        strings.map(|(name, value)| (name.to_owned(), json!(value))).into_iter().collect();
    properties.insert("beta".to_owned(), json!(BETA));
    properties.insert("age".to_owned(), json!(AGE));
    serde_json::from_value(json!({ "userId": user, "properties": properties })).expect("a valid context")
}

fn is(attribute: &str, values: &[impl AsRef<str>]) -> Value {
    let values: Vec<_> = values.iter().map(AsRef::as_ref).collect();
    json!({ "contextName": attribute, "operator": "IN", "values": values })
}

/// The strategy for everyone who meets the constraints.
fn strategy(constraints: Vec<Value>) -> Value {
    json!({ "name": "default", "constraints": constraints })
}

fn feature(name: &str, strategies: Value) -> Value {
    json!({ "name": name, "enabled": true, "strategies": strategies })
}

pub fn prepare() -> Peer {
    let ten = TEN.map(|all| strategy(all.iter().map(|(name, value)| is(name, &[value])).collect()));
    let rollout = json!({ "rollout": "25", "stickiness": "userId", "groupId": PERCENTAGE });
    let mut dependent = feature(PREREQUISITE, json!([{ "name": "default", "segments": [1] }]));
    dependent["dependencies"] = json!([{ "feature": PARENT, "enabled": true }]);
    let state = json!({
        "version": 2,
        "features": [
            feature(BOOLEAN, json!([strategy(vec![])])),
            feature(PERCENTAGE, json!([{ "name": "flexibleRollout", "parameters": rollout }])),
            feature(ONE_RULE, json!([strategy(vec![is("plan", &["pro"])])])),
            feature(TEN_RULES, json!(ten)),
            feature(ID_LIST, json!([strategy(vec![is("userId", &ids())])])),
            feature(SEMVER_REGEX, json!([strategy(vec![
                json!({ "contextName": "appVersion", "operator": "SEMVER_GTE", "value": MIN_VERSION }),
                json!({ "contextName": "email", "operator": "REGEX", "value": EMAIL_PATTERN }),
            ])])),
            dependent,
            feature(PARENT, json!([strategy(vec![])])),
            feature(WITH_ID, json!([{ "name": "userWithId", "parameters": { "userIds": ids().join(",") } }])),
        ],
        "segments": [
            { "id": 1, "constraints": [
                { "contextName": "email", "operator": "STR_ENDS_WITH", "values": [EMAIL_END] },
            ] },
        ],
    });
    let engine = EngineState::default();
    let warnings = engine.apply_client_features(serde_json::from_value(state).expect("valid features"));
    assert!(warnings.is_none(), "{warnings:?}");
    Peer { engine, context: context(USER, &STRINGS) }
}

fn row(peer: &Rc<Peer>, name: &'static str, key: &'static str) -> Row {
    let peer = peer.clone();
    (name, Box::new(move || peer.evaluate(key, &peer.context)))
}

pub fn flags() -> Vec<Row> {
    let peer = Rc::new(prepare());
    ALL.map(|name| row(&peer, name, name)).into()
}

pub fn extras() -> Vec<Row> {
    let peer = Rc::new(prepare());
    let counted = peer.clone();
    vec![
        row(&peer, "10000-ids: by the strategy userWithId", WITH_ID),
        (
            "boolean: with the count for their metrics",
            Box::new(move || {
                let enabled = counted.evaluate(BOOLEAN, &counted.context);
                counted.engine.count_toggle(BOOLEAN, enabled);
                enabled
            }),
        ),
    ]
}
