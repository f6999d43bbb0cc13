//! The same time in each environment.

use domain::place::PlaceView;
use domain::usage::InsightsIn;
use domain::{FlagKey, Millis};
use leptos::prelude::*;

use crate::place::{address, dot};
use crate::ui::time::{ago, exact, grouped};
use crate::usage::points::positive;
use crate::usage::shares::Share;

#[component]
pub(super) fn Everywhere(
    place: PlaceView,
    key: FlagKey,
    environments: Vec<InsightsIn>,
    now: Millis,
) -> impl IntoView {
    let of = place.of();
    let most = environments.iter().map(|it| positive(it.count)).max().unwrap_or_default();
    let rows = environments.into_iter().map(|it| {
        let InsightsIn { environment, count, evaluated } = it;
        let color = place.environment(Some(&environment)).map_or("bg-slate", |at| dot(at.environment.color));
        let href = address(&of, &format!("flags/{key}/insights"), Some(&environment));
        let count = positive(count);
        let bar = (most > 0).then(|| view! { <Share count sum=most /> });
        let last = match evaluated.last_evaluated_at {
            Some(at) => view! { <time title=exact(at)>{ago(now, at)}</time> }.into_any(),
            None => view! { <span class="text-muted">"never"</span> }.into_any(),
        };
        view! {
            <tr class="border-t border-line">
                <th scope="row" class="px-3 py-2 text-left font-normal">
                    <a class="inline-flex items-center gap-2 hover:underline" href=href>
                        <span class=format!("size-2 shrink-0 rounded-full {color}") aria-hidden="true"></span>
                        <span class="[overflow-wrap:anywhere]">{environment.to_string()}</span>
                    </a>
                </th>
                <td class="hidden py-2 sm:table-cell">{bar}</td>
                <td class="px-3 py-2 text-right font-mono text-sm whitespace-nowrap tabular-nums">{grouped(count)}</td>
                <td class="px-3 py-2 text-right text-sm whitespace-nowrap">{last}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="min-w-0 lg:only:col-span-2">
            <h2 class="font-medium">"Environments"</h2>
            <div class="mt-2 rounded-lg border border-line bg-surface">
                <table class="w-full">
                    <thead class="text-xs text-muted">
                        <tr>
                            <th scope="col" class="px-3 py-2 text-left font-medium">"Environment"</th>
                            <th scope="col" class="hidden py-2 text-left font-medium sm:table-cell">
                                <span class="sr-only">"Beside the others"</span>
                            </th>
                            <th scope="col" class="px-3 py-2 text-right font-medium">"Evaluations"</th>
                            <th scope="col" class="px-3 py-2 text-right font-medium">"Last evaluated"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
