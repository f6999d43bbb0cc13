//! The numbers that come first.

use domain::Millis;
use domain::usage::{MonthOfUsage, NodeDelivery, UsageRange};
use leptos::prelude::*;

use super::address::Asked;
use super::points::{positive, sum_of_months};
use crate::ui::time::grouped;

/// How much there was, how much in this month, and who listens now.
#[component]
pub(super) fn Figures(
    /// How many evaluations the project had in the time that is looked at.
    sum: u64,
    asked: Asked,
    months: Vec<MonthOfUsage>,
    now: Millis,
    delivery: NodeDelivery,
) -> impl IntoView {
    figures(
        all(sum, &asked, &months, now, &delivery).map(|(name, number, about)| (name, grouped(number), about)),
    )
}

/// Figures beside each other: the name of each, what it is, and what it is of. A phone has a line for each.
pub(crate) fn figures(figures: [(&'static str, String, String); 3]) -> AnyView {
    let shown = figures.map(|(name, value, about)| {
        view! {
            <div class="grid min-w-0 grid-cols-[minmax(0,1fr)_minmax(0,auto)] gap-x-4 py-2.5 sm:block sm:px-4 sm:py-2 sm:first:pl-0">
                <dt class="text-sm text-muted">{name}</dt>
                <dd class="col-start-2 row-span-2 row-start-1 line-clamp-2 self-center text-right text-2xl font-semibold tracking-tight tabular-nums [overflow-wrap:anywhere] sm:mt-0.5 sm:text-left">
                    {value}
                </dd>
                <dd class="text-xs text-muted [overflow-wrap:anywhere]">{about}</dd>
            </div>
        }
    });
    view! {
        <dl class="mt-4 grid divide-y divide-line sm:grid-cols-3 sm:divide-x sm:divide-y-0">{shown.into_iter().collect_view()}</dl>
    }
    .into_any()
}

/// A figure: its name, the number, and what it is of.
type Figure = (&'static str, u64, String);

fn all(
    sum: u64,
    asked: &Asked,
    months: &[MonthOfUsage],
    now: Millis,
    delivery: &NodeDelivery,
) -> [Figure; 3] {
    let current = now.year_and_month();
    let month = months.iter().find(|month| month.month == current);
    let count = |read: fn(&MonthOfUsage) -> i64| month.map_or(0, |month| positive(read(month)));
    let streams = delivery.environments.iter().fold(0, |sum: u64, it| sum.saturating_add(it.streams));
    let range = range_words(asked.range);
    let place = asked.environment.as_ref().map_or_else(|| "this project".to_owned(), ToString::to_string);
    let what = asked.flag.as_ref().map_or_else(|| place.clone(), |flag| format!("{flag} in {place}"));
    let reported = format!(
        "whole organization: {} answered, {} reported by SDKs",
        grouped(count(|month| month.served)),
        grouped(count(|month| month.reported))
    );
    let (sum, of) = match is_of_months(asked.range, sum, months) {
        true => (sum_of_months(months, now), "whole organization, last 12 months".to_owned()),
        false => (sum, format!("{what}, {range}")),
    };
    [
        ("Evaluations", sum, of),
        ("This month", count(|month| month.count), reported),
        ("Open streams", streams, "this project, on this node now".to_owned()),
    ]
}

/// Whether months are looked at, which are the organization's. Where there are none yet, there may be hours.
pub(super) fn is_of_months(range: UsageRange, sum: u64, months: &[MonthOfUsage]) -> bool {
    range == UsageRange::Year && (sum == 0 || !months.is_empty())
}

/// Of which time hours are counted; they are not kept for a year.
const fn range_words(range: UsageRange) -> &'static str {
    match range {
        UsageRange::Day => "last 24 hours",
        UsageRange::Week => "last 7 days",
        UsageRange::Month => "last 30 days",
        UsageRange::Quarter | UsageRange::Year => "last 90 days",
    }
}
