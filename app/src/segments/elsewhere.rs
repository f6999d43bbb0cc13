//! How much a segment contains in the other environments.

use domain::EnvironmentKey;
use domain::place::PlaceView;
use domain::segments::SegmentView;
use leptos::prelude::*;

use super::words::sums;
use crate::place::{address, dot};

#[component]
pub(super) fn Elsewhere(place: PlaceView, segment: SegmentView, here: EnvironmentKey) -> impl IntoView {
    let (of, key) = (place.of(), segment.key);
    let others = segment.environments.into_iter().filter(|counts| counts.environment != here);
    let rows = others.filter_map(|counts| {
        let environment = counts.environment.clone();
        let color = place.environment(Some(&environment))?.environment.color;
        let href = address(&of, &format!("segments/{key}"), Some(&environment));
        Some(view! {
            <li class="flex min-w-0 items-baseline gap-2 px-4 py-2 text-sm">
                <span class=format!("size-2 shrink-0 rounded-full {}", dot(color)) aria-hidden="true"></span>
                <a class="min-w-0 [overflow-wrap:anywhere] hover:underline" href=href>{environment.to_string()}</a>
                <span class="ml-auto text-right text-muted">{sums(&counts)}</span>
            </li>
        })
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section aria-labelledby="elsewhere" class="min-w-0 rounded-xl border border-line bg-surface">
                <h2 id="elsewhere" class="border-b border-line px-4 py-3 font-semibold">"Elsewhere"</h2>
                <ul class="divide-y divide-line">{rows}</ul>
            </section>
        }
    })
}
