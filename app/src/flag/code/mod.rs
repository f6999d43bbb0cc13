//! How applications ask for one flag.

mod api;
mod values;

use domain::EnvironmentKey;
use domain::access::Action;
use domain::flags::FlagSummary;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use api::{Reached, load_code};
use values::Values;

use super::framed::Framed;
use super::tabs::Tab;
use crate::api_keys::KindBadge;
use crate::error::UiError;
use crate::place::{Environments, address};
use crate::playground::address_of;
use crate::quickstart::snippets::{self, About};
use crate::ui::code::CodeBlock;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Problem;
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn FlagCodePage() -> impl IntoView {
    view! { <Framed tab=Tab::Code page=|place, summary| view! { <Code place summary /> }.into_any() /> }
}

#[component]
fn Code(place: PlaceView, summary: FlagSummary) -> impl IntoView {
    let query = use_query_map();
    let of = place.of();
    let (place, summary) = (StoredValue::new(place), StoredValue::new(summary));
    let environment = Memo::new(move |_| place.with_value(|place| super::environment(&query.read(), place)));
    // Blocking: without script the page is whole, too.
    let reached = Loaded::blocking(
        move || environment.get(),
        move |environment| {
            let of = of.clone();
            async move {
                let environment = environment?;
                let reached = load_code(of.organization, of.project, environment.clone()).await?;
                Ok::<_, UiError>((environment, reached))
            }
        },
    );
    view! {
        <div class="max-w-[1200px]">
        <Transition fallback=Waiting>
            {awaited(move || Suspend::new(async move {
                match reached.await {
                    Ok((environment, reached)) => {
                        let (place, summary) = (place.get_value(), summary.get_value());
                        view! { <Loaded place summary environment reached /> }.into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            }))}
        </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Loaded(
    place: PlaceView,
    summary: FlagSummary,
    environment: EnvironmentKey,
    reached: Reached,
) -> impl IntoView {
    let of = place.of();
    let FlagSummary { flag, environments, .. } = summary;
    let off = environments.into_iter().find(|here| here.environment == environment);
    let off = off.and_then(|here| here.off_variation);
    let about = About::new(&reached.url, Some(&flag), &reached.keys, &environment);
    let about = match &off {
        Some(off) => about.with_fallback(&flag, off),
        None => about,
    };
    let languages = snippets::of_flag(&about);
    let playground = address_of(&of, &environment, &flag.key, None);
    let keys = view! { <Keys place=place.clone() environment=environment.clone() reached /> };
    let browsers = match flag.client_side {
        true => view! {
            <p class="flex items-start gap-2 text-sm text-muted">
                <span class="mt-0.5"><Icon of=icondata_lu::LuGlobe /></span>
                "It is marked for browsers: keys for browsers are told its value, and so is whoever opens the page."
            </p>
        }
        .into_any(),
        false => view! {
            <p class="flex items-start gap-2 text-sm text-muted">
                <span class="mt-0.5"><Icon of=icondata_lu::LuServer /></span>
                "It is for servers alone: keys for browsers are told that there is no such flag. Mark it for browsers to see their code."
            </p>
        }
        .into_any(),
    };
    let current = environment.clone();
    view! {
        <div class="flex flex-wrap items-center justify-between gap-3">
            <Environments place current />
            <a class="button" href=playground>
                <Icon of=icondata_lu::LuFlaskConical />
                "Try it in the playground"
            </a>
        </div>
        <div class="mt-6 grid gap-8 xl:grid-cols-[minmax(0,1fr)_20rem]">
            <section class="min-w-0">
                <h2 class="font-medium">"Ask for it"</h2>
                <p class="mt-0.5 mb-3 text-sm text-muted">
                    {snippets::ABOUT}
                </p>
                <CodeBlock languages />
                <div class="mt-4">{browsers}</div>
            </section>
            <div class="grid min-w-0 content-start gap-8 sm:grid-cols-2 xl:grid-cols-1">
                <Values flag off />
                {keys}
            </div>
        </div>
    }
    .into_any()
}

/// The keys that code can use.
#[component]
fn Keys(place: PlaceView, environment: EnvironmentKey, reached: Reached) -> impl IntoView {
    let href = address(&place.of(), "keys", Some(&environment));
    let here = place.environment(Some(&environment)).cloned();
    let may = here.is_some_and(|here| place.refusal_in(&here, Action::ManageApiKeys).is_none());
    let is_empty = reached.keys.is_empty();
    let keys = reached.keys.into_iter().take(5).map(|key| {
        view! {
            <li class="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
                <code class="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{key.prefix.clone()} "…"</code>
                <KindBadge key=key.clone() />
                <span class="min-w-0 text-sm text-muted [overflow-wrap:anywhere]">{key.name.clone()}</span>
            </li>
        }
    });
    let keys = keys.collect_view();
    let list = match is_empty {
        true => view! { <p class="mt-2 text-sm text-muted">"No key works in this environment yet."</p> }.into_any(),
        false => {
            view! { <ul class="mt-2 divide-y divide-line rounded-lg border border-line bg-surface">{keys}</ul> }
                .into_any()
        }
    };
    let link = match (may, is_empty) {
        (true, true) => "Create one",
        (true, false) => "Create another",
        (false, _) => "See all keys",
    };
    view! {
        <section class="min-w-0">
            <h2 class="font-medium">"API keys"</h2>
            {list}
            <p class="mt-2 text-sm"><a class="link" href=href>{link}</a></p>
        </section>
    }
    .into_any()
}
