//! A part of a page that may fail by itself: the rest of the page stays.

use leptos::prelude::*;

use super::failure::{FailedPart, Failure};

/// A part with a title. Whatever is an `Err` in it is told in its place, with a way to try again.
///
/// What it shows comes from a `Resource`; under an error boundary a `LocalResource` has kept the server waiting for ever
/// (leptos #4826).
#[component]
pub(crate) fn Panel(
    #[prop(into)] title: String,
    /// What stands beside the title.
    #[prop(optional, into)]
    actions: ViewFn,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="rounded-lg border border-line bg-surface">
            <header class="flex min-h-11 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
                <h2 class="min-w-0 font-semibold [overflow-wrap:anywhere]">{title}</h2>
                {actions.run()}
            </header>
            <div class="min-w-0 p-4">
                <Boundary children />
            </div>
        </section>
    }
}

#[component]
fn Boundary(children: Children) -> impl IntoView {
    view! {
        <ErrorBoundary fallback=|errors| {
            // The same fault in several places is told once.
            let told = move || {
                let mut texts: Vec<_> = errors.read().iter().map(|(_, error)| error.to_string()).collect();
                texts.sort();
                texts.dedup();
                texts
            };
            view! {
                <div class="grid gap-2">
                    {move || told().iter().map(|text| view! { <FailedPart failure=Failure::of_text(text) /> }).collect_view()}
                </div>
            }
        }>{children()}</ErrorBoundary>
    }
}
