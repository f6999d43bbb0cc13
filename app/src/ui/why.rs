//! The field for the reason of a change, with the same words wherever somebody is asked.

use leptos::prelude::*;

/// What it is called where a reason has to be given.
pub(crate) const NEEDED: &str = "Why? The audit log keeps it.";

/// What it is called where it need not.
pub(crate) const OPTIONAL: &str = "Why? (optional)";

/// What it is called.
pub(crate) const fn label(is_needed: bool) -> &'static str {
    if is_needed { NEEDED } else { OPTIONAL }
}

#[component]
pub(crate) fn Why(
    #[prop(into)] id: String,
    is_needed: bool,
    /// What plain forms send it as.
    #[prop(default = "comment")]
    name: &'static str,
    /// When it is needed after all, where that is not known from the beginning.
    #[prop(default = "")]
    hint: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    typed: String,
    /// What follows what is typed, where the form is sent by script.
    #[prop(optional)]
    text: Option<RwSignal<String>>,
) -> impl IntoView {
    // The hint says when it is not optional.
    let label = if is_needed || hint.is_empty() { label(is_needed) } else { "Why?" };
    let described = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let hint = described.clone().map(|id| view! { <p id=id class="mt-1 text-sm text-muted">{hint}</p> });
    let class = "input mt-1";
    let input = match text {
        None => view! {
            <input id=id.clone() class=class name=name maxlength="2000" autocomplete="off" required=is_needed value=typed aria-describedby=described />
        }
        .into_any(),
        Some(text) => view! {
            <input
                id=id.clone()
                class=class
                name=name
                maxlength="2000"
                autocomplete="off"
                required=is_needed
                value=text.get_untracked()
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
                aria-describedby=described
            />
        }
        .into_any(),
    };
    view! {
        <div class="min-w-0">
            <label class="block text-sm font-medium" for=id.clone()>{label}</label>
            {input}
            {hint}
        </div>
    }
    .into_any()
}
