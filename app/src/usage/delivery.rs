//! What the node that answered the page delivers. Another node may say something else.

use domain::place::PlaceView;
use domain::usage::{DeliveredEnvironment, NodeDelivery};
use leptos::prelude::*;

use crate::place::dot;
use crate::ui::time::grouped;

#[component]
pub(super) fn Delivery(place: PlaceView, delivery: NodeDelivery) -> impl IntoView {
    let NodeDelivery { age_ms, environments } = delivery;
    let number = "px-3 py-2 text-right font-mono text-sm whitespace-nowrap tabular-nums";
    let rows = environments.into_iter().map(|delivered| {
        let DeliveredEnvironment { environment, revision, streams, streams_in_all } = delivered;
        let color =
            place.environment(Some(&environment)).map_or("bg-slate", |place| dot(place.environment.color));
        let revision = revision.map_or_else(|| "not loaded".to_owned(), grouped);
        view! {
            <tr class="border-t border-line">
                <th scope="row" class="px-3 py-2 text-left font-normal">
                    <span class="inline-flex items-center gap-2">
                        <span class=format!("size-2 shrink-0 rounded-full {color}") aria-hidden="true"></span>
                        <span class="[overflow-wrap:anywhere]">{environment.to_string()}</span>
                    </span>
                </th>
                <td class=number>{revision}</td>
                <td class=number>{grouped(streams)}</td>
                <td class=number>{grouped(streams_in_all)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="min-w-0 lg:only:col-span-2">
            <h2 class="font-medium">"Delivery"</h2>
            <p class="mt-0.5 text-sm text-muted">
                {format!(
                    "The node that answered this page evaluates from memory. It saw {} that the database has nothing newer. Other nodes count their streams every few seconds.",
                    seen(age_ms),
                )}
            </p>
            <div class="mt-2 rounded-lg border border-line bg-surface">
                <table class="w-full">
                    <thead class="text-xs text-muted">
                        <tr>
                            <th scope="col" class="px-3 py-2 text-left font-medium">"Environment"</th>
                            <th scope="col" class="px-3 py-2 text-right font-medium">"Revision in memory"</th>
                            <th scope="col" class="px-3 py-2 text-right font-medium">"Streams here"</th>
                            <th scope="col" class="px-3 py-2 text-right font-medium">"On all nodes"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// How long ago it was looked.
fn seen(age_ms: i64) -> String {
    match age_ms.max(0) {
        ms @ 0..1000 => format!("{ms} ms ago"),
        ms @ 1000..120_000 => format!("{} s ago", ms / 1000),
        ms => format!("{} min ago", ms / 60_000),
    }
}
