//! Icons as inlined SVG: paths on a grid of 24, drawn with the class `icon`.

use leptos::prelude::*;

/// Rays around a disc.
pub(crate) const SUN: &str = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4";
/// A crescent.
pub(crate) const MOON: &str = "M20 14.5A8.5 8.5 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500z";
/// A screen on a stand.
pub(crate) const MONITOR: &str =
    "M4 4h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM8 20h8M12 16v4";
/// A closed padlock.
pub(crate) const LOCK: &str =
    "M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8 11V7a4 4 0 0 1 8 0v4";
/// A cross.
pub(crate) const CLOSE: &str = "M6 6l12 12M18 6L6 18";

/// An icon of 16 pixels. It says nothing to a screen reader; the words beside it do.
#[component]
pub(crate) fn Icon(#[prop(into)] path: Signal<&'static str>) -> impl IntoView {
    view! {
        <svg class="icon size-4 shrink-0" viewBox="0 0 24 24" aria-hidden="true">
            <path d=move || path.get()></path>
        </svg>
    }
}
