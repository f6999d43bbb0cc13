//! Rules in words.

use domain::flags::Served;
use domain::ruleset::{Condition, FULL_WEIGHT, Operator, Rollout, Serve, Test, ValueType};
use serde_json::Value;

use super::draft::Edited;
use crate::flags::words::{percent, serves};
use crate::ui::capital;

/// So many values are named before the rest is only counted.
pub(super) const NAMED: usize = 5;

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

/// For whom a rule holds, such as "if plan is one of pro".
pub(super) fn held(condition: &Condition) -> String {
    match condition {
        Condition::All { all } if all.is_empty() => "for everybody".to_owned(),
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
        Serve::Rollout(rollout) => match whole(rollout) {
            Some(key) => key.to_owned(),
            None => shares(rollout),
        },
    }
}

/// The variation that everyone gets, where the shares say no more than that.
fn whole(rollout: &Rollout) -> Option<&str> {
    let all = rollout.weights.iter().find(|weight| weight.weight == FULL_WEIGHT)?;
    (rollout.ramp.is_none() && rollout.bucket_by.is_none()).then_some(all.variation.as_str())
}

/// Who gets how much; what nobody gets is left out.
pub(super) fn shares(rollout: &Rollout) -> String {
    let served = rollout.weights.iter().filter(|weight| weight.weight > 0);
    let shares = served.map(|weight| format!("{} % {}", percent(weight.weight), weight.variation));
    format!("{}{}{}", shares.collect::<Vec<_>>().join(", "), by(rollout), ramp(rollout))
}

fn by(rollout: &Rollout) -> String {
    rollout.bucket_by.as_ref().map(|attribute| format!(" by {attribute}")).unwrap_or_default()
}

fn ramp(rollout: &Rollout) -> String {
    rollout.ramp.as_ref().map(|ramp| format!(", changing in {} steps", ramp.steps.len())).unwrap_or_default()
}

/// What is served while it is on, such as "2 rules, else off", as lists of flags say it.
pub(super) fn served(edited: &Edited, value_type: ValueType) -> String {
    let Edited { rules, overrides, prerequisites, window, fallthrough, off_variation, .. } = edited;
    let lengths = [rules.len(), overrides.len(), prerequisites.len()];
    let has_window = window.is_some_and(|window| window.from.is_some() || window.until.is_some());
    serves(true, value_type, &Served::new(fallthrough, off_variation, lengths, has_window))
}

/// That everyone is served the same.
pub(super) fn to_everyone(variation: &str, value_type: ValueType) -> String {
    format!("{} for everyone", capital(&named(variation, value_type)))
}

/// On and off are words, other variations are names.
fn named(variation: &str, value_type: ValueType) -> String {
    match value_type {
        ValueType::Boolean => variation.to_owned(),
        _ => format!("“{variation}”"),
    }
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
    fn what_is_served_is_said_in_words() {
        let said = |fallthrough: Value, rules: usize, value_type| {
            let rule = |place: usize| json!({"id": format!("r{place}"), "when": {"all": []}, "serve": {"variation": "on"}});
            let rules = (0..rules).map(rule).collect::<Vec<_>>();
            let document =
                json!({"enabled": true, "off_variation": "off", "fallthrough": fallthrough, "rules": rules});
            served(&Edited::read(&document.to_string()).unwrap().0, value_type)
        };
        let shares = |on: u32| {
            let weights =
                json!([{"variation": "on", "weight": on}, {"variation": "off", "weight": 100_000 - on}]);
            json!({"rollout": {"weights": weights}})
        };
        for (fallthrough, rules, value_type, words) in [
            (json!({"variation": "on"}), 0, ValueType::Boolean, "On for everyone"),
            (shares(100_000), 0, ValueType::Boolean, "100 % of users"),
            (shares(0), 0, ValueType::Boolean, "0 % of users"),
            (shares(25_000), 0, ValueType::Boolean, "25 % of users"),
            (shares(100_000), 1, ValueType::Boolean, "1 rule, else 100 % of users"),
            (shares(10_000), 2, ValueType::Boolean, "2 rules, else 10 % of users"),
            (json!({"variation": "small"}), 0, ValueType::Json, "“small” for everyone"),
            (json!({"variation": "small"}), 2, ValueType::String, "2 rules, else “small”"),
        ] {
            assert_eq!(said(fallthrough, rules, value_type), words);
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
