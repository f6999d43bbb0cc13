//! The organization's months: what was answered here, and what applications reported.

use domain::Millis;
use domain::usage::MonthOfUsage;
use leptos::prelude::*;

use super::points::positive;
use super::shares::{Share, percent};
use crate::ui::time::grouped;

/// How many are shown before the others are behind a disclosure.
const SHOWN: usize = 6;

#[component]
pub(super) fn Months(organization: String, months: Vec<MonthOfUsage>, now: Millis) -> impl IntoView {
    let current = now.year_and_month();
    let most = months.iter().map(|month| positive(month.count)).max().unwrap_or_default();
    let mut rows: Vec<_> = months
        .into_iter()
        .map(|month| {
            let MonthOfUsage { month, from: _, count, served, reported } = month;
            let to_date = (month == current).then_some(" to date");
            let (count, served, reported) = (positive(count), positive(served), positive(reported));
            view! {
                <tr class="border-t border-line">
                    <th scope="row" class="px-3 py-2 text-left font-normal whitespace-nowrap tabular-nums">
                        {month}
                        <span class="text-muted">{to_date}</span>
                    </th>
                    <td class="hidden py-2 sm:table-cell"><Share count sum=most /></td>
                    <td class=NUMBER>{grouped(count)}</td>
                    <td class=format!("hidden md:table-cell {NUMBER}") title=percent(served, count)>{grouped(served)}</td>
                    <td class=format!("hidden md:table-cell {NUMBER}") title=percent(reported, count)>{grouped(reported)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let older = rows.split_off(rows.len().min(SHOWN));
    let older = (!older.is_empty()).then(|| {
        let count = older.len();
        view! {
            <details class="mt-2">
                <summary class="cursor-pointer text-sm text-accent">{format!("{count} months before")}</summary>
                {table(older)}
            </details>
        }
    });
    view! {
        <section class="min-w-0">
            <h2 class="font-medium">"Months"</h2>
            <p class="mt-0.5 text-sm text-muted [overflow-wrap:anywhere]">
                {format!("Of {organization} as a whole, in UTC. Months are kept for good.")}
            </p>
            {table(rows)}
            {older}
        </section>
    }
    .into_any()
}

const NUMBER: &str = "px-3 py-2 text-right font-mono text-sm whitespace-nowrap tabular-nums";

fn table(rows: Vec<AnyView>) -> impl IntoView {
    view! {
        <div class="mt-2 rounded-lg border border-line bg-surface">
            <table class="w-full">
                <thead class="text-xs text-muted">
                    <tr>
                        <th scope="col" class="px-3 py-2 text-left font-medium">"Month"</th>
                        <th scope="col" class="hidden py-2 text-left font-medium sm:table-cell">
                            <span class="sr-only">"Beside the others"</span>
                        </th>
                        <th scope="col" class="px-3 py-2 text-right font-medium">"Evaluations"</th>
                        <th scope="col" class="hidden px-3 py-2 text-right font-medium md:table-cell">"Answered by Togglebit"</th>
                        <th scope="col" class="hidden px-3 py-2 text-right font-medium md:table-cell">"Reported by SDKs"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
