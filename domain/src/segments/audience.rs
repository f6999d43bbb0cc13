use std::collections::{BTreeSet, HashSet};

use engine::ruleset::{Condition, Segment};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::holds_nul;
use crate::flags::check_condition;
use crate::{Error, FieldError, Result};

/// The bytes that one key of a list has at most.
pub const KEY_BYTES: usize = 1_000;

/// The keys that one list has at most.
pub const LIST_KEYS: usize = 1_000_000;

/// The bytes that the keys of one list have together at most: 32 MiB.
pub const LIST_BYTES: usize = 32 * 1024 * 1024;

/// The characters that an attribute's path has at most.
const BY_LENGTH: usize = 200;

/// How many wrong keys of a list are told of: whoever sent thousands has one thing to mend.
const TOLD: usize = 20;

/// What a segment contains in one environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SegmentContents))]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// The attribute that the lists name values of; the user's id unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Always inside, unless excluded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub included: Vec<String>,
    /// Never inside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Who else is inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

impl Audience {
    /// The part of a stored document that says who is inside.
    pub fn of(segment: Segment) -> Self {
        let Segment { by, included, excluded, when, .. } = segment;
        Self { by, included, excluded, when }
    }

    /// The same with each key of a list once, where it stood first.
    #[must_use]
    pub fn unique(mut self) -> Self {
        for list in [&mut self.included, &mut self.excluded] {
            let mut seen = HashSet::with_capacity(list.len());
            let is_first: Vec<bool> = list.iter().map(|key| seen.insert(key.as_str())).collect();
            let mut is_first = is_first.into_iter();
            list.retain(|_| is_first.next().unwrap_or_default());
        }
        self
    }

    /// Checks it by itself. Whether evaluation can do what it says depends on the other segments too.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules; of a list's keys with the first few.
    pub fn check(&self) -> Result<()> {
        let mut details = Vec::new();
        let mut fail = |path: String, message: String| details.push(FieldError { path, message });
        if let Some(by) = &self.by
            && (by.is_empty() || by.chars().count() > BY_LENGTH || by.contains('\0'))
        {
            fail("by".to_owned(), format!("1 to {BY_LENGTH} characters, no NUL"));
        }
        for (name, list) in [("included", &self.included), ("excluded", &self.excluded)] {
            let wrong = list.iter().enumerate().filter_map(|(place, key)| Some((place, key_fault(key)?)));
            wrong.take(TOLD).for_each(|(place, fault)| fail(format!("{name}[{place}]"), fault));
            if let Some(fault) = list_fault(list) {
                fail(name.to_owned(), fault);
            }
        }
        if let Some(when) = &self.when {
            if serde_json::to_value(when).is_ok_and(|value| holds_nul(&value)) {
                fail("when".to_owned(), "contains a NUL character".to_owned());
            }
            details.extend(check_condition("when", when));
        }
        Error::refuse(details)
    }
}

/// What is wrong with a key of a list, if anything.
fn key_fault(key: &str) -> Option<String> {
    match key {
        "" => Some("is empty".to_owned()),
        key if key.len() > KEY_BYTES => Some(format!("has more than {KEY_BYTES} bytes")),
        key if key.contains('\0') => Some("contains a NUL character".to_owned()),
        _ => None,
    }
}

fn list_fault(list: &[String]) -> Option<String> {
    let bytes: usize = list.iter().map(String::len).sum();
    let is_too_long = list.len() > LIST_KEYS || bytes > LIST_BYTES;
    is_too_long.then(|| format!("at most {LIST_KEYS} keys of {LIST_BYTES} bytes together"))
}

/// Whether a condition names a segment.
pub fn names_segment(condition: &Condition, key: &str) -> bool {
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } => {
            parts.iter().any(|part| names_segment(part, key))
        }
        Condition::Not { not } => names_segment(not, key),
        Condition::Test(test) => {
            test.op.is_segment() && test.values.iter().any(|value| value.as_str() == Some(key))
        }
    }
}

/// The keys of the segments that a condition names.
pub fn named_segments(condition: &Condition) -> BTreeSet<&str> {
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } => {
            parts.iter().flat_map(named_segments).collect()
        }
        Condition::Not { not } => named_segments(not),
        Condition::Test(test) if test.op.is_segment() => {
            test.values.iter().filter_map(Value::as_str).collect()
        }
        Condition::Test(_) => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(audience: serde_json::Value) -> Vec<String> {
        let audience: Audience = serde_json::from_value(audience).unwrap();
        match audience.check() {
            Err(Error::Invalid { details }) => details.into_iter().map(|detail| detail.path).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        assert!(faults(json!({"by": "company.id", "included": ["a", "b"], "excluded": ["a"]})).is_empty());
        assert_eq!(faults(json!({"by": ""})), ["by"]);
        assert_eq!(faults(json!({"by": "x".repeat(201)})), ["by"]);
        assert_eq!(faults(json!({"included": ["a", "", "b\0"]})), ["included[1]", "included[2]"]);
        assert_eq!(faults(json!({"excluded": ["x".repeat(1_000), "x".repeat(1_001)]})), ["excluded[1]"]);
        assert_eq!(faults(json!({"included": vec![""; 50]})).len(), TOLD);
        let test = |fields: serde_json::Value| json!({"when": {"any": [{"not": fields}]}});
        assert_eq!(faults(test(json!({"op": "eq", "values": [1]}))), ["when.any[0].not.attribute"]);
        assert_eq!(faults(test(json!({"attribute": "a", "op": "eq"}))), ["when.any[0].not.values"]);
        assert_eq!(faults(json!({"when": {"op": "exists"}})), ["when.attribute"]);
        assert_eq!(faults(json!({"when": {"attribute": "a\0", "op": "exists"}})), ["when"]);
    }

    #[test]
    fn a_list_has_each_key_once() {
        let list = |keys: &[&str]| keys.iter().map(ToString::to_string).collect();
        let audience = Audience { included: list(&["b", "a", "b", "a"]), ..Audience::default() };
        assert_eq!(audience.unique().included, ["b", "a"]);
    }

    #[test]
    fn a_condition_names_segments_wherever_they_stand() {
        let condition: Condition = serde_json::from_value(json!({"all": [
            {"attribute": "plan", "op": "in", "values": ["beta"]},
            {"any": [{"not": {"op": "not_in_segment", "values": ["staff", "testers"]}}]},
        ]}))
        .unwrap();
        assert!(names_segment(&condition, "testers"));
        assert!(!names_segment(&condition, "beta"));
        assert_eq!(named_segments(&condition).into_iter().collect::<Vec<_>>(), ["staff", "testers"]);
    }
}
