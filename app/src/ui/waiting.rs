//! What waits for something, and what stands there until then.

use leptos::prelude::*;

/// What is drawn once something is loaded. The browser draws it anew when what it reads changes. The server would call it each
/// time it looks for what is still to be waited for, and load what is in it as often.
#[cfg(feature = "ssr")]
pub(crate) fn awaited<V>(draw: impl FnOnce() -> V) -> V {
    draw()
}

#[cfg(not(feature = "ssr"))]
pub(crate) fn awaited<V, F: Fn() -> V>(draw: F) -> F {
    draw
}

#[component]
pub(crate) fn Waiting() -> impl IntoView {
    view! { <p class="p-6 text-muted">"Loading…"</p> }
}
