//! Where exactly in a flag's document something is wrong. The engine leaves out whole rules, and says of which; their
//! authors want to know of the value.

use domain::FieldError;
use engine::CompiledFlag;
use engine::ruleset::{Condition, FORMAT, Flag, Kind, Rule, SEMANTICS, Serve, Test, ValueType, Variation};

/// The innermost place of what is wrong with a flag, as far as it can be found.
pub(super) fn precise(flag: &Flag, fault: FieldError) -> FieldError {
    let found = match fault.path.strip_suffix(".when") {
        Some(rule) => in_condition(flag, rule, &fault),
        None => in_rollout(&fault),
    };
    found.unwrap_or(fault)
}

/// `serve` and `fallthrough` tell what is wrong with a field of their rollout.
fn in_rollout(fault: &FieldError) -> Option<FieldError> {
    let FieldError { path, message } = fault;
    let (field, message) = message.split_once(": ")?;
    let is_field = field == "bucket_by" || field.starts_with("ramp.");
    let is_serve = path == "fallthrough" || path.ends_with(".serve");
    let path = format!("{path}.rollout.{field}");
    (is_field && is_serve).then(|| FieldError { path, message: message.to_owned() })
}

fn in_condition(flag: &Flag, rule: &str, fault: &FieldError) -> Option<FieldError> {
    let place: usize = rule.strip_prefix("rules[")?.strip_suffix(']')?.parse().ok()?;
    let rule = flag.rules.get(place)?;
    let mut tests = Vec::new();
    gather(&fault.path, &rule.when, &mut tests);
    let (path, test) = tests.into_iter().find(|(_, test)| is_wrong(rule, (*test).clone(), &fault.message))?;
    let alone = |value: &serde_json::Value| {
        let (attribute, op, values) = (test.attribute.clone(), test.op, vec![value.clone()]);
        Test { attribute, op, values }
    };
    let value = test.values.iter().position(|value| is_wrong(rule, alone(value), &fault.message));
    let path = value.map_or_else(|| path.clone(), |value| format!("{path}.values[{value}]"));
    Some(FieldError { path, message: fault.message.clone() })
}

fn gather<'c>(path: &str, condition: &'c Condition, tests: &mut Vec<(String, &'c Test)>) {
    match condition {
        Condition::All { all } => {
            all.iter()
                .enumerate()
                .for_each(|(place, part)| gather(&format!("{path}.all[{place}]"), part, tests));
        }
        Condition::Any { any } => {
            any.iter()
                .enumerate()
                .for_each(|(place, part)| gather(&format!("{path}.any[{place}]"), part, tests));
        }
        Condition::Not { not } => gather(&format!("{path}.not"), not, tests),
        Condition::Test(test) => tests.push((path.to_owned(), test)),
    }
}

/// Whether what is wrong is wrong with this test: with a segment that it names, or with the test by itself. The flag that
/// is compiled to know has nothing else: there may be many tests, each with many values.
fn is_wrong(rule: &Rule, test: Test, message: &str) -> bool {
    if test.op.is_segment() && !message.starts_with('`') {
        let mut named = message.split('`').skip(1).step_by(2);
        return named.any(|name| test.values.iter().any(|value| value == name));
    }
    let only = "only".to_owned();
    let alone = Flag {
        format: FORMAT,
        semantics: SEMANTICS,
        key: only.clone(),
        version: 1,
        flag_version: 1,
        kind: Kind::Advanced,
        value_type: ValueType::Boolean,
        client_side: false,
        track_events: false,
        variations: vec![Variation { key: only.clone(), value: true.into() }],
        enabled: true,
        off_variation: only.clone(),
        window: None,
        prerequisites: Vec::new(),
        overrides: Vec::new(),
        rules: vec![Rule {
            id: rule.id.clone(),
            name: None,
            when: Condition::Test(test),
            serve: Serve::Variation(only.clone()),
        }],
        fallthrough: Serve::Variation(only.clone()),
    };
    !CompiledFlag::new(&only, &alone).warnings().is_empty()
}
