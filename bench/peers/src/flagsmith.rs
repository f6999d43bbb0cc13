//! Flagsmith: `flagsmith-flag-engine`, the engine inside their Rust SDK's local evaluation.
//!
//! Forced by the API: `get_evaluation_result` evaluates the whole environment and returns an owned map. So each row
//! has an environment of its own with nothing but its flag and that flag's segments, and the identity is in it
//! beforehand. A rule is a segment which overrides the flag, so the ten rules are ten segments, all of which are
//! evaluated. The list of ids is an array in the engine's own context, not the comma-separated text of the
//! environment document, which would be split anew each time. There is no "ends with", hence a regex; a flag that
//! another one needs is a condition of the segment (`$.flags.<name>.enabled`, new in 0.7.0).

use std::{hint::black_box, rc::Rc};

use flagsmith_flag_engine::{
    engine::get_evaluation_result,
    engine_eval::{EngineEvaluationContext, add_identity_to_context},
    identities::Trait,
    types::{FlagsmithValue, FlagsmithValueType},
};
use serde_json::{Value, json};

use crate::{Row, rows::*};

const ENVIRONMENT: &str = "env";
const ID_PROPERTY: &str = "$.identity.identifier";

/// Row, and the environment with the identity.
pub struct Peer(Vec<(&'static str, EngineEvaluationContext)>);

impl Peer {
    /// A row's answer for any user with other attributes, for the tests.
    pub fn answer(&self, row: &str, user: &str, strings: &Strings) -> bool {
        let (_, context) = self.0.iter().find(|(name, _)| *name == row).expect("the row");
        evaluate(&add_identity_to_context(context, user, &traits(strings)), row)
    }
}

fn evaluate(context: &EngineEvaluationContext, name: &str) -> bool {
    get_evaluation_result(black_box(context)).flags.get(name).is_some_and(|flag| flag.enabled)
}

fn traits(strings: &Strings) -> Vec<Trait> {
    let value = |name: &str, value: String, value_type| Trait {
        trait_key: name.to_owned(),
        trait_value: FlagsmithValue { value, value_type },
    };
    let strings = strings.map(|(name, text)| value(name, text.to_owned(), FlagsmithValueType::String));
    let others = [
        value("beta", BETA.to_string(), FlagsmithValueType::Bool),
        value("age", AGE.to_string(), FlagsmithValueType::Integer),
    ];
    strings.into_iter().chain(others).collect()
}

fn identified(context: &EngineEvaluationContext) -> EngineEvaluationContext {
    add_identity_to_context(context, USER, &traits(&STRINGS))
}

fn condition(property: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({ "property": property, "operator": operator, "value": value.into() })
}

fn feature(name: &str, enabled: bool) -> Value {
    json!({ "key": name, "name": name, "enabled": enabled, "value": null })
}

/// Turns the flag on for those who meet all conditions.
fn segment(key: &str, flag: &str, conditions: Vec<Value>) -> (String, Value) {
    let mut on = feature(flag, true);
    on["priority"] = json!(1);
    let rules = json!([{ "type": "ALL", "conditions": conditions }]);
    (key.to_owned(), json!({ "key": key, "name": key, "rules": rules, "overrides": [on] }))
}

/// An environment in which all flags but `on` are off, unless a segment overrides them.
fn environment(on: &[&str], off: &[&str], segments: Vec<(String, Value)>) -> EngineEvaluationContext {
    let features = on.iter().map(|name| (*name, true)).chain(off.iter().map(|name| (*name, false)));
    let features: Value = features.map(|(name, enabled)| (name.to_owned(), feature(name, enabled))).collect();
    let context = json!({
        "environment": { "key": ENVIRONMENT, "name": ENVIRONMENT },
        "features": features,
        "segments": Value::from_iter(segments),
    });
    serde_json::from_value(context).expect("a valid context")
}

fn segments(name: &'static str) -> Vec<(String, Value)> {
    let one = |conditions| vec![segment("1", name, conditions)];
    match name {
        PERCENTAGE => one(vec![condition(ID_PROPERTY, "PERCENTAGE_SPLIT", "25")]),
        ONE_RULE => one(vec![condition("plan", "EQUAL", "pro")]),
        TEN_RULES => {
            let equal = |all: &[(&str, &str)]| {
                all.iter().map(|(name, value)| condition(name, "EQUAL", *value)).collect()
            };
            TEN.iter().enumerate().map(|(i, all)| segment(&i.to_string(), name, equal(all))).collect()
        }
        ID_LIST => one(vec![condition(ID_PROPERTY, "IN", ids())]),
        SEMVER_REGEX => one(vec![
            condition("appVersion", "GREATER_THAN_INCLUSIVE", format!("{MIN_VERSION}:semver")),
            condition("email", "REGEX", EMAIL_PATTERN),
        ]),
        PREREQUISITE => one(vec![
            condition(&format!("$.flags.{PARENT}.enabled"), "EQUAL", "true"),
            condition("email", "REGEX", EMAIL_END_PATTERN),
        ]),
        _ => vec![],
    }
}

pub fn prepare() -> Peer {
    let context = |name| match name {
        BOOLEAN => environment(&[name], &[], vec![]),
        PREREQUISITE => environment(&[PARENT], &[name], segments(name)),
        _ => environment(&[], &[name], segments(name)),
    };
    Peer(ALL.map(|name| (name, identified(&context(name)))).into())
}

pub fn flags() -> Vec<Row> {
    let row = |(name, context)| -> Row { (name, Box::new(move || evaluate(&context, name))) };
    prepare().0.into_iter().map(row).collect()
}

pub fn extras() -> Vec<Row> {
    // All seven flags in one environment: each segment needs a key of its own.
    let all = ALL.iter().flat_map(|name| segments(name)).enumerate().map(|(i, (_, mut segment))| {
        segment["key"] = json!(i.to_string());
        (i.to_string(), segment)
    });
    let all = Rc::new(identified(&environment(&[BOOLEAN, PARENT], &ALL[1..], all.collect())));
    let row = |label, name: &'static str| -> Row {
        let all = all.clone();
        (label, Box::new(move || evaluate(&all, name)))
    };
    let (bare, traits) = (environment(&[BOOLEAN], &[], vec![]), traits(&STRINGS));
    vec![
        (
            "boolean: identity added per evaluation by add_identity_to_context",
            Box::new(move || evaluate(&add_identity_to_context(black_box(&bare), USER, &traits), BOOLEAN)),
        ),
        row("boolean: all seven flags in one environment", BOOLEAN),
    ]
}
