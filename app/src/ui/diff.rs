//! What differs between two configurations, field by field, for people.

use domain::Change;
use leptos::prelude::*;
use serde_json::Value;

use super::diff_path::{last_field, part};
use super::diff_value::{After, Before, Said, Signed};
use super::inline::{self, hint};

/// How many changes are shown before the others are behind a disclosure.
const SHOWN: usize = 12;

/// How long two values are at most that stand on one line.
const SHORT: usize = 36;

/// Says a value in words, by its path.
pub(crate) type Words = fn(&str, &Value) -> Option<String>;

fn plain(_: &str, _: &Value) -> Option<String> {
    None
}

/// Changes with their paths and values: what was added, removed, changed or put into another order, by words and signs.
#[component]
pub(crate) fn Diff(
    changes: Vec<Change>,
    /// What is said where there are none.
    #[prop(default = "Nothing differs.")]
    empty: &'static str,
    /// What says a value in words, by its path; none for what is plain already.
    #[prop(default = plain as Words)]
    words: Words,
) -> impl IntoView {
    // What was made without something tells nothing by it.
    let changes: Vec<_> = changes
        .into_iter()
        .filter(|change| change.old.is_some() || change.new != Some(Value::Null))
        .collect();
    if changes.is_empty() {
        return view! { <p class="text-sm text-muted">{empty}</p> }.into_any();
    }
    // Of one it is said beside it.
    let sums =
        (changes.len() > 1).then(|| view! { <p class="mb-1.5 text-xs text-muted">{sums(&changes)}</p> });
    let mut first: Vec<_> = changes.into_iter().map(|change| view! { <Line change words /> }).collect();
    let rest = first.split_off(first.len().min(SHOWN));
    let more = (!rest.is_empty()).then(|| {
        let count = rest.len();
        view! {
            <details class="border-t border-line">
                <summary class="cursor-pointer px-3 py-2 text-sm text-accent">
                    {format!("{count} more {}", if count == 1 { "change" } else { "changes" })}
                </summary>
                <ul class="divide-y divide-line border-t border-line">{rest}</ul>
            </details>
        }
    });
    view! {
        <div class="min-w-0">
            {sums}
            <div class="rounded-md border border-line bg-surface">
                <ul class="divide-y divide-line">{first}</ul>
                {more}
            </div>
        </div>
    }
    .into_any()
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Changed,
    Added,
    Removed,
    Reordered,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Changed, Self::Added, Self::Removed, Self::Reordered];

    fn of(change: &Change) -> Self {
        match (&change.old, &change.new) {
            (None, _) => Self::Added,
            (_, None) => Self::Removed,
            (Some(old), Some(new)) if is_reordered(old, new) => Self::Reordered,
            _ => Self::Changed,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Reordered => "reordered",
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Changed => "~",
            Self::Added => "+",
            Self::Removed => "−",
            Self::Reordered => "↕",
        }
    }

    const fn color(self) -> &'static str {
        match self {
            Self::Changed | Self::Reordered => "text-muted",
            Self::Added => "text-on",
            Self::Removed => "text-danger",
        }
    }
}

/// Whether two lists have the same texts in another order, which is how a moved item is told.
fn is_reordered(old: &Value, new: &Value) -> bool {
    let (Value::Array(old), Value::Array(new)) = (old, new) else { return false };
    let sorted = |items: &[Value]| {
        let mut texts: Vec<_> = items.iter().map(Value::to_string).collect();
        texts.sort_unstable();
        texts
    };
    old != new && sorted(old) == sorted(new)
}

/// Such as "2 changed, 1 added".
fn sums(changes: &[Change]) -> String {
    let counted = Kind::ALL.into_iter().filter_map(|kind| {
        let count = changes.iter().filter(|change| Kind::of(change) == kind).count();
        (count > 0).then(|| format!("{count} {}", kind.word()))
    });
    counted.collect::<Vec<_>>().join(", ")
}

#[component]
fn Line(change: Change, words: Words) -> impl IntoView {
    let kind = Kind::of(&change);
    let Change { path, old, new } = change;
    let field = last_field(&path).to_owned();
    let shown = |value: Option<Value>| {
        value.map(|value| {
            let said = words(&path, &value).or_else(|| switched(&path, &value));
            let (is_code, hint) = (said.is_none(), hint(&field, &value));
            Said { text: said.unwrap_or_else(|| inline::text(&value)), hint, is_code }
        })
    };
    let (old, new) = (shown(old), shown(new));
    let is_short =
        |value: &Option<Said>| value.as_ref().is_none_or(|said| said.text.chars().count() <= SHORT);
    let on_one_line = is_short(&old) && is_short(&new);
    let values = match (old, new) {
        (Some(old), Some(new)) if on_one_line => view! {
            <p class="flex flex-wrap items-baseline gap-x-2">
                <Before value=old />
                <span class="text-muted" aria-hidden="true">"→"</span>
                <After value=new />
            </p>
        }
        .into_any(),
        (old, new) => view! {
            {old.map(|value| view! { <Signed sign="−" color="text-danger"><Before value /></Signed> })}
            {new.map(|value| view! { <Signed sign="+" color="text-on"><After value /></Signed> })}
        }
        .into_any(),
    };
    let (name, key, rest) = part(&path);
    let called = name.map(|name| view! { <span class="font-medium whitespace-nowrap">{name}</span> });
    let key = key.map(|key| view! { <span class="min-w-0 font-mono text-xs font-medium [overflow-wrap:anywhere]">{key.to_owned()}</span> });
    let code = if called.is_some() { "text-muted" } else { "font-medium" };
    let rest = if path.is_empty() { "Value" } else { rest };
    let rest = (!rest.is_empty())
        .then(|| view! { <span class=format!("min-w-0 font-mono text-xs [overflow-wrap:anywhere] {code}")>{rest.to_owned()}</span> });
    view! {
        <li class="px-3 py-2 text-sm">
            <p class="flex items-baseline gap-2" title=path.clone()>
                <span class=format!("w-3 shrink-0 text-center font-mono font-semibold {}", kind.color()) aria-hidden="true">
                    {kind.sign()}
                </span>
                {called} {key} {rest}
                <span class=format!("text-xs {}", kind.color())>{kind.word()}</span>
            </p>
            <div class="mt-1 pl-5">{values}</div>
        </li>
    }
}

/// Whether a flag is on.
fn switched(path: &str, value: &Value) -> Option<String> {
    let is_on = (path == "enabled").then(|| value.as_bool()).flatten()?;
    Some(if is_on { "on" } else { "off" }.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(old: Option<Value>, new: Option<Value>) -> Change {
        Change { path: "a".to_owned(), old, new }
    }

    #[test]
    fn changes_are_of_a_kind() {
        for (old, new, kind) in [
            (None, Some(json!(null)), Kind::Added),
            (Some(json!(1)), None, Kind::Removed),
            (Some(json!(1)), Some(json!(2)), Kind::Changed),
            (Some(json!(["a", "b"])), Some(json!(["b", "a"])), Kind::Reordered),
            (Some(json!(["a", "b"])), Some(json!(["b"])), Kind::Changed),
        ] {
            assert_eq!(Kind::of(&change(old, new)), kind);
        }
    }

    #[test]
    fn sums_name_what_there_is() {
        let changes = [
            change(None, Some(json!(1))),
            change(Some(json!(1)), Some(json!(2))),
            change(None, Some(json!(3))),
        ];
        assert_eq!(sums(&changes), "1 changed, 2 added");
    }
}
