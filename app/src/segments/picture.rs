//! The drawing where there are no segments yet: a crowd, of whom some have something in common.

use leptos::prelude::*;

/// How many stand beside each other.
const WIDE: usize = 8;

/// How many stand behind each other.
const DEEP: usize = 4;

/// Who has it in common, by their row and their place in it.
fn is_inside(row: usize, place: usize) -> bool {
    (1..3).contains(&row) && (2..6).contains(&place)
}

#[component]
pub(super) fn Crowd() -> impl IntoView {
    let people = (0..WIDE * DEEP).map(|person| {
        let (row, place) = (person / WIDE, person % WIDE);
        let (x, y) = (12 + place * 16, 12 + row * 20);
        let class = if is_inside(row, place) { "fill-accent" } else { "fill-line" };
        view! { <circle class=class cx=x.to_string() cy=y.to_string() r="5"></circle> }
    });
    view! {
        <svg class="mx-auto h-28 w-44" viewBox="0 0 136 84" aria-hidden="true">
            {people.collect_view()}
            <rect class="fill-none stroke-edge" x="34" y="22" width="68" height="40" rx="10" stroke-dasharray="4 3"></rect>
        </svg>
    }
}
