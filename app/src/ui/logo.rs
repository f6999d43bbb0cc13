//! The mark and the name.

use leptos::prelude::*;

#[component]
pub(crate) fn Logo() -> impl IntoView {
    view! {
        <a href="/" rel="external" class="inline-flex items-center gap-2 text-lg font-semibold tracking-tight">
            <svg class="h-4 w-7" viewBox="0 0 28 16" aria-hidden="true">
                <rect class="fill-accent" width="28" height="16" rx="8"></rect>
                <circle class="fill-page" cx="20" cy="8" r="5"></circle>
            </svg>
            <span class="sidebar-label">"Togglebit"</span>
        </a>
    }
}
