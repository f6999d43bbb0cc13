//! What not everybody may do.

use leptos::prelude::*;

use super::icon::Icon;

/// A plain form. Whoever may not send it sees what it holds, and why it is disabled.
#[component]
pub(crate) fn Guarded(
    /// The address that it is sent to.
    action: String,
    /// Why it cannot be sent, if so.
    refusal: Option<String>,
    /// Whether the page says why once, for all of its forms.
    #[prop(default = false)]
    is_said: bool,
    children: Children,
) -> impl IntoView {
    let is_refused = refusal.is_some();
    view! {
        <Reason refusal=refusal.filter(|_| !is_said) />
        <form method="post" action=action>
            <fieldset disabled=is_refused class="grid max-w-md min-w-0 grid-cols-1 gap-4">{children()}</fieldset>
        </form>
    }
}

/// What stands where a button or a link would, were somebody allowed to use it. Why they are not is said to the pointer, and to who
/// listens.
#[component]
pub(crate) fn Off(
    reason: String,
    #[prop(default = "")] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("relative button button-off {class}") role="button" tabindex="0" aria-disabled="true" title=reason.clone()>
            {children()}
            <span class="sr-only">": " {reason.clone()}</span>
        </span>
    }
    .into_any()
}

/// Why something cannot be done; nothing where it can.
#[component]
pub(crate) fn Reason(refusal: Option<String>) -> impl IntoView {
    refusal.map(|reason| {
        view! {
            <p class="mb-4 flex items-start gap-2 text-sm text-muted">
                <span class="mt-0.5"><Icon of=icondata_lu::LuLock /></span>
                <span class="min-w-0">{reason}</span>
            </p>
        }
    })
}
