//! A field for a document: it is pasted, or taken from a file.

use leptos::ev::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::ui::escaped;
use crate::ui::icon::Icon;
use crate::ui::toast::toasts;

/// The largest file in bytes: what is larger would make the page slow, and is for the API.
const LARGEST: f64 = 8.0 * 1024.0 * 1024.0;

#[component]
pub(super) fn Document(
    id: String,
    label: &'static str,
    hint: &'static str,
    /// The names that files end with.
    accept: &'static str,
    text: RwSignal<String>,
) -> impl IntoView {
    let toasts = toasts();
    let chosen = move |event: Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // So that the same file can be chosen again, when it is another one by then.
        let reset = move || input.set_value("");
        if file.size() > LARGEST {
            reset();
            return toasts.failed("this file is larger than 8 MB: send it to the API instead".to_owned());
        }
        spawn_local(async move {
            match JsFuture::from(file.text()).await.ok().and_then(|read| read.as_string()) {
                Some(read) => drop(text.try_set(read)),
                None => toasts.failed("this file cannot be read".to_owned()),
            }
            reset();
        });
    };
    // The text itself is a property, which the server cannot write; so it is there as escaped markup, too.
    let written = escaped(&text.get_untracked());
    view! {
        <div>
            <label class="block text-sm font-medium" for=id.clone()>{label}</label>
            <textarea
                id=id.clone()
                name="document"
                rows="6"
                required=true
                spellcheck="false"
                autocomplete="off"
                aria-describedby=format!("{id}-hint")
                class="mt-1 block w-full rounded-md border border-edge bg-surface px-3 py-2 font-mono text-sm"
                prop:value=move || text.get()
                inner_html=written
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            <p id=format!("{id}-hint") class="mt-1 text-sm text-muted">{hint}</p>
            <label class="scripted button mt-2 has-focus-visible:outline-2 has-focus-visible:outline-accent">
                <Icon of=icondata_lu::LuFileUp />
                "Choose a file…"
                <input type="file" class="sr-only" accept=accept on:change=chosen />
            </label>
        </div>
    }
    .into_any()
}
