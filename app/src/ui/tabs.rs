//! Tabs by links: each has an address, and works without script.

use leptos::prelude::*;

/// A tab: what it is called, where it is, and whether it is looked at.
pub(crate) struct Tab {
    pub(crate) name: &'static str,
    pub(crate) href: Signal<String>,
    pub(crate) is_current: Signal<bool>,
}

#[component]
pub(crate) fn Tabs(
    /// What the tabs are of.
    label: &'static str,
    tabs: Vec<Tab>,
) -> impl IntoView {
    let tab = |Tab { name, href, is_current }| {
        view! {
            <li>
                <a
                    href=href
                    aria-current=move || is_current.get().then_some("page")
                    class="inline-flex h-10 items-center border-b-2 border-transparent px-2.5 whitespace-nowrap sm:px-3 text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
                >
                    {name}
                </a>
            </li>
        }
    };
    view! {
        <nav aria-label=label class="mt-5 mb-6 overflow-x-auto border-b border-line">
            <ul class="flex w-max">{tabs.into_iter().map(tab).collect_view()}</ul>
        </nav>
    }
    .into_any()
}
