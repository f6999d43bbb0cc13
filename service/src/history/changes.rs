//! What differs between two versions.

use std::collections::HashSet;

use domain::{Change, diff};
use serde_json::{Map, Value};

/// How many changes are told of at most.
const TOLD: usize = 200;

/// The lists of a segment. Their order means nothing, and they may be long: each key is a place of its own.
const LISTS: [&str; 2] = ["included", "excluded"];

/// What differs between two documents, the first places, and in how many more they do.
pub(super) fn between(old: Value, new: Value) -> (Vec<Change>, u64) {
    let (Value::Object(mut old), Value::Object(mut new)) = (old, new) else { return (Vec::new(), 0) };
    let lists = LISTS.map(|name| (name, take(&mut old, name), take(&mut new, name)));
    // These say that there is another version, and so does this.
    for name in ["version", "flag_version"] {
        old.remove(name);
        new.remove(name);
    }
    let mut changes = diff(&Value::Object(old), &Value::Object(new));
    let mut count = changes.len();
    for (name, old, new) in &lists {
        let mut tell = |key: &str, is_new: bool| {
            count += 1;
            if changes.len() < TOLD {
                let (path, value) = (format!("{name}[{key}]"), Some(Value::from(key)));
                let (old, new) = if is_new { (None, value) } else { (value, None) };
                changes.push(Change { path, old, new });
            }
        };
        let (old, new) = (keys(old), keys(new));
        let (before, after): (HashSet<_>, HashSet<_>) =
            (old.iter().copied().collect(), new.iter().copied().collect());
        old.into_iter().filter(|key| !after.contains(key)).for_each(|key| tell(key, false));
        new.into_iter().filter(|key| !before.contains(key)).for_each(|key| tell(key, true));
    }
    changes.truncate(TOLD);
    let more = count - changes.len();
    (changes, u64::try_from(more).unwrap_or(u64::MAX))
}

fn take(document: &mut Map<String, Value>, name: &str) -> Value {
    document.remove(name).unwrap_or_default()
}

fn keys(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
