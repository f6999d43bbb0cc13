//! What a change changes, to be read before it is saved.

use domain::{Change, diff};
use leptos::prelude::*;
use serde_json::Value;

use super::draft::Edited;

/// What is different in one configuration from another.
pub(super) fn changes(before: &Edited, after: &Edited) -> Vec<Change> {
    // Whether it is on, and its version, are not edited.
    let document = |edited: &Edited| match serde_json::to_value(edited.command(false, 0, None)) {
        Ok(Value::Object(mut fields)) => {
            fields.remove("comment");
            Value::Object(fields)
        }
        _ => Value::Null,
    };
    diff(&document(before), &document(after))
}

/// The changes, one by one.
#[component]
pub(super) fn Changes(#[prop(into)] changes: Signal<Vec<Change>>) -> impl IntoView {
    let rows = move || {
        let rows = changes.get().into_iter().map(|Change { path, old, new }| {
            let (sign, word) = match (&old, &new) {
                (None, _) => ("+", "added"),
                (_, None) => ("−", "removed"),
                _ => ("~", "changed"),
            };
            let old = old.map(
                |old| view! { <del class="block text-danger no-underline">"− " {old.to_string()}</del> },
            );
            let new =
                new.map(|new| view! { <ins class="block text-on no-underline">"+ " {new.to_string()}</ins> });
            view! {
                <li class="min-w-0 py-2">
                    <p class="font-mono text-xs [overflow-wrap:anywhere]">
                        <span aria-hidden="true">{sign} " "</span>
                        {path}
                        <span class="ml-1 text-muted">{word}</span>
                    </p>
                    <p class="font-mono text-xs [overflow-wrap:anywhere]">{old} {new}</p>
                </li>
            }
        });
        rows.collect_view()
    };
    view! { <ul class="max-h-[40dvh] divide-y divide-line overflow-y-auto">{rows}</ul> }
}
