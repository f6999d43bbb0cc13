//! What is looked for among flags.

use leptos::prelude::*;

use crate::ui::icon::Icon;
use crate::ui::search::{Fields, SearchForm};

/// What narrows the list besides the words that are looked for.
const NAMES: [&str; 6] = ["tag", "state", "kind", "owner", "stale", "archived"];

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
    let said = move || NAMES.into_iter().filter(|name| !fields.value(name).is_empty()).count();
    let count = move || {
        let count = said();
        (count > 0).then(|| view! { <span class="badge px-1 tabular-nums">{count} <span class="sr-only">" set"</span></span> })
    };
    view! {
        <SearchForm fields label="Flags" about="Key, name, description or tag">
            // A phone shows them when they are asked for: a box, which opens without script and is not sent.
            <label class="peer button relative px-2 has-checked:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent sm:hidden">
                <input type="checkbox" class="sr-only" />
                <Icon of=icondata_lu::LuListFilter />
                "Filters"
                {count}
            </label>
            // What narrows the list has another edge.
            <div class="hidden w-full grid-cols-2 gap-2 max-sm:peer-has-checked:grid sm:contents max-sm:[&>*]:w-full max-sm:[&>*]:max-w-none [&>input:not(:placeholder-shown)]:border-accent [&>select:not([name=sort]):has(option:checked:not(:first-child))]:border-accent">
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
            </div>
        </SearchForm>
    }
    .into_any()
}
