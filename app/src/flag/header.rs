//! What the flag is.

use domain::flags::FlagDetail;
use domain::place::PlaceView;
use leptos::prelude::*;

use crate::flags::marks::{Mark, MarkBadge};
use crate::flags::words::kind;

#[component]
pub(super) fn Header(place: PlaceView, detail: FlagDetail) -> impl IntoView {
    let FlagDetail { now, flag, .. } = detail;
    let _ = place;
    let mark = Mark::of(&flag, now);
    let tags = flag.tags.iter().map(|tag| view! { <li class="badge">{tag.clone()}</li> }).collect_view();
    let owner = flag.owner.as_ref().map(|owner| format!("Owned by {}", owner.name));
    let description = (!flag.description.is_empty())
        .then(|| view! { <p class="mt-2 max-w-3xl text-muted [overflow-wrap:anywhere]">{flag.description.clone()}</p> });
    view! {
        <div class="min-w-0">
            <div class="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
                <h1 class="min-w-0 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{flag.name.clone()}</h1>
                <span class="badge">{kind(flag.kind, flag.value_type)}</span>
                <MarkBadge mark />
            </div>
            <div class="mt-1 flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
                <code class="min-w-0 font-mono text-sm text-muted [overflow-wrap:anywhere]">{flag.key.to_string()}</code>
                <ul class="flex flex-wrap gap-1">{tags}</ul>
                <span class="text-sm text-muted">{owner}</span>
            </div>
            {description}
        </div>
    }
}
