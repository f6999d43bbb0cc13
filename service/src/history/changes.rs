//! What differs between two versions.

use std::collections::HashSet;

use domain::{Change, diff};
use serde_json::Value;

/// How many changes are told of at most.
const TOLD: usize = 200;

/// The lists of a segment. Their order means nothing, and they may be long: each key is a place of its own.
const LISTS: [&str; 2] = ["included", "excluded"];

/// What differs between two documents, the first places, and in how many more they do.
pub(super) fn between(old: &Value, new: &Value) -> (Vec<Change>, u64) {
    let mut changes = diff(&without_lists(old), &without_lists(new));
    let mut count = changes.len();
    for (name, old, new) in LISTS.map(|name| (name, old.get(name), new.get(name))) {
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

/// What is compared place by place. Versions say that there is another one, and so does this.
fn without_lists(document: &Value) -> Value {
    let fields = document.as_object().into_iter().flatten();
    let is_compared = |name: &str| !LISTS.contains(&name) && !["version", "flag_version"].contains(&name);
    fields.filter(|(name, _)| is_compared(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn keys(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}
