//! Reasons, operators and values in words.

use domain::Reason;
use domain::ruleset::Operator;
use serde_json::Value;

/// Why a flag serves what it serves.
pub(super) const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::FlagNotFound => "There is no such flag",
        Reason::FlagDisabled => "Switched off",
        Reason::FlagExpired => "Outside of its time window",
        Reason::PrerequisiteFailed => "A flag that it needs serves something else",
        Reason::OverrideMatch => "An override names this context",
        Reason::SegmentMatch => "A rule matches",
        Reason::SegmentNoMatch => "No rule matches",
        Reason::PercentageRollout => "By percentage",
        Reason::SegmentAndPercentage => "A rule matches, then by percentage",
        Reason::Boolean | Reason::Fallthrough => "What everyone gets by default",
        Reason::MissingBucketKey => "No attribute to split by",
        Reason::UnknownType => "Written by a later version",
        Reason::MalformedFlag => "Its configuration cannot be read",
    }
}

/// How an operator compares, between the attribute and the values.
pub(super) const fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Eq => "is",
        Operator::Neq => "is not",
        Operator::In => "is one of",
        Operator::NotIn => "is none of",
        Operator::Contains => "contains",
        Operator::NotContains => "does not contain",
        Operator::StartsWith => "begins with",
        Operator::EndsWith => "ends with",
        Operator::Matches => "matches",
        Operator::Gt => "is more than",
        Operator::Gte => "is at least",
        Operator::Lt => "is less than",
        Operator::Lte => "is at most",
        Operator::Before => "is before",
        Operator::After => "is after",
        Operator::SemverEq => "is version",
        Operator::SemverGt => "is a later version than",
        Operator::SemverGte => "is at least version",
        Operator::SemverLt => "is an earlier version than",
        Operator::SemverLte => "is at most version",
        Operator::InCidr => "is in the network",
        Operator::Exists => "is there",
        Operator::NotExists => "is not there",
        Operator::InSegment => "is in segment",
        Operator::NotInSegment => "is not in segment",
    }
}

/// The values of a condition, of which there may be more than are told.
pub(super) fn values(told: &[Value], count: u64) -> String {
    let mut text = told.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
    let more = count.saturating_sub(told.len() as u64);
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// What a rule is called: its place on the flag's page, and its name.
pub(super) fn rule(number: u32, name: Option<&str>) -> String {
    match name.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => format!("Rule {number}, “{name}”"),
        None => format!("Rule {number}"),
    }
}

/// A served value as code; where nothing is served, that.
pub(super) fn served(value: Option<&Value>, is_served: bool) -> String {
    match (value, is_served) {
        (Some(value), _) => value.to_string(),
        (None, true) => "null".to_owned(),
        (None, false) => "the application's default".to_owned(),
    }
}

/// What a context has under a name.
pub(super) fn actual(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(value) => value.to_string(),
    }
}

/// The same within a sentence.
pub(super) fn quoted(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => format!("“{text}”"),
        value => actual(value),
    }
}

/// Names with "or" before the last one.
pub(super) fn either(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_said_in_words() {
        assert_eq!(values(&[json!("pro"), json!(3)], 5), "\"pro\", 3 and 3 more");
        assert_eq!(values(&[json!(true)], 1), "true");
        for (names, text) in [(vec![], "nothing"), (vec!["a"], "a"), (vec!["a", "b", "c"], "a, b or c")] {
            let names: Vec<_> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(either(&names), text);
        }
    }

    #[test]
    fn rules_have_a_place_and_perhaps_a_name() {
        assert_eq!(rule(2, Some("Beta testers")), "Rule 2, “Beta testers”");
        assert_eq!(rule(2, None), "Rule 2");
        assert_eq!(rule(2, Some(" ")), "Rule 2");
    }

    #[test]
    fn what_is_served_is_code() {
        assert_eq!(served(Some(&json!("a")), true), "\"a\"");
        assert_eq!(served(None, true), "null");
        assert_eq!(actual(None), "nothing");
        assert_eq!((quoted(Some(&json!("a"))), quoted(Some(&json!(1)))), ("“a”".to_owned(), "1".to_owned()));
    }
}
