//! A chart's figures.

use leptos::prelude::*;

use super::{ChartPoint, ChartSeries};
use crate::ui::time::grouped;

#[component]
pub(super) fn Table(
    title: String,
    points: Vec<ChartPoint>,
    series: Vec<ChartSeries>,
    totals: Vec<u64>,
) -> impl IntoView {
    let head = "px-3 py-1.5 text-right font-medium whitespace-nowrap";
    let cell = "px-3 py-1 text-right font-mono whitespace-nowrap tabular-nums";
    let names = series.iter().map(|series| view! { <th scope="col" class=head>{series.name.clone()}</th> });
    let names = names.collect_view();
    let rows = points.into_iter().zip(totals).enumerate().map(|(place, (point, total))| {
        let counts = series.iter().map(|series| view! { <td class=cell>{grouped(series.at(place))}</td> });
        view! {
            <tr class="border-t border-line">
                <th scope="row" class="px-3 py-1 text-left font-normal whitespace-nowrap">{point.full}</th>
                <td class=cell>{grouped(total)}</td>
                {counts.collect_view()}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let label = format!("{title}, as a table");
    view! {
        <details class="mt-3">
            <summary class="cursor-pointer text-sm text-accent">"Show the figures as a table"</summary>
            <div
                class="mt-2 max-h-96 overflow-auto rounded-md border border-line"
                role="region"
                aria-label=label
                tabindex="0"
            >
                <table class="w-full text-sm">
                    <thead class="sticky top-0 bg-sunken text-xs text-muted">
                        <tr>
                            <th scope="col" class="px-3 py-1.5 text-left font-medium">"Time (UTC)"</th>
                            <th scope="col" class=head>"All"</th>
                            {names}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
