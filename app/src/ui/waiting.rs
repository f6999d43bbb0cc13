//! What stands where something is still loaded.

use leptos::prelude::*;

#[component]
pub(crate) fn Waiting() -> impl IntoView {
    view! { <p class="p-6 text-muted">"Loading…"</p> }
}
