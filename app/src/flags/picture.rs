//! A picture for each type of flag: sixteen people, and who of them is served.

use leptos::prelude::*;

/// Who is served, by their places from 0 to 15.
fn is_served(kind: &str, place: usize) -> bool {
    let is_named = (1..7).contains(&(place % 8));
    match kind {
        "boolean" => true,
        "percentage" => place % 4 == 1,
        "segment" => is_named,
        "combined" => is_named && place % 4 == 1,
        _ => false,
    }
}

/// The class of a person's dot.
fn fill(kind: &str, place: usize) -> &'static str {
    match (kind, place % 3) {
        ("advanced", 0) => "fill-accent",
        ("advanced", 1) => "fill-teal",
        ("advanced", _) => "fill-amber",
        _ if is_served(kind, place) => "fill-accent",
        _ => "fill-line",
    }
}

#[component]
pub(super) fn Picture(kind: &'static str) -> impl IntoView {
    let dots = (0..16_usize).map(|place| {
        let (x, y) = (6 + place % 8 * 12, 6 + place / 8 * 12);
        view! { <circle class=fill(kind, place) cx=x.to_string() cy=y.to_string() r="4"></circle> }
    });
    // What rules name has a frame.
    let frame = matches!(kind, "segment" | "combined").then(|| {
        view! { <rect class="fill-none stroke-edge" x="12.5" y="0.5" width="71" height="23" rx="4" stroke-dasharray="3 2"></rect> }
    });
    view! {
        <svg class="h-6 w-25" viewBox="0 0 100 24" aria-hidden="true">
            {dots.collect_view()} {frame}
        </svg>
    }
}
