//! A new key.

use domain::access::Action;
use domain::api_keys::KeyKind;
use domain::place::{EnvironmentPlace, PlaceView};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{CREATE, refusal, words};
use crate::flash::{Flash, Message, flash};
use crate::place::{address, dot, known};
use crate::ui::field::Field;
use crate::ui::frame::Back;
use crate::ui::guarded::Guarded;
use crate::ui::icon::Icon;
use crate::ui::refused::Refused;
use crate::ui::waiting::awaited;

/// A choice among a few, as a card that shows whether it is chosen.
const CARD: &str = "flex cursor-pointer items-start gap-3 rounded-md border border-line bg-surface px-3 py-2 \
                    has-checked:border-accent has-checked:bg-accent/8 has-disabled:cursor-not-allowed has-disabled:bg-sunken has-disabled:text-muted";

#[component]
pub(crate) fn NewApiKeyPage() -> impl IntoView {
    let (known, flash, query) = (known(), flash(), use_query_map());
    view! {
        <Title text="New API key" />
        <Transition>
            {awaited(move || {
                let flash = flash.clone();
                let asked = query.read().get_str("env").unwrap_or_default().to_owned();
                Suspend::new(async move {
                    match known.await {
                        Ok(place) => view! { <New place asked flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn New(
    place: PlaceView,
    /// The environment that is looked at.
    asked: String,
    flash: Flash,
) -> impl IntoView {
    let own = flash.of(CREATE);
    let shown = place.environments.iter().find(|at| at.environment.key.as_str() == asked);
    let list = address(&place.of(), "keys", shown.map(|at| &at.environment.key));
    let action = address(&place.of(), "keys", None);
    let refusal = refusal(&place);
    let cancel = list.clone();
    view! {
        <main class="page">
            <Back href=list name="API keys" />
            <h1 class="mt-2 mb-6 text-xl font-semibold tracking-tight">"New API key"</h1>
            <Guarded action refusal>
                <Field
                    flash=own.clone()
                    name="name"
                    label="Name"
                    autocomplete="off"
                    hint="What it is for, such as the application that will have it. 1 to 100 characters."
                />
                {environments(&place, &own, &asked)}
                {kinds(&own)}
                <Bounds own=own.clone() expires=String::new() networks=String::new() rate=String::new() />
                <div class="flex flex-wrap gap-2">
                    <button class="button button-primary">"Create API key"</button>
                    <a class="button" href=cancel>"Cancel"</a>
                </div>
            </Guarded>
            <Message flash=flash.clone() form=CREATE fields=&["name", "expires_at", "allowed_networks", "rate_limit"] />
        </main>
    }
}

/// When a key ends and how far it reaches: all of it may be left empty.
#[component]
pub(super) fn Bounds(own: Flash, expires: String, networks: String, rate: String) -> impl IntoView {
    view! {
        <Field
            flash=own.clone()
            name="expires_at"
            label="Expires"
            kind="date"
            required=false
            value=expires
            hint="At the end of that day, in UTC. Empty: never."
        />
        <Field
            flash=own.clone()
            name="allowed_networks"
            label="Networks"
            autocomplete="off"
            required=false
            value=networks
            hint="Addresses or networks that it may be used from, with commas between them, such as 10.0.0.0/8, 2001:db8::/32. Empty: anywhere."
        />
        <Field
            flash=own.clone()
            name="rate_limit"
            label="Requests a second"
            kind="number"
            autocomplete="off"
            required=false
            value=rate
            hint="1 to 1 000 000. Empty: what the instance allows."
        />
    }
}

fn environments(place: &PlaceView, own: &Flash, asked: &str) -> impl IntoView + use<> {
    let refused = |at: &EnvironmentPlace| place.refusal_in(at, Action::ManageApiKeys);
    let everywhere = refusal(place);
    let (typed, may) =
        (own.typed("environment"), place.environments.iter().filter(|at| refused(at).is_none()));
    let keys: Vec<_> = may.map(|at| at.environment.key.to_string()).collect();
    // What was chosen, what is looked at, or the first one.
    let chosen = [typed.as_str(), asked].into_iter().find(|wanted| keys.iter().any(|key| key == wanted));
    let chosen = chosen.map(str::to_owned).or_else(|| keys.first().cloned());
    let cards = place.environments.iter().map(|at| {
        let (environment, refusal) = (at.environment.clone(), refused(at));
        let key = environment.key.to_string();
        let is_chosen = chosen.as_ref() == Some(&key);
        let lock = environment.protected.then(|| {
            view! { <Icon of=icondata_lu::LuLock /><span class="sr-only">"protected"</span> }
        });
        // What holds everywhere is said once, above.
        let why = refusal.clone().filter(|_| everywhere.is_none()).map(|reason| view! { <span class="block text-sm text-muted">{reason}</span> });
        view! {
            <label class=CARD>
                <input
                    type="radio"
                    name="environment"
                    value=key.clone()
                    class="box mt-0.5"
                    required=true
                    checked=is_chosen
                    disabled=refusal.is_some()
                />
                <span class="min-w-0">
                    <span class="flex flex-wrap items-center gap-x-2">
                        <span class=format!("size-2 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
                        <span class="font-medium [overflow-wrap:anywhere]">{key.clone()}</span>
                        {lock}
                        <span class="text-muted [overflow-wrap:anywhere]">{environment.name}</span>
                    </span>
                    {why}
                </span>
            </label>
        }
    });
    view! {
        <fieldset class="grid min-w-0 gap-2">
            <legend class="mb-1 text-sm font-medium">"Environment"</legend>
            {cards.collect_view()}
        </fieldset>
    }
}

fn kinds(own: &Flash) -> impl IntoView + use<> {
    let chosen = KeyKind::from_name(&own.typed("kind")).unwrap_or(KeyKind::Server);
    let cards = words::KINDS.map(|kind| {
        view! {
            <label class=CARD>
                <input
                    type="radio"
                    name="kind"
                    value=kind.as_str()
                    class="box mt-0.5"
                    required=true
                    checked=kind == chosen
                />
                <span class="min-w-0">
                    <span class="flex items-center gap-2 font-medium">
                        <Icon of=words::kind_icon(kind) />
                        {words::kind(kind)}
                    </span>
                    <span class="block text-sm text-muted">{words::sees(kind)}</span>
                </span>
            </label>
        }
    });
    view! {
        <fieldset class="grid min-w-0 gap-2">
            <legend class="mb-1 text-sm font-medium">"Who will hold it"</legend>
            {cards.collect_view()}
        </fieldset>
    }
}
