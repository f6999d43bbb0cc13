//! Rules in words.

use domain::ruleset::{
    Algorithm, Condition, FULL_WEIGHT, Operator, Override, Prerequisite, Rollout, Rule, Serve, Test,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::draft::Edited;
use crate::flags::words::percent;

/// So many values are named before the rest is only counted.
const NAMED: usize = 5;

/// A condition, such as "plan is one of pro, team and country is DE".
pub(crate) fn condition(condition: &Condition) -> String {
    match condition {
        Condition::All { all } if all.is_empty() => "everybody".to_owned(),
        Condition::Any { any } if any.is_empty() => "nobody".to_owned(),
        Condition::All { all } => joined(all, " and "),
        Condition::Any { any } => joined(any, " or "),
        Condition::Not { not } => format!("not ({})", self::condition(not)),
        Condition::Test(test) => self::test(test),
    }
}

/// When a rule holds, such as "if plan is one of pro".
pub(super) fn held(condition: &Condition) -> String {
    match condition {
        Condition::All { all } if all.is_empty() => "everybody".to_owned(),
        condition => format!("if {}", self::condition(condition)),
    }
}

fn joined(parts: &[Condition], by: &str) -> String {
    let part = |part: &Condition| match part {
        Condition::Test(test) => self::test(test),
        group if parts.len() == 1 => condition(group),
        group => format!("({})", condition(group)),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(by)
}

fn test(test: &Test) -> String {
    let values = values(&test.values);
    if test.op.is_segment() {
        return format!("{} {values}", operator(test.op));
    }
    let attribute = test.attribute.as_deref().filter(|name| !name.is_empty()).unwrap_or("…");
    match test.op.takes_values() {
        true => format!("{attribute} {} {values}", operator(test.op)),
        false => format!("{attribute} {}", operator(test.op)),
    }
}

fn values(values: &[Value]) -> String {
    let named: Vec<_> = values.iter().take(NAMED).map(value).collect();
    match values.len() {
        0 => "…".to_owned(),
        count if count > NAMED => format!("{} and {} more", named.join(", "), count - NAMED),
        _ => named.join(", "),
    }
}

/// A value as it is typed.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What an operator says between an attribute and its values.
pub(super) const fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Eq => "is",
        Operator::Neq => "is not",
        Operator::In => "is one of",
        Operator::NotIn => "is none of",
        Operator::Contains => "contains",
        Operator::NotContains => "does not contain",
        Operator::StartsWith => "starts with",
        Operator::EndsWith => "ends with",
        Operator::Matches => "matches",
        Operator::Gt => ">",
        Operator::Gte => "≥",
        Operator::Lt => "<",
        Operator::Lte => "≤",
        Operator::Before => "is before",
        Operator::After => "is after",
        Operator::SemverEq => "is version",
        Operator::SemverGt => "is a version above",
        Operator::SemverGte => "is at least version",
        Operator::SemverLt => "is a version below",
        Operator::SemverLte => "is at most version",
        Operator::InCidr => "is in the network",
        Operator::Exists => "is there",
        Operator::NotExists => "is not there",
        Operator::InSegment => "in segment",
        Operator::NotInSegment => "not in segment",
    }
}

/// What is served, such as "on" or "25 % on, 75 % off".
pub(super) fn serve(serve: &Serve) -> String {
    match serve {
        Serve::Variation(key) => key.clone(),
        Serve::Rollout(rollout) => {
            let shares = rollout
                .weights
                .iter()
                .map(|weight| format!("{} % {}", percent(weight.weight), weight.variation));
            let shares = shares.collect::<Vec<_>>().join(", ");
            format!("{shares}{}{}", by(rollout), ramp(rollout))
        }
    }
}

fn by(rollout: &Rollout) -> String {
    rollout.bucket_by.as_ref().map(|attribute| format!(" by {attribute}")).unwrap_or_default()
}

fn ramp(rollout: &Rollout) -> String {
    rollout.ramp.as_ref().map(|ramp| format!(", changing in {} steps", ramp.steps.len())).unwrap_or_default()
}

/// What is served while it is on, such as "2 rules, else off".
pub(super) fn served(edited: &Edited) -> String {
    let said = serve(&edited.fallthrough);
    match (edited.rules.len(), &edited.fallthrough) {
        (0, Serve::Rollout(_)) => said,
        (0, Serve::Variation(_)) => format!("{said} for everyone"),
        (1, _) => format!("1 rule, else {said}"),
        (count, _) => format!("{count} rules, else {said}"),
    }
}

/// A part of a configuration, by its path, for whoever compares it; none of what is plain already, and of what words
/// would leave something out of.
pub(crate) fn part(path: &str, value: &Value) -> Option<String> {
    if !value.is_object() {
        return None;
    }
    match crate::ui::diff_path::last_field(path) {
        "rules" => {
            let rule: Rule = read(value)?;
            let name = rule.name.map(|name| format!("“{name}”: ")).unwrap_or_default();
            whole_condition(&rule.when)?;
            Some(format!("{name}{}, then {}", held(&rule.when), whole_serve(&rule.serve)?))
        }
        "overrides" => {
            let Override { attributes, variation } = read(value)?;
            let pairs = attributes.iter().map(|(name, values)| format!("{name} {}", values.join(", ")));
            Some(format!("{variation} for {}", pairs.collect::<Vec<_>>().join(" and ")))
        }
        "prerequisites" => {
            let Prerequisite { flag, variations } = read(value)?;
            Some(format!("{flag} serves {}", variations.join(" or ")))
        }
        "fallthrough" | "serve" => whole_serve(&read(value)?),
        "rollout" => whole_serve(&Serve::Rollout(read(value)?)),
        "when" | "all" | "any" | "not" => whole_condition(&read(value)?),
        _ => None,
    }
}

/// A condition, unless its values are too many to be named.
fn whole_condition(condition: &Condition) -> Option<String> {
    fn is_named(condition: &Condition) -> bool {
        match condition {
            Condition::All { all: parts } | Condition::Any { any: parts } => parts.iter().all(is_named),
            Condition::Not { not } => is_named(not),
            Condition::Test(test) => test.values.len() <= NAMED,
        }
    }
    is_named(condition).then(|| self::condition(condition))
}

/// What is served, unless there is more to its shares than who gets how much.
fn whole_serve(served: &Serve) -> Option<String> {
    let is_whole = match served {
        Serve::Variation(_) => true,
        Serve::Rollout(it) => it.seed.is_none() && it.ramp.is_none() && it.algorithm == Algorithm::default(),
    };
    is_whole.then(|| serve(served))
}

/// Reads a part from its text, as whole configurations are read: the same code does both.
fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_str(&value.to_string()).ok()
}

/// The weight that a percentage says; none for what is none, or has more than three decimals.
pub(super) fn weight(percent: &str) -> Option<u32> {
    let (whole, rest) = percent.trim().split_once(['.', ',']).unwrap_or((percent.trim(), ""));
    let is_number = !whole.is_empty()
        && rest.len() <= 3
        && whole.bytes().chain(rest.bytes()).all(|it| it.is_ascii_digit());
    let thousandths = format!("{rest:0<3}").parse::<u32>().ok().filter(|_| is_number)?;
    let weight = whole.parse::<u32>().ok()?.checked_mul(FULL_WEIGHT / 100)?.checked_add(thousandths)?;
    (weight <= FULL_WEIGHT).then_some(weight)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_are_said_in_words() {
        for (json, words) in [
            (json!({"all": []}), "everybody"),
            (json!({"any": []}), "nobody"),
            (json!({"attribute": "plan", "op": "in", "values": ["pro", "team"]}), "plan is one of pro, team"),
            (json!({"attribute": "age", "op": "gte", "values": [18]}), "age ≥ 18"),
            (json!({"attribute": "mail", "op": "not_exists"}), "mail is not there"),
            (json!({"op": "in_segment", "values": ["beta"]}), "in segment beta"),
            (
                json!({"all": [{"attribute": "a", "op": "eq", "values": [1]},
                    {"any": [{"attribute": "b", "op": "eq", "values": [true]}, {"not": {"op": "in_segment", "values": ["s"]}}]}]}),
                "a is 1 and (b is true or (not (in segment s)))",
            ),
            (
                json!({"attribute": "id", "op": "in", "values": ["1", "2", "3", "4", "5", "6", "7"]}),
                "id is one of 1, 2, 3, 4, 5 and 2 more",
            ),
        ] {
            assert_eq!(condition(&serde_json::from_value(json).unwrap()), words);
        }
    }

    #[test]
    fn parts_of_configurations_are_said_in_words() {
        let weights = json!({"weights": [{"variation": "on", "weight": 25_000}, {"variation": "off", "weight": 75_000}]});
        for (path, json, words) in [
            ("fallthrough.rollout", weights.clone(), Some("25 % on, 75 % off")),
            (
                "rules[r1]",
                json!({"id": "r1", "name": "Beta", "when": {"op": "in_segment", "values": ["beta"]}, "serve": {"variation": "on"}}),
                Some("“Beta”: if in segment beta, then on"),
            ),
            ("rules[r1].serve", json!({"rollout": weights}), Some("25 % on, 75 % off")),
            (
                "overrides[on]",
                json!({"match": {"userId": ["u", "v"]}, "variation": "on"}),
                Some("on for userId u, v"),
            ),
            (
                "prerequisites[menu]",
                json!({"flag": "menu", "variations": ["on", "beta"]}),
                Some("menu serves on or beta"),
            ),
            (
                "rules[r1].when.all[1]",
                json!({"attribute": "plan", "op": "in", "values": ["pro"]}),
                Some("plan is one of pro"),
            ),
            ("off_variation", json!("off"), None),
            ("rules[r1]", json!({"id": "r1"}), None),
            ("fallthrough", json!({"rollout": {"seed": "s", "weights": []}}), None),
            ("rules[r1].when", json!({"op": "in_segment", "values": ["1", "2", "3", "4", "5", "6"]}), None),
        ] {
            assert_eq!(part(path, &json).as_deref(), words, "{path}");
        }
    }

    #[test]
    fn percentages_are_read_as_they_are_written() {
        for (text, number) in [("0", 0), ("25", 25_000), ("12.5", 12_500), ("0.005", 5), ("100", 100_000)] {
            assert_eq!((weight(text), percent(number).as_str()), (Some(number), text));
        }
        assert_eq!(weight(" 33,3 "), Some(33_300));
        for text in ["", "-1", "100.001", "101", "1.2345", "x", "1e2", ".5", "99999999999"] {
            assert_eq!(weight(text), None, "{text}");
        }
    }
}
