//! Where exactly in a flag's document something is wrong. The engine leaves out whole rules, and says of which; their
//! authors want to know of the value.

use domain::FieldError;
use engine::CompiledFlag;
use engine::ruleset::{Condition, Flag, Rule, Serve, Test};

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
    let (path, test) = tests.into_iter().find(|(_, test)| is_wrong(flag, rule, test, &fault.message))?;
    let alone = |value: &serde_json::Value| Test { values: vec![value.clone()], ..test.clone() };
    let value = test.values.iter().position(|value| is_wrong(flag, rule, &alone(value), &fault.message));
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

/// Whether what is wrong is wrong with this test: with a segment that it names, or with the test by itself.
fn is_wrong(flag: &Flag, rule: &Rule, test: &Test, message: &str) -> bool {
    if test.op.is_segment() && !message.starts_with('`') {
        let mut named = message.split('`').skip(1).step_by(2);
        return named.any(|name| test.values.iter().any(|value| value == name));
    }
    let rule = Rule {
        when: Condition::Test(test.clone()),
        serve: Serve::Variation(flag.off_variation.clone()),
        ..rule.clone()
    };
    let alone = Flag {
        rules: vec![rule],
        overrides: Vec::new(),
        prerequisites: Vec::new(),
        fallthrough: Serve::Variation(flag.off_variation.clone()),
        ..flag.clone()
    };
    !CompiledFlag::new(&flag.key, &alone).warnings().is_empty()
}
