//! The list.

use domain::access::Action;
use domain::orgs::ProjectRef;
use domain::place::PlaceView;
use domain::segments::{SegmentTable, SegmentView};
use domain::{EnvironmentKey, Millis};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};

use super::DELETE;
use super::address::Asked;
use super::api::load_segments;
use super::filter::Filter;
use super::picture::Crowd;
use super::words;
use crate::flash::{Flash, Message, flash};
use crate::place::{Environments, address, known};
use crate::ui::fresh;
use crate::ui::guarded::Off;
use crate::ui::icon::Icon;
use crate::ui::listed::{self, NoneMatch};
use crate::ui::loaded::Loaded;
use crate::ui::query::changed;
use crate::ui::refused::{Problem, Refused};
use crate::ui::time::{ago, exact, grouped};
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn SegmentsPage() -> impl IntoView {
    let (known, flash) = (known(), flash());
    view! {
        <Title text="Segments" />
        <Transition fallback=Waiting>
            {awaited(move || {
                let flash = flash.of(DELETE);
                Suspend::new(async move {
                    match known.await {
                        Ok(place) => view! { <Segments place flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Segments(place: PlaceView, flash: Flash) -> impl IntoView {
    let query = use_query_map();
    let of = place.of();
    let loaded = of.clone();
    // Blocking: the answer waits for it, so that it has the right status.
    let table = Loaded::blocking(
        move || query.get(),
        move |query| {
            let of = loaded.clone();
            async move {
                let Asked { environment, query, cursor } = Asked::read(&query)?;
                load_segments(of.organization, of.project, environment, query, cursor).await
            }
        },
    );
    fresh::keep(table, |news| news.kind == "segment");
    let refusal = place.refusal(Action::CreateSegment);
    let may_create = refusal.is_none();
    let place = StoredValue::new(place);
    let count = RwSignal::new(None::<u64>);
    let new = move || {
        let environment = query.read().get_str("env").and_then(|key| key.parse().ok());
        address(&of, "segments/new", environment.as_ref())
    };
    view! {
        <main class="page">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h1 class="text-xl font-semibold tracking-tight">
                    "Segments"
                    <span class="ml-2 text-base font-normal text-muted tabular-nums" aria-hidden="true">
                        {move || count.get().map(grouped)}
                    </span>
                </h1>
                <div class="flex min-w-0 flex-wrap items-center gap-2 max-sm:contents max-sm:[&>nav]:order-last">
                    <Transition>
                        {awaited(move || Suspend::new(async move {
                            let current = table.await.ok()?.environment;
                            Some(view! { <Environments place=place.get_value() current /> })
                        }))}
                    </Transition>
                    <NewButton href=Signal::derive(new) refusal />
                </div>
            </div>
            <p class="mt-2 max-w-2xl text-muted">
                "A segment names an audience once, for the rules of many flags. Who is inside is said in each environment."
            </p>
            <Message flash form=DELETE fields=&[] />
            <Filter />
            <Transition fallback=Waiting>
                {awaited(move || Suspend::new(async move {
                    match table.await {
                        Ok(table) => {
                            let of = place.with_value(PlaceView::of);
                            view! { <Table of table may_create count /> }.into_any()
                        }
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                }))}
            </Transition>
        </main>
    }
    .into_any()
}

/// The way to a new segment; where one lacks the right, the reason.
#[component]
fn NewButton(#[prop(into)] href: Signal<String>, refusal: Option<String>) -> impl IntoView {
    let inside = || view! { <Icon of=icondata_lu::LuPlus />"New segment" };
    match refusal {
        None => view! { <a class="button button-primary" href=href>{inside()}</a> }.into_any(),
        Some(reason) => view! { <Off reason>{inside()}</Off> }.into_any(),
    }
}

#[component]
fn Table(
    of: ProjectRef,
    table: SegmentTable,
    may_create: bool,
    count: RwSignal<Option<u64>>,
) -> impl IntoView {
    let SegmentTable { now, environment, list, flags } = table;
    let (shown, total) = (list.segments.len(), list.total);
    // In the browser; the server has rendered the heading by now.
    Effect::new(move |_| count.set(Some(total)));
    let query = use_query_map();
    let says = |name: &str| query.read_untracked().get_str(name).is_some_and(|text| !text.trim().is_empty());
    let narrows = says("q");
    if list.segments.is_empty() {
        return view! { <Nothing of environment may_create narrows /> }.into_any();
    }
    // The heading says already how many there are.
    let is_paged = list.next.is_some() || says("cursor");
    let said = listed::shown(shown as u64, total, "segment", is_paged, narrows);
    let clear = narrows.then(|| {
        view! { <a class="link" href=address(&of, "segments", Some(&environment))>"Clear the filter"</a> }
    });
    let more = list.next.map(|cursor| view! { <More cursor /> });
    let rows = list.segments.into_iter().map(|segment| {
        let count = flags.get(&segment.key).copied().unwrap_or_default();
        row(&of, &environment, segment, count, now)
    });
    let rows = rows.collect_view();
    view! {
        <table class="mt-4 block w-full rounded-lg border border-line bg-surface md:table md:border-separate md:border-spacing-0">
            <thead class="hidden text-left text-xs text-muted md:table-header-group">
                <tr>
                    <th scope="col" class="py-2 pl-4 font-medium">"Segment"</th>
                    <th scope="col" class="py-2 font-medium">"Who is inside"</th>
                    <th scope="col" class="py-2 font-medium">"Used by"</th>
                    <th scope="col" class="py-2 pr-4 text-right font-medium">"Changed"</th>
                </tr>
            </thead>
            <tbody class="block md:table-row-group">{rows}</tbody>
        </table>
        <div class="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
            <p class="flex flex-wrap gap-x-3">{said} {clear}</p>
            {more}
        </div>
    }
    .into_any()
}

fn row(
    of: &ProjectRef,
    environment: &EnvironmentKey,
    segment: SegmentView,
    flags: u64,
    now: Millis,
) -> impl IntoView + use<> {
    let SegmentView { key, name, description, updated_at, environments, .. } = segment;
    let here = environments.into_iter().find(|counts| counts.environment == *environment);
    let last = here.as_ref().map_or(updated_at, |counts| counts.updated_at.max(updated_at));
    let inside = here.map_or_else(String::new, |counts| words::sums(&counts));
    let href = address(of, &format!("segments/{key}"), Some(environment));
    let description = (!description.is_empty())
        .then(|| view! { <span class="mt-0.5 line-clamp-2 text-sm text-muted [overflow-wrap:anywhere]">{description}</span> });
    let used = match flags {
        0 => view! { <span class="text-muted">"no flag"</span> }.into_any(),
        count => words::counted(count, "flag").into_any(),
    };
    view! {
        <tr
            data-segment=key.to_string()
            class="grid grid-cols-[1fr_auto] gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 first:border-t-0 hover:bg-sunken/50 md:table-row md:px-0 md:[&>*]:border-t md:[&>*]:border-line"
        >
            <th scope="row" class="col-span-2 min-w-0 text-left align-top font-normal md:max-w-md md:py-2.5 md:pr-4 md:pl-4">
                <a class="font-medium [overflow-wrap:anywhere] hover:underline" href=href>{name}</a>
                <span class="block font-mono text-xs text-muted [overflow-wrap:anywhere]">{key.to_string()}</span>
                {description}
            </th>
            <td class="col-span-2 align-top text-sm md:py-2.5 md:pr-4">{inside}</td>
            <td class="align-top text-sm md:py-2.5 md:pr-4"><span class="text-muted md:hidden">"Used by "</span>{used}</td>
            <td class="text-right align-top text-sm whitespace-nowrap text-muted md:py-2.5 md:pr-4">
                <time title=exact(last)>{ago(now, last)}</time>
            </td>
        </tr>
    }
}

/// The way to the next page of the list.
#[component]
fn More(cursor: String) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let at = move |cursor: Option<String>| {
        move || changed(&location.pathname.read(), &query.read(), &[("cursor", cursor.as_deref())])
    };
    let is_first = move || query.read().get_str("cursor").is_none();
    let first = move || (!is_first()).then(|| view! { <a class="button" href=at(None)>"First page"</a> });
    view! {
        <nav aria-label="Pages" class="flex gap-2">
            {first}
            <a class="button" href=at(Some(cursor))>"Next page"</a>
        </nav>
    }
}

/// What is said where there are no segments.
#[component]
fn Nothing(of: ProjectRef, environment: EnvironmentKey, may_create: bool, narrows: bool) -> impl IntoView {
    let at = |path| address(&of, path, Some(&environment));
    if narrows {
        return view! { <NoneMatch one="segment" all=at("segments") /> }.into_any();
    }
    let create = may_create.then(|| {
        view! {
            <a class="button button-primary mt-6" href=at("segments/new")>
                <Icon of=icondata_lu::LuPlus />
                "Create the first one"
            </a>
        }
    });
    view! {
        <div class="mt-4 rounded-lg border border-line bg-surface px-6 py-16 text-center">
            <Crowd />
            <p class="mt-6 text-lg font-semibold">"No segments yet"</p>
            <p class="mx-auto mt-1 max-w-sm text-muted">
                "Beta testers, staff, customers in one country: say once who they are, and let the rules of any flag name them."
            </p>
            {create}
        </div>
    }
    .into_any()
}
