//! The page.

use domain::EnvironmentKey;
use domain::access::Action;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{Start, load_start};
use super::snippets::{self, About};
use super::waiting::Waiting;
use crate::error::UiError;
use crate::place::{Environments, address, known};
use crate::ui::code::CodeBlock;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::refused::{Problem, Refused};
use crate::ui::time::{ago, exact};
use crate::ui::waiting::awaited;

#[component]
pub(crate) fn QuickstartPage() -> impl IntoView {
    let known = known();
    view! {
        <Title text="Quickstart" />
        <Transition fallback=Loading>
            {awaited(move || Suspend::new(async move {
                match known.await {
                    Ok(place) => view! { <Quickstart place /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            }))}
        </Transition>
    }
    .into_any()
}

#[component]
fn Loading() -> impl IntoView {
    view! { <p class="p-6 text-muted">"Loading…"</p> }
}

#[component]
fn Quickstart(place: PlaceView) -> impl IntoView {
    let query = use_query_map();
    let of = place.of();
    let place = StoredValue::new(place);
    let environment = Memo::new(move |_| {
        let named =
            query.read().get_str("env").filter(|key| !key.is_empty()).map(str::parse::<EnvironmentKey>);
        let found = place.with_value(|place| {
            let named = named.transpose().ok()?;
            place.environment(named.as_ref()).map(|found| found.environment.key.clone())
        });
        found.ok_or_else(|| UiError::Rejected(domain::Error::not_found("environment")))
    });
    // Blocking: without script the page is whole, too.
    let start = Loaded::blocking(
        move || environment.get(),
        move |environment| {
            let of = of.clone();
            async move {
                let environment = environment?;
                let start = load_start(of.organization, of.project, environment.clone()).await?;
                Ok::<_, UiError>((environment, start))
            }
        },
    );
    view! {
        <main class="page">
            <Transition fallback=Loading>
                {awaited(move || Suspend::new(async move {
                    match start.await {
                        Ok((environment, start)) => {
                            view! { <Steps place=place.get_value() environment start /> }.into_any()
                        }
                        Err(error) => view! {
                                <h1 class="text-xl font-semibold tracking-tight">"Quickstart"</h1>
                                <Problem error />
                            }
                            .into_any(),
                    }
                }))}
            </Transition>
        </main>
    }
}

#[component]
fn Steps(place: PlaceView, environment: EnvironmentKey, start: Start) -> impl IntoView {
    let of = place.of();
    let keys = view! { <Keys place=place.clone() environment=environment.clone() start=start.clone() /> };
    let ask = view! { <Ask place=place.clone() environment=environment.clone() start=start.clone() /> };
    let playground = address(&of, "playground", Some(&environment));
    view! {
        <div class="flex flex-wrap items-center justify-between gap-3">
            <h1 class="text-xl font-semibold tracking-tight">"Quickstart"</h1>
            <Environments place=place.clone() current=environment.clone() />
        </div>
        <p class="mt-2 text-muted">"From an API key to the first evaluation in your application."</p>
        <ol class="mt-6 max-w-[772px] space-y-10">
            <Step number="1" title="Create an API key" is_done=!start.keys.is_empty()>{keys}</Step>
            <Step number="2" title="Evaluate a flag" is_done=false>{ask}</Step>
            <Step number="3" title="See it arrive" is_done=start.last.last.is_some()>
                <Waiting of=of.clone() environment=environment.clone() before=start.last.clone() />
                <p class="mt-3 text-sm text-muted">
                    "Why does somebody get what they get? The "<a class="link" href=playground>"playground"</a>
                    " explains it."
                </p>
            </Step>
        </ol>
    }
}

#[component]
fn Step(number: &'static str, title: &'static str, is_done: bool, children: Children) -> impl IntoView {
    let badge = match is_done {
        true => view! {
            <span class="text-on"><Icon of=icondata_lu::LuCheck /></span>
            <span class="sr-only">"Done: "</span>
        }
        .into_any(),
        false => number.into_any(),
    };
    view! {
        <li class="grid grid-cols-[2rem_minmax(0,1fr)] gap-x-3">
            <span class="flex size-7 items-center justify-center rounded-full border border-line bg-surface text-sm font-medium tabular-nums">
                {badge}
            </span>
            <div class="min-w-0">
                <h2 class="text-lg leading-7 font-semibold">{title}</h2>
                <div class="mt-2">{children()}</div>
            </div>
        </li>
    }
}

/// The keys that there are, and the way to a new one.
#[component]
fn Keys(place: PlaceView, environment: EnvironmentKey, start: Start) -> impl IntoView {
    let href = address(&place.of(), "keys", Some(&environment));
    let here = place.environment(Some(&environment)).cloned();
    let refusal = here.and_then(|here| place.refusal_in(&here, Action::ManageApiKeys));
    let now = start.last.now;
    let has_keys = !start.keys.is_empty();
    let keys = start.keys.into_iter().map(|key| {
        let used = match key.last_used_at {
            Some(at) => view! { "used " <time title=exact(at)>{ago(now, at)}</time> }.into_any(),
            None => "never used".into_any(),
        };
        view! {
            <li class="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
                <code class="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{key.prefix} "…"</code>
                <span class="badge">{key.kind.as_str()}</span>
                <span class="min-w-0 text-sm text-muted [overflow-wrap:anywhere]">{key.name}</span>
                <span class="ml-auto text-xs text-muted">{used}</span>
            </li>
        }
    });
    let keys = keys.collect_view();
    let list = has_keys.then(|| {
        view! { <ul class="mb-3 divide-y divide-line rounded-lg border border-line bg-surface">{keys}</ul> }
    });
    let text = match has_keys {
        true => "These keys of this environment work. The rest of a key was shown once, when it was made.",
        false => "Applications sign in with the key of an environment. There is none yet that works here.",
    };
    let create = match refusal {
        None => view! {
            <a class="button" class:button-primary=!has_keys href=href>
                <Icon of=icondata_lu::LuKeyRound />
                {if has_keys { "Create another" } else { "Create an API key" }}
            </a>
        }
        .into_any(),
        Some(reason) => view! {
            <span class="button button-off" aria-disabled="true">
                <Icon of=icondata_lu::LuKeyRound />
                "Create an API key"
            </span>
            <p class="mt-2 text-sm text-muted">{reason}</p>
        }
        .into_any(),
    };
    view! {
        <p class="mb-3 text-muted">{text}</p>
        {list}
        {create}
    }
}

/// How an application asks.
#[component]
fn Ask(place: PlaceView, environment: EnvironmentKey, start: Start) -> impl IntoView {
    let about = About::new(&start.url, start.flag.as_ref(), &start.keys, &environment);
    let missing = start.flag.is_none().then(|| {
        let href = address(&place.of(), "flags/new", Some(&environment));
        let create = place.refusal(Action::CreateFlag).is_none();
        let link = create.then(|| view! { <a class="link" href=href>"Create one"</a>" first." });
        view! {
            <p class="mb-3 rounded-lg border border-line bg-surface px-4 py-3">
                "There is no flag yet, so " <code class="font-mono">"my-flag"</code> " stands for one. " {link}
            </p>
        }
    });
    view! {
        <p class="mb-3 text-muted">
            {snippets::ABOUT}
        </p>
        {missing}
        <CodeBlock languages=snippets::all(&about) />
    }
}
