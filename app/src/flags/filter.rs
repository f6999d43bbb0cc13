//! What is looked for among flags.

use leptos::prelude::*;

use crate::ui::search::{Fields, SearchForm};

const KINDS: [(&str, &str); 6] = [
    ("", "Every type"),
    ("boolean", "Boolean"),
    ("percentage", "Percentage"),
    ("segment", "Segment"),
    ("combined", "Combined"),
    ("advanced", "Advanced"),
];
const STATES: [(&str, &str); 3] = [("", "On or off"), ("on", "On"), ("off", "Off")];
const MARKS: [(&str, &str); 2] = [("", "Every age"), ("1", "Overdue")];
const OWNERS: [(&str, &str); 2] = [("", "Every owner"), ("me", "Mine")];
const SHELVES: [(&str, &str); 2] = [("", "In use"), ("1", "Archived")];
const SORTS: [(&str, &str); 5] = [
    ("", "By key"),
    ("name", "By name"),
    ("-updated", "Changed last"),
    ("-created", "Newest"),
    ("created", "Oldest"),
];

#[component]
pub(super) fn Filter(tags: Signal<Vec<String>>) -> impl IntoView {
    let fields = Fields::new();
    let known_tags =
        move || tags.get().into_iter().map(|tag| view! { <option value=tag></option> }).collect_view();
    view! {
        <SearchForm fields label="Flags" about="Key, name, description or tag">
            <input
                name="tag"
                list="tags"
                aria-label="Tags, with commas between them"
                placeholder="Tag"
                autocomplete="off"
                class="h-8 w-28 min-w-0 rounded-md border border-line bg-surface px-2"
                prop:value=move || fields.value("tag")
                value=fields.value("tag")
                on:change=move |_| fields.send()
            />
            <datalist id="tags">{known_tags}</datalist>
            {fields.select("state", "State", &STATES)}
            {fields.select("kind", "Type", &KINDS)}
            {fields.select("owner", "Owner", &OWNERS)}
            {fields.select("stale", "Age", &MARKS)}
            {fields.select("archived", "Shelf", &SHELVES)}
            {fields.select("sort", "Order", &SORTS)}
        </SearchForm>
    }
}
