//! A button that copies a text.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::icon::Icon;
use super::toast::toasts;

/// How long it says that it has copied.
const STAY: Duration = Duration::from_secs(2);

/// Copies a text. Needs script, so the text stands somewhere where it can be selected too.
#[component]
pub(crate) fn Copy(
    #[prop(into)] text: Signal<String>,
    /// What is copied, in words for those who do not see what the button stands beside.
    #[prop(into)]
    what: String,
    /// Whether it stands beside a short text, as an icon alone.
    #[prop(default = false)]
    small: bool,
) -> impl IntoView {
    let (copied, toasts) = (RwSignal::new(false), toasts());
    // Browsers keep the clipboard from pages without TLS, and from those that the person does not let.
    let refused = move || {
        toasts.failed("the browser does not let this page copy. Select the text instead.".to_owned());
    };
    let click = move |_| {
        if !window().is_secure_context() {
            return refused();
        }
        let written = window().navigator().clipboard().write_text(&text.get_untracked());
        spawn_local(async move {
            if JsFuture::from(written).await.is_err() {
                return refused();
            }
            // The button may be gone by then.
            if copied.try_set(true).is_none() {
                let again = move || {
                    copied.try_set(false);
                };
                set_timeout(again, STAY);
            }
        });
    };
    let icon = Signal::derive(move || if copied.get() { icondata_lu::LuCheck } else { icondata_lu::LuCopy });
    let (class, label) = match small {
        true => (
            "inline-flex size-7 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink",
            "sr-only",
        ),
        false => ("button w-24 shrink-0 justify-center", ""),
    };
    view! {
        <button type="button" class=class title=small.then_some("Copy") on:click=click>
            <Icon of=icon />
            <span class=label aria-live="polite">{move || if copied.get() { "Copied" } else { "Copy" }}</span>
            <span class="sr-only">" " {what}</span>
        </button>
    }
}
