//! The page.

use domain::access::Action;
use domain::flags::FlagTable;
use domain::place::{EnvironmentPlace, PlaceView};
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_router::hooks::{use_location, use_query_map};

use super::address::Asked;
use super::api::{ChangeMany, SwitchFlag, load_flags};
use super::bulk::{self, bulk};
use super::filter::Filter;
use super::latest::{self, Latest};
use super::new::{NewButton, NewDialog, open};
use super::nothing::Nothing;
use super::recent;
use super::row::{Around, Row};
use super::why::Why;
use crate::error::UiError;
use crate::flash::{Message, flash};
use crate::place::{Environments, Placed, address};
use crate::ui::later::Later;
use crate::ui::listed;
use crate::ui::loaded::Loaded;
use crate::ui::query::changed;
use crate::ui::refused::Problem;
use crate::ui::time::grouped;
use crate::ui::waiting::{Waiting, awaited};

/// The form that deletes a flag, which leads here.
const DELETED: &str = "flag/delete";

#[component]
pub(crate) fn FlagsPage() -> impl IntoView {
    provide_context(flash());
    view! { <Placed title="Flags" page=|place| view! { <Flags place /> }.into_any() /> }
}

/// The flags of a project that is there. What is typed into the filter outlives the rows.
#[component]
fn Flags(place: PlaceView) -> impl IntoView {
    let query = use_query_map();
    let of = place.of();
    let asked = Memo::new(move |_| Asked::read(&query.read()));
    let loaded = of.clone();
    // Blocking: the answer waits for it, so that it has the right status.
    let again = RwSignal::new(0_u32);
    let table = Loaded::blocking(
        move || (asked.get(), again.get()),
        move |(asked, _)| {
            let of = loaded.clone();
            async move {
                let Asked { filter, cursor } = asked?;
                load_flags(of.organization, of.project, filter, cursor).await
            }
        },
    );
    let tags = RwSignal::new(Vec::new());
    let count = RwSignal::new(None::<u64>);
    let place = StoredValue::new(place);
    let create = place.with_value(|place| place.refusal(Action::CreateFlag));
    let looked_at = Signal::derive(move || asked.get().ok().and_then(|asked| asked.filter.environment));
    let new = {
        let of = of.clone();
        move || address(&of, "flags/new", looked_at.read().as_ref())
    };
    let opened = RwSignal::new(false);
    let on_open = Callback::new(move |()| open(opened));
    let may_create = create.is_none();
    let dialog = may_create.then(|| {
        view! { <NewDialog place=place.get_value() environment=looked_at opened /> }
    });
    view! {
        <main class="page">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h1 class="text-xl font-semibold tracking-tight">
                    "Flags"
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
                    <NewButton href=Signal::derive(new) refusal=create on_open />
                </div>
            </div>
            <Message flash=use_context().unwrap_or_default() form=DELETED fields=&[] />
            <Filter tags=tags.into() />
            {refused()}
            <Transition fallback=Waiting>
                {awaited(move || Suspend::new(async move {
                    match table.await {
                        Ok(table) => {
                            let narrows = asked.get_untracked().is_ok_and(|asked| asked.narrows());
                            view! { <Table place=place.get_value() table narrows tags count again asked /> }.into_any()
                        }
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                }))}
            </Transition>
            {dialog}
        </main>
    }
}

#[component]
fn Table(
    place: PlaceView,
    table: FlagTable,
    narrows: bool,
    tags: RwSignal<Vec<String>>,
    count: RwSignal<Option<u64>>,
    again: RwSignal<u32>,
    asked: Memo<Result<Asked, UiError>>,
) -> impl IntoView {
    let FlagTable { now, environment, list, tags: known_tags } = table;
    // In the browser; what the server has rendered has no choices yet.
    Effect::new(move |_| tags.set(known_tags.clone()));
    let Some(at) = place.environment(Some(&environment)).cloned() else {
        let error = UiError::Rejected(domain::Error::not_found("environment"));
        return view! { <Problem error /> }.into_any();
    };
    if list.flags.is_empty() {
        Effect::new(move |_| count.set(Some(list.total)));
        latest::again(&place, again);
        return view! { <Nothing place environment narrows /> }.into_any();
    }
    let EnvironmentPlace { environment: view, .. } = at.clone();
    let enable = place.refusal_in(&at, Action::EnableFlag);
    let kill = place.refusal_in(&at, Action::KillFlag);
    // A list has either archived flags or others, and nothing can be done to several that are archived.
    let is_archived = list.flags.iter().all(|flag| flag.archived_at.is_some());
    let (tag, archive) = (place.refusal(Action::UpdateFlag), place.refusal_everywhere(Action::ArchiveFlag));
    let may_choose = !is_archived && [&enable, &kill, &tag, &archive].into_iter().any(Option::is_none);
    let total = RwSignal::new(list.total);
    let rows = RwSignal::new(list.flags);
    Latest { rows, total, environment: environment.clone(), tags, again }.follow(&place, asked);
    let around = Around {
        project: place.of(),
        environment: environment.clone(),
        others: place
            .environments
            .iter()
            .map(|place| place.environment.clone())
            .filter(|it| it.key != environment)
            .collect(),
        refusals: domain::flags::Refusals { enable: enable.clone(), kill },
        restore: archive,
        may_choose,
        is_protected: view.protected,
        asked: RwSignal::new(None),
        again,
        rows,
        recent: recent::load(place.of(), environment.clone(), rows),
        now,
    };
    let why = (view.protected && enable.is_none())
        .then(|| view! { <Why environments=vec![view.clone()] asked=around.asked /> });
    let note = enable
        .filter(|_| !is_archived)
        .map(|reason| view! { <p class="mt-3 text-sm text-muted">{reason}</p> });
    Effect::new(move |_| count.set(Some(total.get())));
    let (acted_on, chosen) = (around.clone(), RwSignal::new(Vec::<String>::new()));
    let recount = move || {
        chosen.try_set(bulk::chosen());
    };
    Effect::new(move |_| {
        // What is chosen may be gone, or may be so from before the page was loaded again.
        rows.track();
        request_animation_frame(recount);
    });
    let are_all_chosen = move || !chosen.read().is_empty() && chosen.read().len() == rows.read().len();
    let are_some_chosen = move || !chosen.read().is_empty() && !are_all_chosen();
    let all = may_choose.then(|| {
        view! {
            <th scope="col" class="w-11 pr-1 pl-2 font-medium">
                <label class="scripted flex size-8 cursor-pointer items-center justify-center">
                    <input
                        type="checkbox"
                        class="box"
                        aria-label="Choose all on this page"
                        prop:checked=are_all_chosen
                        prop:indeterminate=are_some_chosen
                        on:change=|event| bulk::choose_all(event_target_checked(&event))
                    />
                </label>
            </th>
        }
    });
    let margin = if may_choose { "" } else { "pl-4" };
    // The heading says already how many there are.
    let is_paged = list.next.is_some() || use_query_map().read_untracked().get_str("cursor").is_some();
    let shown = move || listed::shown(rows.read().len() as u64, total.get(), "flag", is_paged, narrows);
    let clear = narrows.then(|| {
        view! { <a class="link" href=address(&place.of(), "flags", Some(&environment))>"Clear the filter"</a> }
    });
    let bar = may_choose
        .then(|| view! { <Later quiet=true fetch=move || bulk(acted_on.clone(), place.clone(), chosen) /> });
    view! {
        {note}
        <div class="flags group" on:change=move |_| recount() on:reset=move |_| chosen.set(Vec::new())>
            <table class="mt-4 block w-full rounded-lg border border-line bg-surface md:table md:border-separate md:border-spacing-0">
                <thead class="hidden text-left text-xs text-muted md:table-header-group">
                    <tr>
                        {all}
                        <th scope="col" class=format!("w-full py-2 pr-4 font-medium xl:w-auto {margin}")>"Flag"</th>
                        <th scope="col" class="py-2 pr-6 font-medium">"Serves"</th>
                        <th scope="col" class="hidden py-2 pr-6 font-medium lg:table-cell">"Evaluated"</th>
                        <th scope="col" class="hidden py-2 pr-4 font-medium lg:table-cell">"Elsewhere"</th>
                        <th scope="col" class="py-2 pr-4 text-right font-medium">{if is_archived { "Restore" } else { "On" }}</th>
                    </tr>
                </thead>
                <tbody class="block md:table-row-group">
                    <For
                        each=move || rows.get()
                        key=|flag| flag.key.clone()
                        let(flag)
                    >
                        <Row flag around=around.clone() />
                    </For>
                </tbody>
            </table>
            <div class="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
                <p class="flex flex-wrap gap-x-3">{shown} {clear}</p>
                <Pages next=list.next />
            </div>
            {bar}
        </div>
        {why}
    }
    .into_any()
}

/// The ways to the other pages of the list.
#[component]
fn Pages(next: Option<String>) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let at = move |cursor: Option<String>| {
        move || changed(&location.pathname.read(), &query.read(), &[("cursor", cursor.as_deref())])
    };
    // The list is drawn anew for each page.
    let is_later = query.read_untracked().get_str("cursor").is_some();
    (is_later || next.is_some()).then(|| {
        view! {
            <nav aria-label="Pages" class="flex gap-2">
                {is_later.then(|| view! { <a class="button" href=at(None)>"First page"</a> })}
                {next.map(|next| view! { <a class="button" href=at(Some(next))>"Next page"</a> })}
            </nav>
        }
    })
}

/// Why a form that was sent without script was refused: it comes back with its error in the address.
fn refused() -> Option<impl IntoView> {
    let refused = use_context::<ServerActionError>()?;
    if ![SwitchFlag::PATH, ChangeMany::PATH].contains(&refused.path()) {
        return None;
    }
    let error = ServerFnUrlError::<UiError>::decode_err(refused.err());
    Some(view! {
        <p role="alert" class="mt-4 rounded-lg border border-danger px-4 py-3 text-danger">{error.to_string()}</p>
    })
}
