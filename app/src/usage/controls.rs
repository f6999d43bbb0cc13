//! What is looked at: links, so that each view has an address.

use domain::place::PlaceView;
use domain::usage::{UsageBy, UsageRange};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::address::{Asked, name};
use crate::place::dot;
use crate::ui::icon::Icon;
use crate::ui::query::changed;

/// How far back is looked.
#[component]
pub(crate) fn Ranges(
    #[prop(into)] current: Signal<Option<String>>,
    /// The ranges to choose from.
    #[prop(default = &UsageRange::ALL)]
    ranges: &'static [UsageRange],
) -> impl IntoView {
    let choice = |range: &UsageRange| (Some(range.as_str().to_owned()), range_name(*range).to_owned(), None);
    let choices = ranges.iter().map(choice).collect();
    view! { <Choice label="Time" field="range" current choices /> }
}

/// What is told apart, and where it was evaluated.
#[component]
pub(super) fn Controls(place: PlaceView, asked: Asked) -> impl IntoView {
    let Asked { range: _, by, environment, flag } = asked;
    let mut ways = vec![UsageBy::Environment, UsageBy::Flag, UsageBy::Reason];
    if flag.is_some() {
        ways.push(UsageBy::Variation);
    }
    let ways = ways.into_iter().map(|by| (Some(name(by).to_owned()), format!("By {}", name(by)), None));
    let mut environments = vec![(None, "All environments".to_owned(), None)];
    environments.extend(place.environments.iter().map(|place| {
        let key = place.environment.key.to_string();
        (Some(key.clone()), key, Some(dot(place.environment.color)))
    }));
    let only = flag.map(|flag| view! { <OnlyFlag flag=flag.to_string() /> });
    let (by, environment) = (name(by).to_owned(), environment.map(|key| key.to_string()));
    view! {
        <div class="mt-4 flex flex-wrap items-center gap-2">
            <Choice label="Told apart" field="by" current=move || Some(by.clone()) choices=ways.collect() />
            <Choice label="Environment" field="environment" current=move || environment.clone() choices=environments />
            {only}
        </div>
    }
}

/// The flag that is looked at alone, and the way back.
#[component]
fn OnlyFlag(flag: String) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let href = move || changed(&location.pathname.read(), &query.read(), &[("flag", None), ("by", None)]);
    view! {
        <span class="inline-flex h-8 max-w-full items-center gap-1.5 rounded-md border border-line bg-surface pl-2 text-sm">
            "Only" <span class="min-w-0 truncate font-mono" title=flag.clone()>{flag.clone()}</span>
            <a
                class="inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken"
                href=href
                aria-label="All flags"
            >
                <Icon of=icondata_lu::LuX />
            </a>
        </span>
    }
}

/// One of a few, by links: the address says which. Each is what the address says, its name, and the class of its dot.
#[component]
fn Choice(
    label: &'static str,
    field: &'static str,
    #[prop(into)] current: Signal<Option<String>>,
    choices: Vec<(Option<String>, String, Option<&'static str>)>,
) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let links = choices.into_iter().map(|(value, name, dot)| {
        let own = value.clone();
        let is_current = move || (*current.read() == own).then_some("page");
        let href = move || changed(&location.pathname.read(), &query.read(), &[(field, value.as_deref())]);
        let dot = dot.map(|dot| {
            view! { <span class=format!("size-2 shrink-0 rounded-full {dot}") aria-hidden="true"></span> }
        });
        view! {
            <a
                href=href
                aria-current=is_current
                class="inline-flex h-7 shrink-0 items-center gap-2 rounded-md border border-transparent px-1.5 text-sm whitespace-nowrap sm:px-2.5 sm:text-base text-muted hover:text-ink aria-[current=page]:border-line aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
                {dot}
                {name}
            </a>
        }
    });
    view! {
        <nav aria-label=label class="flex max-w-full gap-0.5 overflow-x-auto sm:gap-1 rounded-lg bg-sunken p-0.5">
            {links.collect_view()}
        </nav>
    }
}

const fn range_name(range: UsageRange) -> &'static str {
    match range {
        UsageRange::Day => "24 hours",
        UsageRange::Week => "7 days",
        UsageRange::Month => "30 days",
        UsageRange::Quarter => "90 days",
        UsageRange::Year => "12 months",
    }
}
