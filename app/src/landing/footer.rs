//! The end of the page.

use leptos::prelude::*;

const LINKS: [(&str, &str); 4] = [
    ("/docs", "API reference"),
    ("/api/v1/openapi.json", "OpenAPI document"),
    ("/sign-in", "Sign in"),
    ("#top", "Back to the top"),
];

#[component]
pub(super) fn Footer() -> impl IntoView {
    let links = LINKS.map(|(to, name)| {
        view! {
            <li>
                <a class="hover:text-ink hover:underline" href=to>{name}</a>
            </li>
        }
    });
    view! {
        <footer class="border-t border-line bg-sunken text-sm text-muted">
            <div class="mx-auto flex max-w-[1200px] flex-wrap justify-between gap-x-10 gap-y-6 px-4 py-10 sm:px-6">
                <p class="max-w-md">
                    "Togglebit is open source under the MIT licence. Its fonts are Geist and Geist Mono, under the SIL Open Font License. Other products' names belong to their owners."
                </p>
                <nav aria-label="More">
                    <ul class="flex flex-wrap gap-x-6 gap-y-2">{links.into_iter().collect_view()}</ul>
                </nav>
            </div>
        </footer>
    }
}
