//! What differs between two JSON documents, field by field.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::check::present;

/// One place in which two documents differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Where: fields with dots between them, and items of lists in brackets, such as `rules[beta].serve.variation`.
    #[cfg_attr(feature = "openapi", schema(examples("rules[beta].serve.variation")))]
    pub path: String,
    /// What was there; absent where nothing was.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What is there now; absent where nothing is.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// The fields that tell the items of a list apart, the first first.
const NAMES: [&str; 4] = ["id", "key", "variation", "flag"];

/// What differs between two documents, in the order of the fields' names.
///
/// The items of a list are compared by their `id`, `key`, `variation` or `flag` where each has one of its own, and are
/// called by it in brackets. Where those that are in both lists stand in another order, the list's own path has a change
/// from the old order of these names to the new one. All other lists are compared place by place.
pub fn diff(old: &Value, new: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", Some(old), Some(new), &mut changes);
    changes
}

fn compare(path: &str, old: Option<&Value>, new: Option<&Value>, changes: &mut Vec<Change>) {
    match (old, new) {
        (old, new) if old == new => {}
        (Some(Value::Object(old)), Some(Value::Object(new))) => fields(path, old, new, changes),
        (Some(Value::Array(old)), Some(Value::Array(new))) => items(path, old, new, changes),
        _ => changes.push(Change { path: path.to_owned(), old: old.cloned(), new: new.cloned() }),
    }
}

fn fields(path: &str, old: &Map<String, Value>, new: &Map<String, Value>, changes: &mut Vec<Change>) {
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        compare(&below, old.get(name), new.get(name), changes);
    }
}

fn items(path: &str, old: &[Value], new: &[Value], changes: &mut Vec<Change>) {
    let named = NAMES.into_iter().find_map(|field| Some((names(old, field)?, names(new, field)?)));
    let Some((old_names, new_names)) = named else {
        for place in 0..old.len().max(new.len()) {
            compare(&format!("{path}[{place}]"), old.get(place), new.get(place), changes);
        }
        return;
    };
    let places = |names: &[&str]| -> BTreeMap<String, usize> {
        names.iter().enumerate().map(|(place, name)| ((*name).to_owned(), place)).collect()
    };
    let (old_places, new_places) = (places(&old_names), places(&new_names));
    let stayed = |names: &[&str], others: &BTreeMap<String, usize>| -> Vec<Value> {
        names.iter().filter(|name| others.contains_key(**name)).map(|name| Value::from(*name)).collect()
    };
    let (before, after) = (stayed(&old_names, &new_places), stayed(&new_names, &old_places));
    if before != after {
        let (old, new) = (Some(before.into()), Some(after.into()));
        changes.push(Change { path: path.to_owned(), old, new });
    }
    let gone = old_names.iter().filter(|name| !new_places.contains_key(**name));
    for name in new_names.iter().chain(gone) {
        let item = |items: &[Value], places: &BTreeMap<String, usize>| -> Option<Value> {
            places.get(*name).and_then(|place| items.get(*place)).cloned()
        };
        let (old, new) = (item(old, &old_places), item(new, &new_places));
        compare(&format!("{path}[{name}]"), old.as_ref(), new.as_ref(), changes);
    }
}

/// What the items of a list are called by a field; none where one has none, or that of another.
fn names<'a>(items: &'a [Value], field: &str) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::new();
    items.iter().map(|item| item.get(field)?.as_str().filter(|name| seen.insert(*name))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The changes as lines.
    fn lines(old: Value, new: Value) -> Vec<String> {
        let show = |value: Option<Value>| value.map_or("-".to_owned(), |value| value.to_string());
        diff(&old, &new)
            .into_iter()
            .map(|change| format!("{}: {} → {}", change.path, show(change.old), show(change.new)))
            .collect()
    }

    /// What is null is there: on the wire, too, it is told from what is not.
    #[test]
    fn null_is_a_value() {
        let changes = diff(&json!({"a": null}), &json!({"b": null}));
        let read: Vec<Change> = serde_json::from_value(json!(changes)).unwrap();
        assert_eq!((read.as_slice(), read[0].old.as_ref()), (changes.as_slice(), Some(&Value::Null)));
    }

    #[test]
    fn what_is_the_same_has_no_changes() {
        let document = json!({"a": [1, {"id": "x"}], "b": null});
        assert!(diff(&document, &document).is_empty());
    }

    #[test]
    fn fields_are_named_by_their_path() {
        let old = json!({"enabled": false, "serve": {"variation": "on"}, "gone": 1, "same": [1]});
        let new = json!({"enabled": true, "serve": {"variation": "off"}, "come": null, "same": [1]});
        let expected =
            ["come: - → null", "enabled: false → true", "gone: 1 → -", r#"serve.variation: "on" → "off""#];
        assert_eq!(lines(old, new), expected);
    }

    #[test]
    fn other_kinds_of_values_are_changes_as_a_whole() {
        assert_eq!(lines(json!({"a": [1]}), json!({"a": {"b": 1}})), [r#"a: [1] → {"b":1}"#]);
        assert_eq!(lines(json!(1), json!(2)), [": 1 → 2"]);
    }

    #[test]
    fn a_moved_item_reads_as_moved() {
        let rule = |id: &str, serve: &str| json!({"id": id, "serve": serve});
        let old = json!({"rules": [rule("a", "on"), rule("b", "on"), rule("c", "on")]});
        let moved = json!({"rules": [rule("c", "on"), rule("a", "on"), rule("b", "off")]});
        let expected = [r#"rules: ["a","b","c"] → ["c","a","b"]"#, r#"rules[b].serve: "on" → "off""#];
        assert_eq!(lines(old, moved), expected);
    }

    #[test]
    fn items_that_come_and_go_move_nothing() {
        let weight = |variation: &str, weight: u32| json!({"variation": variation, "weight": weight});
        let old = json!([weight("on", 25), weight("off", 75)]);
        let new = json!([weight("new", 5), weight("on", 95)]);
        let expected = [
            r#"[new]: - → {"variation":"new","weight":5}"#,
            "[on].weight: 25 → 95",
            r#"[off]: {"variation":"off","weight":75} → -"#,
        ];
        assert_eq!(lines(old, new), expected);
        assert_eq!(lines(json!({"a": []}), json!({"a": [{"id": "x"}]})), [r#"a[x]: - → {"id":"x"}"#]);
    }

    #[test]
    fn items_without_names_of_their_own_are_compared_by_place() {
        let old = json!([{"variation": "on", "n": 1}, {"variation": "on", "n": 2}]);
        let new = json!([{"variation": "on", "n": 1}, {"variation": "on", "n": 3}, {"variation": "off"}]);
        assert_eq!(lines(old, new), ["[1].n: 2 → 3", r#"[2]: - → {"variation":"off"}"#]);
        assert_eq!(
            lines(json!({"v": ["a", "b"]}), json!({"v": ["b"]})),
            [r#"v[0]: "a" → "b""#, r#"v[1]: "b" → -"#]
        );
    }

    #[test]
    fn null_and_nothing_are_told_apart_on_the_wire() {
        let changes = diff(&json!({"a": null}), &json!({"b": 1}));
        let wire = json!([{"path": "a", "old": null}, {"path": "b", "new": 1}]);
        assert_eq!(serde_json::to_value(changes).unwrap(), wire);
    }
}
