//! What uses a segment.

use domain::place::PlaceView;
use domain::segments::{SegmentUses, UsedInEnvironment, UsingFlag, UsingSegment};
use leptos::prelude::*;

use super::words::counted;
use crate::place::{address, dot};
use crate::ui::time::grouped;

#[component]
pub(super) fn Uses(place: PlaceView, uses: SegmentUses) -> impl IntoView {
    let count: usize = uses.environments.iter().map(|used| used.flags.len() + used.segments.len()).sum();
    let of = place.of();
    let parts = uses.environments.into_iter().filter_map(|used| {
        let UsedInEnvironment { environment, flags, segments } = used;
        let color = place.environment(Some(&environment))?.environment.color;
        if flags.is_empty() && segments.is_empty() {
            return None;
        }
        let at = |path: String| address(&of, &path, Some(&environment));
        let link = "min-w-0 font-medium [overflow-wrap:anywhere] hover:underline";
        let flags = flags.into_iter().map(|flag| {
            let UsingFlag { key, name, archived, rules } = flag;
            let archived = archived.then(|| view! { <span class="badge">"archived"</span> });
            view! {
                <li class="py-1.5">
                    <span class="flex min-w-0 flex-wrap items-center gap-x-2">
                        <a class=link href=at(format!("flags/{key}"))>{name}</a>
                        {archived}
                    </span>
                    <span class="block text-xs text-muted [overflow-wrap:anywhere]">
                        <span class="font-mono">{key.to_string()}</span>
                        {format!(", {}", counted(rules.len() as u64, "rule"))}
                    </span>
                </li>
            }
        });
        let flags = flags.collect_view();
        let segments = segments.into_iter().map(|segment| {
            let UsingSegment { key, name } = segment;
            view! {
                <li class="py-1.5">
                    <a class=link href=at(format!("segments/{key}"))>{name}</a>
                    <span class="block text-xs text-muted [overflow-wrap:anywhere]">
                        <span class="font-mono">{key.to_string()}</span>
                        ", a segment"
                    </span>
                </li>
            }
        });
        Some(view! {
            <li class="min-w-0">
                <h3 class="flex items-center gap-2 text-sm font-medium">
                    <span class=format!("size-2 shrink-0 rounded-full {}", dot(color)) aria-hidden="true"></span>
                    <span class="min-w-0 [overflow-wrap:anywhere]">{environment.to_string()}</span>
                </h3>
                <ul class="divide-y divide-line pl-4">{flags} {segments.collect_view()}</ul>
            </li>
        })
    });
    let parts = parts.collect_view();
    let nothing = (count == 0).then(|| {
        view! { <p class="text-sm text-muted">"Nothing yet. A rule of a flag uses it by the test “in segment”."</p> }
    });
    view! {
        <section aria-labelledby="uses" class="min-w-0 rounded-xl border border-line bg-surface">
            <h2 id="uses" class="border-b border-line px-4 py-3 font-semibold">
                "Used by " <span class="font-normal text-muted tabular-nums">{grouped(count as u64)}</span>
            </h2>
            <div class="max-h-[32rem] overflow-y-auto p-4">
                {nothing}
                <ul class="grid gap-3">{parts}</ul>
            </div>
        </section>
    }
    .into_any()
}

/// Why a segment cannot be deleted while something uses it; none where nothing does.
pub(super) fn reason(uses: &SegmentUses) -> Option<String> {
    let flags: std::collections::BTreeSet<_> =
        uses.environments.iter().flat_map(|used| used.flags.iter().map(|flag| &flag.key)).collect();
    let segments: std::collections::BTreeSet<_> =
        uses.environments.iter().flat_map(|used| used.segments.iter().map(|segment| &segment.key)).collect();
    let parts = [(flags.len(), "flag"), (segments.len(), "other segment")];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts.map(|(count, of)| counted(count as u64, of)).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "It is used by {}. Take it out of their conditions first: they are listed above.",
            parts.join(" and ")
        )
    })
}
