//! A field for several values: each is a chip, and what is typed becomes one by Enter, by a comma, or by leaving.

use leptos::ev::{ClipboardEvent, KeyboardEvent};
use leptos::html::Input;
use leptos::prelude::*;

use super::icon::Icon;

#[component]
pub(crate) fn TagInput(
    #[prop(into)] values: Signal<Vec<String>>,
    set: Callback<Vec<String>>,
    #[prop(into)] label: String,
    #[prop(default = "Add a value")] placeholder: &'static str,
    /// The id of a list of suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let add = move |text: &str| {
        let mut all = values.get_untracked();
        for value in text.split([',', '\n', '\t']).map(str::trim).filter(|value| !value.is_empty()) {
            if !all.iter().any(|known| known == value) {
                all.push(value.to_owned());
            }
        }
        if all != values.get_untracked() {
            set.run(all);
        }
    };
    let take = move || {
        let Some(input) = input.get_untracked() else { return };
        let text = input.value();
        if !text.trim().is_empty() {
            add(&text);
        }
        input.set_value("");
    };
    let pressed = move |event: KeyboardEvent| {
        let is_empty = input.get_untracked().is_none_or(|input| input.value().is_empty());
        match event.key().as_str() {
            "Enter" | "," => {
                event.prevent_default();
                take();
            }
            "Backspace" if is_empty => {
                let mut all = values.get_untracked();
                if all.pop().is_some() {
                    set.run(all);
                }
            }
            _ => {}
        }
    };
    let pasted = move |event: ClipboardEvent| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        if text.contains([',', '\n', '\t']) {
            event.prevent_default();
            add(&text);
        }
    };
    let chips = move || {
        let all = values.get();
        let chips = all.into_iter().enumerate().map(|(place, value)| {
            let remove = move |_| {
                let mut all = values.get_untracked();
                if place < all.len() {
                    all.remove(place);
                    set.run(all);
                }
            };
            view! {
                <li class="flex h-6 max-w-full items-center gap-1 rounded bg-sunken pl-1.5 font-mono text-xs has-disabled:bg-surface has-disabled:pr-1.5">
                    <span class="min-w-0 truncate">{value.clone()}</span>
                    <button
                        type="button"
                        class="inline-flex size-6 shrink-0 cursor-pointer items-center justify-center text-muted hover:text-ink disabled:hidden"
                        aria-label=format!("Remove {value}")
                        disabled=disabled
                        on:click=remove
                    >
                        <Icon of=icondata_lu::LuX />
                    </button>
                </li>
            }
        });
        chips.collect_view()
    };
    view! {
        // What is in it stays readable where it is disabled: it is text, not a field.
        <div class="flex min-h-9 min-w-0 flex-wrap items-center gap-1 rounded-md border border-edge bg-surface px-1.5 py-1 focus-within:outline-2 focus-within:outline-accent has-disabled:cursor-not-allowed has-disabled:border-line has-disabled:bg-sunken">
            <ul class="contents">{chips}</ul>
            <input
                node_ref=input
                class="h-6 min-w-12 flex-1 bg-transparent px-1 text-sm outline-none disabled:min-w-0 disabled:cursor-not-allowed disabled:placeholder:text-transparent"
                aria-label=label
                placeholder=placeholder
                list=list
                autocomplete="off"
                disabled=disabled
                on:keydown=pressed
                on:paste=pasted
                on:blur=move |_| take()
            />
        </div>
    }
}
