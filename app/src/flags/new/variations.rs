//! The values that a flag can take.

use leptos::prelude::*;

use super::said::{Hint, Said};
use crate::flags::filled::{key_of, value_of};
use crate::flash::Flash;
use crate::ui::icon::Icon;

/// The types of values: the name, what it is called, and an example.
const TYPES: [(&str, &str, &str); 4] = [
    ("boolean", "Boolean", "true or false"),
    ("string", "Text", "such as “blue”"),
    ("number", "Number", "such as 10 or 0.5"),
    ("json", "JSON", "such as {\"limit\": 10}"),
];

/// So many values there are at least, and so many at most.
const LEAST: usize = 2;
const MOST: usize = 50;

/// So many rows there are without script, where none can be added.
const WITHOUT_SCRIPT: u32 = 6;

/// The rows of the form, by what their fields are called.
#[derive(Clone, Copy)]
pub(super) struct Rows(RwSignal<Vec<u32>>);

impl Rows {
    /// Those in which something was typed, and two at least.
    pub(super) fn new(flash: &Flash) -> Self {
        let is_typed = |place: &u32| {
            !flash.typed(&key_of(*place)).is_empty() || !flash.typed(&value_of(*place)).is_empty()
        };
        let last = (0..WITHOUT_SCRIPT).rfind(is_typed).unwrap_or(0);
        Self(RwSignal::new((0..=last.max(1)).collect()))
    }

    /// What their fields are called.
    pub(super) fn places(self) -> Vec<u32> {
        self.0.get_untracked()
    }

    fn add(self) {
        self.0.update(|rows| {
            let next = rows.last().map_or(0, |last| last.saturating_add(1));
            rows.push(next);
        });
    }

    fn remove(self, place: u32) {
        self.0.update(|rows| rows.retain(|row| *row != place));
    }
}

#[component]
pub(super) fn Values(said: Said, flash: Flash, rows: Rows) -> impl IntoView {
    let typed = flash.typed("value_type");
    let chosen = if typed.is_empty() { "boolean".to_owned() } else { typed };
    let types = TYPES.into_iter().map(|(name, label, example)| {
        view! {
            <label class="flex min-w-0 cursor-pointer items-start gap-2 rounded-md border border-line px-3 py-2 has-checked:border-accent has-checked:bg-accent/8 has-focus-visible:outline-2 has-focus-visible:outline-accent">
                <input id=format!("new-flag-value-{name}") class="box mt-0.5" type="radio" name="value_type" value=name checked=chosen == name data-several=(name != "boolean").then_some("") />
                <span class="min-w-0">
                    <span class="font-medium">{label}</span>
                    <span class="block text-xs text-muted [overflow-wrap:anywhere]">{example}</span>
                </span>
            </label>
        }
    });
    let types = types.collect_view();
    let first = rows.places().last().map_or(0, |last| last.saturating_add(1));
    let is_full = move || rows.0.read().len() >= MOST;
    let fields = move |place: u32| {
        let flash = flash.clone();
        let is_needed = move || rows.0.read().len() <= LEAST;
        view! { <Row said flash place remove=move || rows.remove(place) is_needed=Signal::derive(is_needed) /> }
    };
    view! {
        <fieldset class="grid min-w-0 gap-3 rounded-lg border border-line p-3 group-has-[[name=kind][value=boolean]:checked]:hidden">
            <legend class="px-1 text-sm font-medium">"Values"</legend>
            <div class="grid grid-cols-2 gap-2 sm:grid-cols-4" role="radiogroup" aria-label="Type of the values">{types}</div>
            <p class="text-sm text-muted group-has-[[data-several]:checked]:hidden">
                <code class="font-mono">"on"</code> " is true, " <code class="font-mono">"off"</code> " is false. These two stay as they are."
            </p>
            <div class="hidden gap-2 group-has-[[data-several]:checked]:grid">
                <div class="grid grid-cols-[2fr_3fr_2rem] gap-2 text-xs text-muted" aria-hidden="true">
                    <span>"Name"</span><span>"Value"</span>
                </div>
                <For each=move || rows.0.get() key=|place| *place children=fields />
                {rest(first)}
                <Hint said name="variations" hint="" id="new-flag-variations-hint".to_owned() />
                <div class="flex flex-wrap items-center justify-between gap-2">
                    <p class="text-sm text-muted">"The first is served once it is on, the last while it is off."</p>
                    <button
                        type="button"
                        class="button scripted"
                        disabled=is_full
                        on:click=move |_| rows.add()
                    >
                        <Icon of=icondata_lu::LuPlus />
                        "Add a value"
                    </button>
                </div>
            </div>
        </fieldset>
    }
    .into_any()
}

/// One value, and what it is called.
#[component]
fn Row(
    said: Said,
    flash: Flash,
    place: u32,
    remove: impl Fn() + Send + Sync + 'static,
    is_needed: Signal<bool>,
) -> impl IntoView {
    let number = place.saturating_add(1);
    let (key, value) = (key_of(place), value_of(place));
    let hint = format!("new-flag-variation-{place}-hint");
    let names = (key.clone(), value.clone());
    // What is wrong with the name comes first.
    let wrong = Memo::new(move |_| {
        let (key, value) = &names;
        if said.wrong(key).is_some() { key.clone() } else { value.clone() }
    });
    let is_wrong = |name: String| move || said.wrong(&name).is_some().then_some("true");
    let placeholder = match place {
        0 => "control",
        1 => "treatment",
        _ => "",
    };
    view! {
        <div>
            <div class="grid grid-cols-[2fr_3fr_2rem] gap-2">
                <input
                    class="input min-w-0 font-mono"
                    name=key.clone()
                    aria-label=format!("Name of value {number}")
                    placeholder=placeholder
                    autocomplete="off"
                    spellcheck="false"
                    value=flash.typed(&key)
                    aria-invalid=is_wrong(key.clone())
                    aria-describedby=hint.clone()
                />
                <input
                    class="input min-w-0 font-mono"
                    name=value.clone()
                    aria-label=format!("Value {number}")
                    autocomplete="off"
                    spellcheck="false"
                    value=flash.typed(&value)
                    aria-invalid=is_wrong(value.clone())
                    aria-describedby=hint.clone()
                />
                <button
                    type="button"
                    class="scripted inline-flex h-9 w-8 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken disabled:cursor-not-allowed disabled:opacity-40"
                    aria-label=format!("Remove value {number}")
                    disabled=is_needed
                    on:click=move |_| remove()
                >
                    <Icon of=icondata_lu::LuX />
                </button>
            </div>
            <Hint said name=wrong hint="" id=hint.clone() />
        </div>
    }
    .into_any()
}

/// Rows for browsers without script. As text, because to the others it is text: they add rows themselves.
fn rest(first: u32) -> impl IntoView {
    let field = |name: String, label: String| {
        format!(
            "<input class=\"input min-w-0 font-mono\" name=\"{name}\" aria-label=\"{label}\" autocomplete=\"off\">"
        )
    };
    let row = |place: u32| {
        let number = place.saturating_add(1);
        let key = field(key_of(place), format!("Name of value {number}"));
        let value = field(value_of(place), format!("Value {number}"));
        format!("<div class=\"mt-2 grid grid-cols-[2fr_3fr_2rem] gap-2\">{key}{value}</div>")
    };
    let rows: String = (first..WITHOUT_SCRIPT).map(row).collect();
    view! { <noscript inner_html=rows></noscript> }
}
