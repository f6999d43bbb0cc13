//! The list.

use domain::EnvironmentKey;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::api::{ApiKeys, load_api_keys};
use super::filter::Filter;
use super::row::Row;
use super::{CREATE, REVOKE, ROTATE, refusal};
use crate::error::UiError;
use crate::flash::{Flash, Message, flash};
use crate::place::{address, known};
use crate::ui::frame::Once;
use crate::ui::fresh;
use crate::ui::guarded::Off;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::refused::{Problem, Refused};
use crate::ui::time::grouped;
use crate::ui::waiting::awaited;

#[component]
pub(crate) fn ApiKeysPage() -> impl IntoView {
    let (known, flash) = (known(), flash());
    view! {
        <Title text="API keys" />
        <Transition fallback=Waiting>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match known.await {
                        Ok(place) => view! { <List place flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Waiting() -> impl IntoView {
    view! { <p class="p-6 text-muted">"Loading…"</p> }
}

/// Which keys the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    environment: Option<EnvironmentKey>,
    cursor: Option<String>,
}

impl Asked {
    fn read(query: &ParamsMap) -> Result<Self, UiError> {
        let text = |name| query.get_str(name).filter(|text| !text.is_empty());
        let missing = |_| UiError::Rejected(domain::Error::not_found("environment"));
        let environment = text("env").map(str::parse).transpose().map_err(missing)?;
        Ok(Self { environment, cursor: text("cursor").map(str::to_owned) })
    }
}

/// The keys of a project that is there.
#[component]
fn List(place: PlaceView, flash: Flash) -> impl IntoView {
    let query = use_query_map();
    let of = place.of();
    let asked = Memo::new(move |_| Asked::read(&query.read()));
    let loaded = of.clone();
    // Blocking: the answer waits for it, so that it has the right status.
    let keys = Loaded::blocking(
        move || asked.get(),
        move |asked| {
            let of = loaded.clone();
            async move {
                let Asked { environment, cursor } = asked?;
                load_api_keys(of.organization, of.project, environment, cursor).await
            }
        },
    );
    fresh::keep(keys, |news| news.kind == "api_key");
    let new = move || {
        let asked = asked.get().unwrap_or_default();
        address(&of, "keys/new", asked.environment.as_ref())
    };
    let once = flash.secret.clone().map(|secret| {
        let label =
            if flash.form == ROTATE { "The key that takes the other's place" } else { "Your new API key" };
        view! { <div class="mt-4 max-w-2xl"><Once label secret /></div> }
    });
    let refusal = refusal(&place);
    let filtered = place.clone();
    let place = StoredValue::new(place);
    view! {
        <main class="page">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h1 class="text-xl font-semibold tracking-tight">"API keys"</h1>
                <div class="flex min-w-0 flex-wrap items-center gap-2 max-sm:contents max-sm:[&>nav]:order-last">
                    <Filter place=filtered />
                    <NewButton href=Signal::derive(new) refusal />
                </div>
            </div>
            <p class="mt-2 max-w-2xl text-muted">
                "What applications sign in with. Each key belongs to one environment, and its secret is shown once."
            </p>
            <Message flash=flash.clone() form=CREATE fields=&[] />
            <Message flash=flash.clone() form=ROTATE fields=&[] />
            <Message flash=flash.clone() form=REVOKE fields=&[] />
            {once}
            <Transition fallback=Waiting>
                {awaited(move || Suspend::new(async move {
                    match keys.await {
                        Ok(keys) => {
                            let asked = asked.get_untracked().unwrap_or_default();
                            view! { <Table place=place.get_value() keys asked /> }.into_any()
                        }
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                }))}
            </Transition>
        </main>
    }
}

/// The way to a new key; where one lacks the right, the reason.
#[component]
fn NewButton(#[prop(into)] href: Signal<String>, refusal: Option<String>) -> impl IntoView {
    match refusal {
        None => view! {
            <a class="button button-primary" href=href>
                <Icon of=icondata_lu::LuPlus />
                "New API key"
            </a>
        }
        .into_any(),
        Some(reason) => view! { <Off reason><Icon of=icondata_lu::LuPlus />"New API key"</Off> }.into_any(),
    }
}

#[component]
fn Table(place: PlaceView, keys: ApiKeys, asked: Asked) -> impl IntoView {
    let ApiKeys { now, keys, next, total } = keys;
    if keys.is_empty() && asked.cursor.is_none() {
        return view! { <Nothing place environment=asked.environment /> }.into_any();
    }
    let shown = keys.len() as u64;
    let rows = keys.into_iter().map(|key| view! { <Row key place=&place now /> }).collect_view();
    let at = |cursor: Option<&str>| {
        let base = address(&place.of(), "keys", asked.environment.as_ref());
        let joint = if base.contains('?') { '&' } else { '?' };
        cursor.map_or_else(|| base.clone(), |cursor| format!("{base}{joint}cursor={cursor}"))
    };
    let first = asked.cursor.is_some().then(|| view! { <a class="button" href=at(None)>"First page"</a> });
    let more = next.map(|next| view! { <a class="button" href=at(Some(&next))>"Next page"</a> });
    let pages = (first.is_some() || more.is_some())
        .then(|| view! { <nav aria-label="Pages" class="flex gap-2">{first} {more}</nav> });
    view! {
        <table class="mt-4 block w-full rounded-lg border border-line bg-surface md:table md:border-separate md:border-spacing-0">
            <thead class="hidden text-left text-xs text-muted md:table-header-group">
                <tr>
                    <th scope="col" class="py-2 pr-4 pl-4 font-medium">"Key"</th>
                    <th scope="col" class="py-2 pr-4 font-medium whitespace-nowrap">"Environment"</th>
                    <th scope="col" class="py-2 pr-4 font-medium whitespace-nowrap">"State"</th>
                    <th scope="col" class="hidden py-2 pr-4 font-medium lg:table-cell">"Bounds"</th>
                    <th scope="col" class="py-2 pr-4 font-medium whitespace-nowrap">"Last used"</th>
                    <th scope="col" class="hidden py-2 pr-4 font-medium lg:table-cell">"Created"</th>
                </tr>
            </thead>
            <tbody class="block md:table-row-group">{rows}</tbody>
        </table>
        <div class="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
            <p>{grouped(shown)} " of " {grouped(total)} {if total == 1 { " key" } else { " keys" }}</p>
            {pages}
        </div>
    }
    .into_any()
}

/// What is said where there are no keys.
#[component]
fn Nothing(place: PlaceView, environment: Option<EnvironmentKey>) -> impl IntoView {
    let new = address(&place.of(), "keys/new", environment.as_ref());
    let create = refusal(&place).is_none().then(|| {
        view! {
            <a class="button button-primary mt-6" href=new>
                <Icon of=icondata_lu::LuPlus />
                "Create one"
            </a>
        }
    });
    let title = match environment {
        Some(key) => format!("No API keys for {key} yet"),
        None => "No API keys yet".to_owned(),
    };
    view! {
        <div class="mt-4 rounded-lg border border-line bg-surface px-6 py-16 text-center">
            <Drawing />
            <p class="mt-6 text-lg font-semibold [overflow-wrap:anywhere]">{title}</p>
            <p class="mx-auto mt-1 max-w-sm text-muted">
                "An application asks for its flags with a key, which says what environment it is in."
            </p>
            {create}
        </div>
    }
}

/// A key whose bit is a switch.
#[component]
fn Drawing() -> impl IntoView {
    view! {
        <svg class="mx-auto h-20 w-40" viewBox="0 0 160 80" aria-hidden="true">
            <rect class="fill-line" x="60" y="34" width="96" height="12" rx="6"></rect>
            <rect class="fill-line" x="118" y="40" width="10" height="22" rx="5"></rect>
            <rect class="fill-line" x="138" y="40" width="10" height="16" rx="5"></rect>
            <rect class="fill-accent" x="4" y="20" width="72" height="40" rx="20"></rect>
            <circle class="fill-surface" cx="56" cy="40" r="13"></circle>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_whose_keys() {
        let read = |query: &[(&'static str, &str)]| {
            let mut map = ParamsMap::new();
            query.iter().for_each(|(name, value)| map.insert(*name, (*value).to_owned()));
            Asked::read(&map)
        };
        assert_eq!(read(&[("env", ""), ("cursor", "")]).unwrap(), Asked::default());
        let asked = Asked { environment: Some("dev".parse().unwrap()), cursor: Some("x".into()) };
        assert_eq!(read(&[("env", "dev"), ("cursor", "x")]).unwrap(), asked);
        assert!(read(&[("env", "no/pe")]).is_err());
    }
}
