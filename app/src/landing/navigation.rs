//! The bar at the top, which the script makes lower once the page is scrolled.

use leptos::prelude::*;

use crate::ui::logo::Logo;

/// The page's parts: id and name.
const PARTS: [(&str, &str); 4] = [
    ("how-it-works", "How it works"),
    ("code", "Code"),
    ("comparison", "Comparison"),
    ("self-hosting", "Self-hosting"),
];

#[component]
pub(super) fn Navigation() -> impl IntoView {
    let parts = PARTS.map(|(id, name)| {
        view! {
            <li>
                <a class="rounded px-2 py-1 text-muted hover:text-ink" href=format!("#{id}")>{name}</a>
            </li>
        }
    });
    view! {
        // Seen by the script: once this is out of sight, the page is scrolled.
        <div id="top" class="absolute top-0 h-6 w-px" aria-hidden="true"></div>
        <header class="landing-bar sticky top-0 z-20">
            <div class="landing-bar-inner mx-auto flex max-w-[1200px] items-center gap-6 px-4 sm:px-6">
                <Logo />
                <nav aria-label="Page" class="hidden min-w-0 grow md:block">
                    <ul class="flex gap-2">{parts.into_iter().collect_view()}</ul>
                </nav>
                <div class="ml-auto flex items-center gap-2">
                    <a class="rounded px-2 py-1 text-muted hover:text-ink" href="/docs">"API"</a>
                    <a class="button" href="/sign-in">"Sign in"</a>
                </div>
            </div>
        </header>
    }
}
