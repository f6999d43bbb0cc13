//! The list: a part of the settings, with an address of its own.

use domain::access::Action;
use domain::flags::FlagTable;
use domain::place::PlaceView;
use domain::templates::TemplatesPage as Found;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::api::load_templates;
use super::new::New;
use super::row::{Around, row};
use super::{CHANGE, CREATE};
use crate::error::UiError;
use crate::flags::load_flags;
use crate::flash::{Flash, Message, flash};
use crate::place::{Placed, address};
use crate::project::{Head, Tab};
use crate::ui::fresh;
use crate::ui::guarded::{Off, Reason};
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::query::changed;
use crate::ui::refused::Problem;
use crate::ui::time::grouped;
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn TemplatesPage() -> impl IntoView {
    provide_context(flash());
    view! { <Placed title="Templates" page=|place| view! { <Templates place /> }.into_any() /> }
}

#[component]
fn Templates(place: PlaceView) -> impl IntoView {
    let (of, query) = (place.of(), use_query_map());
    let flash = use_context::<Flash>().unwrap_or_default();
    let cursor = Memo::new(move |_| query.read().get("cursor").filter(|cursor| !cursor.is_empty()));
    // Blocking: without script the page is whole, too.
    let found = Loaded::blocking(
        move || cursor.get(),
        move |cursor| {
            let of = of.clone();
            async move {
                let (organization, project) = (of.organization.clone(), of.project.clone());
                let templates = load_templates(organization, project, cursor, None).await?;
                let flags =
                    load_flags(of.organization, of.project, domain::flags::FlagFilter::default(), None)
                        .await?;
                let FlagTable { list, .. } = flags;
                let keys = list.flags.into_iter().map(|flag| flag.key.to_string()).collect::<Vec<_>>();
                Ok::<_, UiError>((templates, keys))
            }
        },
    );
    fresh::keep(found, |news| news.kind == "template");
    // What a form had to say is said where it led to.
    let first = cursor.get_untracked();
    let refusal = place.refusal(Action::ManageTemplates);
    let (of, place) = (place.of(), StoredValue::new(place));
    view! {
        <main class="page">
            <Head of current=Signal::stored(Tab::Templates) />
            <div class="flex flex-wrap items-start justify-between gap-3">
                <div class="grid max-w-2xl min-w-0 grow basis-72 gap-3 [&>p]:mb-0">
                    <p class="text-muted">
                        "A template says what new flags of a sort are and do: their type, their values, their rules. Flags that were made of it stay as they are when it changes."
                    </p>
                    <Reason refusal=refusal.clone() />
                </div>
                <NewButton refusal />
            </div>
            <Transition fallback=Waiting>
                {awaited(move || {
                    let is_first = cursor.get_untracked() == first;
                    let flash = if is_first { flash.clone() } else { Flash::default() };
                    let query = query.get_untracked();
                    Suspend::new(async move {
                        match found.await {
                            Ok((found, keys)) => {
                                let text = |name| query.get_str(name).unwrap_or_default().to_owned();
                                let asked = (text("from"), text("env"));
                                view! { <List place=place.get_value() found keys asked flash /> }.into_any()
                            }
                            Err(error) => view! { <Problem error /> }.into_any(),
                        }
                    })
                })}
            </Transition>
        </main>
    }
    .into_any()
}

/// The way to the form for a new one; where one lacks the right, the reason.
#[component]
fn NewButton(refusal: Option<String>) -> impl IntoView {
    let inside = || view! { <Icon of=icondata_lu::LuPlus />"New template" };
    match refusal {
        None => view! { <a class="button" href="#new">{inside()}</a> }.into_any(),
        Some(reason) => view! { <Off reason>{inside()}</Off> }.into_any(),
    }
}

#[component]
fn List(
    place: PlaceView,
    found: Found,
    /// Keys of flags that a template can be made of.
    keys: Vec<String>,
    /// The flag and the environment that the address names.
    asked: (String, String),
    flash: Flash,
) -> impl IntoView {
    let of = place.of();
    let cursor = use_query_map().read_untracked().get("cursor").filter(|cursor| !cursor.is_empty());
    let Found { templates, next, total } = found;
    let may = |action| place.refusal(action).is_none();
    let around = Around {
        forms: may(Action::ManageTemplates).then(|| address(&of, "settings/templates", None)),
        flag: may(Action::CreateFlag).then(|| address(&of, "flags/new", None)),
        cursor: cursor.clone(),
        flash: flash.clone(),
    };
    let is_placed = templates.iter().any(|template| template.key.as_str() == flash.typed("template"));
    // What went wrong is said beside its form, where that is here.
    let told = (flash.notice.is_some() || (flash.form == CHANGE && !is_placed)).then(|| {
        view! {
            <Message flash=flash.clone() form=CREATE fields=&[] />
            <Message flash=flash.clone() form=CHANGE fields=&[] />
        }
    });
    let is_empty = templates.is_empty() && cursor.is_none();
    let (count, is_part) = (templates.len() as u64, next.is_some() || cursor.is_some());
    let rows = templates.into_iter().map(|template| row(template, &around)).collect_view();
    let list = match is_empty {
        true => view! { <Nothing /> }.into_any(),
        false => view! {
            <ul class="mt-4 divide-y divide-line rounded-lg border border-line bg-surface empty:hidden">{rows}</ul>
        }
        .into_any(),
    };
    let pages = is_part.then(|| view! { <Pages count total next /> });
    let new = may(Action::ManageTemplates).then(|| {
        view! { <div class="mt-8"><New place=place.clone() keys asked flash /></div> }
    });
    view! {
        {told}
        {list}
        {pages}
        {new}
    }
    .into_any()
}

/// How much of the list this is, and the way to the rest.
#[component]
fn Pages(count: u64, total: u64, next: Option<String>) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let at = move |cursor: Option<String>| {
        move || changed(&location.pathname.read(), &query.read(), &[("cursor", cursor.as_deref())])
    };
    let is_first = query.read_untracked().get_str("cursor").is_none();
    let first = (!is_first).then(|| view! { <a class="button" href=at(None)>"First page"</a> });
    let next = next.map(|cursor| view! { <a class="button" href=at(Some(cursor))>"Next page"</a> });
    view! {
        <div class="mt-3 flex flex-wrap items-center justify-between gap-2">
            <p class="text-sm text-muted">{grouped(count)} " of " {grouped(total)} " templates"</p>
            <nav aria-label="Pages" class="flex gap-2">{first} {next}</nav>
        </div>
    }
    .into_any()
}

/// What is said where there are none: a shape, and three that are cut after it.
#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="mt-4 rounded-lg border border-line bg-surface px-6 py-12 text-center">
            <svg class="mx-auto h-16 w-40" viewBox="0 0 160 64" aria-hidden="true">
                <rect class="fill-accent" x="4" y="16" width="32" height="32" rx="8"></rect>
                <rect class="fill-none stroke-edge" x="60" y="20" width="24" height="24" rx="6" stroke-dasharray="3 3"></rect>
                <rect class="fill-none stroke-edge" x="96" y="20" width="24" height="24" rx="6" stroke-dasharray="3 3"></rect>
                <rect class="fill-none stroke-edge" x="132" y="20" width="24" height="24" rx="6" stroke-dasharray="3 3"></rect>
            </svg>
            <p class="mt-4 text-lg font-semibold">"No templates yet"</p>
            <p class="mx-auto mt-1 max-w-sm text-muted">"Make one of a flag that is as the next ones should be: a kill switch, an experiment, a permission."</p>
        </div>
    }
    .into_any()
}
