//! The list.

use domain::access::Action;
use domain::flags::FlagTable;
use domain::place::PlaceView;
use domain::templates::TemplateView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::FORM;
use super::api::load_templates;
use super::new::New;
use super::shape::{Badges, Values, served};
use crate::error::UiError;
use crate::flags::load_flags;
use crate::flash::{Flash, Message, flash};
use crate::place::{Placed, address};
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Problem;
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
    // Blocking: without script the page is whole, too.
    let found = Loaded::blocking(
        || (),
        move |()| {
            let of = of.clone();
            async move {
                let templates = load_templates(of.organization.clone(), of.project.clone()).await?;
                let flags =
                    load_flags(of.organization, of.project, domain::flags::FlagFilter::default(), None)
                        .await?;
                let FlagTable { list, .. } = flags;
                let keys = list.flags.into_iter().map(|flag| flag.key.to_string()).collect::<Vec<_>>();
                Ok::<_, UiError>((templates, keys))
            }
        },
    );
    let settings = format!("{}#templates", address(&place.of(), "settings", None));
    let place = StoredValue::new(place);
    view! {
        <main class="page">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h1 class="text-xl font-semibold tracking-tight">"Templates"</h1>
                <a class="button" href="#new">
                    <Icon of=icondata_lu::LuPlus />
                    "New template"
                </a>
            </div>
            <p class="mt-1 max-w-2xl text-muted">
                "A template says what new flags of a sort are and do: their type, their values, their rules. Flags that were made of it stay as they are when it changes. "
                <a class="link" href=settings>"Rename or delete one"</a> " in the project's settings."
            </p>
            <Transition fallback=Waiting>
                {awaited(move || {
                    let (flash, query) = (flash.clone(), query.get_untracked());
                    Suspend::new(async move {
                        match found.await {
                            Ok((templates, keys)) => {
                                let text = |name| query.get_str(name).unwrap_or_default().to_owned();
                                let asked = (text("from"), text("env"));
                                view! { <List place=place.get_value() templates keys asked flash /> }.into_any()
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

#[component]
fn List(
    place: PlaceView,
    templates: Vec<TemplateView>,
    /// Keys of flags that a template can be made of.
    keys: Vec<String>,
    /// The flag and the environment that the address names.
    asked: (String, String),
    flash: Flash,
) -> impl IntoView {
    let of = place.of();
    let create = place.refusal(Action::CreateFlag).is_none();
    let is_empty = templates.is_empty();
    // What went wrong is said beside the form, which is below.
    let told = flash.notice.is_some().then(|| view! { <Message flash=flash.clone() form=FORM fields=&[] /> });
    let rows = templates.into_iter().map(|template| {
        let TemplateView { key, name, description, shape, .. } = template;
        let flag = address(&of, "flags/new", None);
        let make = create.then(|| {
            view! {
                <a class="button" href=format!("{flag}?template={key}") aria-label=format!("New flag from {name}")>
                    <Icon of=icondata_lu::LuPlus />
                    "New flag"
                </a>
            }
        });
        let (serves, title) = (served(&shape), name.clone());
        view! {
            <li class="flex min-w-0 flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
                <div class="min-w-0 grow basis-72">
                    <h2 class="inline font-medium [overflow-wrap:anywhere]">{title}</h2>
                    <code class="ml-2 font-mono text-xs text-muted [overflow-wrap:anywhere]">{key.to_string()}</code>
                    <p class="text-sm text-muted [overflow-wrap:anywhere]">{description}</p>
                    <div class="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
                        <Badges shape=shape.clone() />
                        <span class="text-sm">{serves}</span>
                    </div>
                    <Values name shape />
                </div>
                {make}
            </li>
        }
    });
    let rows = rows.collect_view();
    let list = match is_empty {
        true => view! { <Nothing /> }.into_any(),
        false => view! { <ul class="mt-4 divide-y divide-line rounded-lg border border-line bg-surface">{rows}</ul> }
            .into_any(),
    };
    view! {
        {told}
        {list}
        <div class="mt-8"><New place=place.clone() keys asked flash /></div>
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
