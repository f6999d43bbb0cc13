//! The page.

use domain::audit::{AuditLine, AuditTable};
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::address::Asked;
use super::api::load_audit;
use super::entry::{Around, Entry};
use super::export::Export;
use super::filter::Filter;
use super::newer::Newer;
use super::verdict::{ASK, Chain};
use crate::place::{Placed, address};
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::query::changed;
use crate::ui::refused::Problem;
use crate::ui::time::{date, grouped};
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    view! { <Placed title="Audit log" page=|place| view! { <Log place /> }.into_any() /> }
}

/// The log of a project that is there. What is chosen in the filter outlives the entries.
#[component]
fn Log(place: PlaceView) -> impl IntoView {
    let query = use_query_map();
    let (of, key) = (place.of(), place.project.key.clone());
    let asked = Memo::new(move |_| Asked::read(&query.read(), &key));
    let organization = of.organization.clone();
    // Blocking: the answer waits for it, so that it has the right status.
    let table = Loaded::blocking(
        move || asked.get(),
        move |asked| {
            let organization = organization.clone();
            async move {
                let Asked { filter, cursor, everywhere: _ } = asked?;
                load_audit(organization, filter, cursor).await
            }
        },
    );
    let files = {
        let of = of.clone();
        move || {
            let filter = asked.get().ok()?.filter;
            Some(view! { <Export of=of.clone() filter /> })
        }
    };
    let (filtered, organization) = (place.clone(), of.organization);
    let place = StoredValue::new(place);
    view! {
        <main class="page">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h1 class="text-xl font-semibold tracking-tight">"Audit log"</h1>
                <div class="flex min-w-0 flex-wrap items-center gap-2 max-sm:contents max-sm:[&>nav]:order-last">
                    <Scope asked />
                    {files}
                </div>
            </div>
            <Filter place=filtered table />
            <Chain organization />
            <Newer asked table />
            <Transition fallback=Waiting>
                {awaited(move || Suspend::new(async move {
                    match table.await {
                        Ok(table) => {
                            let asked = asked.get_untracked().unwrap_or_default();
                            view! { <Entries place=place.get_value() table asked /> }.into_any()
                        }
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                }))}
            </Transition>
        </main>
    }
}

/// The project, or the whole organization.
#[component]
fn Scope(asked: Memo<Result<Asked, crate::error::UiError>>) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let everywhere = move || asked.read().as_ref().is_ok_and(|asked| asked.everywhere);
    let link = move |name: &'static str, scope: Option<&'static str>| {
        let is_current = move || everywhere() == scope.is_some();
        let href = move || {
            let fields = [("scope", scope), ("environment", None), ("cursor", None), (ASK, None)];
            changed(&location.pathname.read(), &query.read(), &fields)
        };
        view! {
            <a
                href=href
                aria-current=move || is_current().then_some("page")
                class="inline-flex h-7 items-center rounded-md border border-transparent px-3 whitespace-nowrap text-muted hover:text-ink aria-[current=page]:border-line aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
                {name}
            </a>
        }
    };
    view! {
        <nav aria-label="Scope" class="flex gap-1 rounded-lg bg-sunken p-0.5">
            {link("This project", None)} {link("Whole organization", Some("organization"))}
        </nav>
    }
}

#[component]
fn Entries(place: PlaceView, table: AuditTable, asked: Asked) -> impl IntoView {
    let AuditTable { now, lines, next, total, people } = table;
    if lines.is_empty() {
        return view! { <Nothing place narrows=asked.narrows() /> }.into_any();
    }
    let shown = lines.len();
    let around = Around { place, people, everywhere: asked.everywhere, now };
    let days = by_day(lines).into_iter().map(|(day, lines)| {
        let around = around.clone();
        let lines = lines.into_iter().map(|line| view! { <Entry line around=around.clone() /> });
        view! {
            <section>
                <h2 class="mt-5 mb-1.5 text-xs font-medium text-muted tabular-nums">{day} " UTC"</h2>
                <ol class="rounded-lg border border-line bg-surface">{lines.collect_view()}</ol>
            </section>
        }
    });
    let is_first = asked.cursor.is_none();
    view! {
        {days.collect_view()}
        <div class="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
            <p>{grouped(shown as u64)} " of " {grouped(total)} {if total == 1 { " entry" } else { " entries" }}</p>
            <More is_first next />
        </div>
    }
    .into_any()
}

/// Entries of one day together, in their order.
fn by_day(lines: Vec<AuditLine>) -> Vec<(String, Vec<AuditLine>)> {
    let mut days: Vec<(String, Vec<AuditLine>)> = Vec::new();
    for line in lines {
        let day = date(line.entry.at);
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, lines)) => lines.push(line),
            None => days.push((day, vec![line])),
        }
    }
    days
}

/// The ways to other parts of the log.
#[component]
fn More(is_first: bool, next: Option<String>) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let at = move |cursor: Option<String>| {
        move || {
            changed(&location.pathname.read(), &query.read(), &[("cursor", cursor.as_deref()), (ASK, None)])
        }
    };
    let first = (!is_first).then(|| view! { <a class="button" href=at(None)>"Newest"</a> });
    let next = next.map(|cursor| view! { <a class="button" href=at(Some(cursor))>"Older"</a> });
    view! { <nav aria-label="Pages" class="flex gap-2">{first} {next}</nav> }
}

/// What is said where there are no entries.
#[component]
fn Nothing(place: PlaceView, narrows: bool) -> impl IntoView {
    let all = address(&place.of(), "audit", None);
    let said = match narrows {
        true => view! {
            <p class="font-medium">"No entries match"</p>
            <p class="mt-1 text-muted">
                "Look for something else, or " <a class="link" href=all>"see them all"</a> "."
            </p>
        }
        .into_any(),
        false => view! {
            <span class="inline-flex size-10 items-center justify-center rounded-full bg-sunken text-muted">
                <Icon of=icondata_lu::LuScrollText />
            </span>
            <p class="mt-4 text-lg font-semibold">"Nothing happened yet"</p>
            <p class="mx-auto mt-1 max-w-sm text-muted">
                "Every change will be here: who made it, when, where, why, and what it was before."
            </p>
        }
        .into_any(),
    };
    view! { <div class="mt-4 rounded-lg border border-line bg-surface px-6 py-16 text-center">{said}</div> }
}
