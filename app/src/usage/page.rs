//! The page.

use domain::place::PlaceView;
use domain::usage::{UsageOverview, UsageRange};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::address::{Asked, name};
use super::api::load_usage;
use super::controls::{Controls, Ranges};
use super::delivery::Delivery;
use super::figures::{Figures, is_of_months};
use super::months::Months;
use super::points::{self, positive};
use super::shares::{Flags, Reasons};
use crate::place::{Placed, address};
use crate::ui::chart::Chart;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Problem;
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn UsagePage() -> impl IntoView {
    view! { <Placed title="Usage" page=|place| view! { <Usage place /> }.into_any() /> }
}

#[component]
fn Usage(place: PlaceView) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| Asked::read(&query.read()));
    let of = place.of();
    // Blocking: the answer waits for it, so that it has the right status.
    let overview = Loaded::blocking(
        move || asked.get(),
        move |asked| {
            let of = of.clone();
            async move {
                let Asked { range, by, environment, flag } = asked?;
                load_usage(of.organization, of.project, range, by, environment, flag).await
            }
        },
    );
    let place = StoredValue::new(place);
    view! {
        <main class="page">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h1 class="text-xl font-semibold tracking-tight">"Usage"</h1>
                <Ranges current=move || asked.get().ok().map(|asked| asked.range.as_str().to_owned()) />
            </div>
            <Transition fallback=Waiting>
                {awaited(move || Suspend::new(async move {
                    match (overview.await, asked.get_untracked()) {
                        (Ok(overview), Ok(asked)) => {
                            view! { <Overview place=place.get_value() overview asked /> }.into_any()
                        }
                        (Err(error), _) | (_, Err(error)) => view! { <Problem error /> }.into_any(),
                    }
                }))}
            </Transition>
        </main>
    }
}

#[component]
fn Overview(place: PlaceView, overview: UsageOverview, asked: Asked) -> impl IntoView {
    let UsageOverview { now, chart, flags, more_flags, reasons, months, delivery } = overview;
    let sum = positive(chart.count);
    let is_year = asked.range == UsageRange::Year;
    let is_of_months = is_of_months(asked.range, sum, &months);
    let narrows = !is_of_months && (asked.environment.is_some() || asked.flag.is_some());
    let organization = place.organization.name.clone();
    let of = place.of();
    let kept = is_of_months.then(|| {
        view! {
            <p class="mb-3 text-sm text-muted [overflow-wrap:anywhere]">
                {format!(
                    "Of {organization} as a whole: hours, and with them projects, environments and flags, are kept for 90 days.",
                )}
            </p>
        }
    });
    let drawn = match (is_of_months, sum) {
        (true, _) if !months.is_empty() => {
            let (points, series) = points::of_months(&months, now);
            let title = "Evaluations by month".to_owned();
            view! { <Chart title points series /> }.into_any()
        }
        (_, 0) => view! { <Nothing place=place.clone() narrows is_new=months.is_empty() /> }.into_any(),
        _ => {
            let (points, series) = points::of_series(&chart, &place);
            let unit = if asked.range == UsageRange::Day { "hour" } else { "day" };
            let title = format!("Evaluations by {unit} and {}", name(asked.by));
            view! { <Chart title points series /> }.into_any()
        }
    };
    let controls = (!is_year).then(|| view! { <Controls place=place.clone() asked=asked.clone() /> });
    let figures = {
        let (asked, months, delivery) = (asked.clone(), months.clone(), delivery.clone());
        view! { <Figures sum asked months now delivery /> }
    };
    let parts = (sum > 0).then(|| {
        let note = is_year.then(|| {
            view! { <p class="mt-8 text-sm text-muted">"Flags and reasons are of this project in the last 90 days."</p> }
        });
        view! {
            {note}
            <div class="mt-8 grid gap-8 lg:grid-cols-2">
                <Flags of environment=asked.environment.clone() flags more=more_flags sum />
                <Reasons reasons sum />
            </div>
        }
    });
    let has_months = !months.is_empty();
    view! {
        {figures}
        {controls}
        <div class="mt-4 rounded-lg border border-line bg-surface p-4">{kept} {drawn}</div>
        {parts}
        <div class="mt-8 grid gap-8 lg:grid-cols-2">
            {has_months.then(|| view! { <Months organization=place.organization.name.clone() months now /> })}
            <Delivery place delivery />
        </div>
    }
    .into_any()
}

/// What is said where nothing was evaluated.
#[component]
fn Nothing(place: PlaceView, narrows: bool, is_new: bool) -> impl IntoView {
    let of = place.of();
    let (title, text) = match (narrows, is_new) {
        (true, _) => ("Nothing was evaluated here", "Look at another environment, or at more time."),
        (false, false) => (
            "Nothing was evaluated in this time",
            "Look at more time, or see below what the organization had.",
        ),
        (false, true) => (
            "No evaluations yet",
            "Once an application asks for a flag, it is counted here within seconds. The first one takes a key and one request.",
        ),
    };
    let start = (!narrows).then(|| {
        view! {
            <a class="button button-primary mt-6" href=address(&of, "quickstart", None)>
                "Send the first evaluation"
            </a>
        }
    });
    let all = narrows.then(|| {
        view! { <a class="button mt-6" href=address(&of, "usage", None)>"See all of it"</a> }
    });
    view! {
        <div class="px-2 py-12 text-center">
            <svg class="mx-auto h-16 w-28" viewBox="0 0 112 64" aria-hidden="true">
                <rect class="fill-line" x="4" y="44" width="16" height="16" rx="3"></rect>
                <rect class="fill-line" x="26" y="32" width="16" height="28" rx="3"></rect>
                <rect class="fill-accent" x="48" y="8" width="16" height="52" rx="3"></rect>
                <rect class="fill-line" x="70" y="24" width="16" height="36" rx="3"></rect>
                <rect class="fill-line" x="92" y="40" width="16" height="20" rx="3"></rect>
            </svg>
            <p class="mt-6 text-lg font-semibold">{title}</p>
            <p class="mx-auto mt-1 max-w-sm text-muted">{text}</p>
            {start}
            {all}
        </div>
    }
    .into_any()
}
