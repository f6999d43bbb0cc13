//! Icons of Lucide as inlined SVG, drawn with the class `icon`.

use icondata_core::Icon as Drawing;
use leptos::prelude::*;

/// An icon of 16 pixels. It says nothing to a screen reader; the words beside it do.
#[component]
pub(crate) fn Icon(#[prop(into)] of: Signal<Drawing>) -> impl IntoView {
    // The drawings are the library's, not what somebody typed.
    view! {
        <svg class="icon size-4 shrink-0" viewBox="0 0 24 24" aria-hidden="true" inner_html=move || of.get().data></svg>
    }
}
