//! One key: what it is, its name and bounds, rotating and revoking it.

use domain::ApiKeyId;
use domain::access::Action;
use domain::api_keys::KeyStatus;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{ApiKey, load_api_key};
use super::new::Bounds;
use super::row::{EnvironmentName, KindBadge, StateBadge};
use super::{REVOKE, ROTATE, UPDATE, words};
use crate::error::UiError;
use crate::flash::{Flash, Message, flash};
use crate::place::{address, known, project};
use crate::ui::field::{Choice, Field};
use crate::ui::frame::{Back, Section};
use crate::ui::fresh;
use crate::ui::guarded::{Guarded, Reason};
use crate::ui::loaded::Loaded;
use crate::ui::refused::Refused;
use crate::ui::time::{ago, date, exact, grouped};
use crate::ui::waiting::awaited;

#[component]
pub(crate) fn ApiKeyPage() -> impl IntoView {
    let (known, flash, project, params) = (known(), flash(), project(), use_params_map());
    let id = move || params.read().get_str("id").and_then(|id| id.parse().ok()).map(ApiKeyId);
    // Blocking: the answer waits for it, so that it has the right status.
    let key = Loaded::blocking(
        move || (project.get(), id()),
        |(project, id)| async move {
            let project = project?;
            let id = id.ok_or_else(|| UiError::Rejected(domain::Error::not_found("API key")))?;
            load_api_key(project.organization, project.project, id).await
        },
    );
    fresh::keep(key, |news| news.kind == "api_key");
    view! {
        <Title text="API key" />
        <Transition>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match (known.await, key.await) {
                        (Ok(place), Ok(key)) => view! { <One place key flash /> }.into_any(),
                        (Err(error), _) | (_, Err(error)) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn One(place: PlaceView, key: ApiKey, flash: Flash) -> impl IntoView {
    let list = address(&place.of(), "keys", None);
    let title = key.key.name.clone();
    let prefix = key.key.prefix.clone();
    let badges = view! {
        <KindBadge key=key.key.clone() />
        <span><StateBadge key=key.key.clone() now=key.now /></span>
    };
    let forms = (key.key.status != KeyStatus::Revoked).then(|| {
        let at = place.environment(Some(&key.key.environment));
        let forms = Forms {
            base: address(&place.of(), &format!("keys/{}", key.key.id), None),
            flash: flash.clone(),
            refusal: at.and_then(|at| place.refusal_in(at, Action::ManageApiKeys)),
        };
        view! {
            <Reason refusal=forms.refusal.clone() />
            {bounds(&key, &forms)} {rotation(&key, &forms)} {revocation(&key, &forms)}
        }
    });
    let facts = facts(&place, key);
    view! {
        <Title text=format!("{title} · API keys") />
        <main class="page">
            <Back href=list name="API keys" />
            <h1 class="mt-2 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{title}</h1>
            <p class="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
                <code class="font-mono text-sm text-muted [overflow-wrap:anywhere]">{prefix} "…"</code>
                {badges}
            </p>
            <Message flash=flash.clone() form=REVOKE fields=&["confirm"] />
            {facts} {forms}
        </main>
    }
}

/// What the forms of a key share.
struct Forms {
    /// What their addresses begin with.
    base: String,
    flash: Flash,
    /// Why the reader may send none of them, if so.
    refusal: Option<String>,
}

fn facts(place: &PlaceView, key: ApiKey) -> impl IntoView + use<> {
    let ApiKey { now, key, successor } = key;
    let fact = |name: &'static str, value: AnyView| {
        view! {
            <div class="min-w-0">
                <dt class="text-sm text-muted">{name}</dt>
                <dd class="[overflow-wrap:anywhere]">{value}</dd>
            </div>
        }
    };
    let time = |at| view! { <time title=exact(at)>{ago(now, at)}</time> }.into_any();
    let environment = match place.environment(Some(&key.environment)) {
        Some(at) => view! { <EnvironmentName environment=at.environment.clone() /> }.into_any(),
        None => key.environment.to_string().into_any(),
    };
    let last_used = match key.last_used_at {
        None => "Never".into_any(),
        Some(at) => time(at),
    };
    // A key that is revoked ended then.
    let ends = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => fact("Revoked", time(at)),
        (None, None) => fact("Expires", "Never".into_any()),
        (None, Some(at)) => fact("Expires", exact(at).into_any()),
    };
    let networks = match key.allowed_networks.is_some() {
        true => view! { <span class="font-mono text-sm">{words::all_networks(&key)}</span> }.into_any(),
        false => "Anywhere".into_any(),
    };
    let rate = key.rate_limit.map(|rate| grouped(u64::from(rate)));
    let rate = rate.unwrap_or_else(|| "What the instance allows".to_owned()).into_any();
    let by = key
        .creator
        .map(|creator| view! { <span class="block text-sm text-muted">"by " {creator.name}</span> });
    let created = view! { {time(key.created_at)} {by} }.into_any();
    let replaced = successor.map(|successor| {
        let href = address(&place.of(), &format!("keys/{}", successor.id), None);
        let link = view! { <a class="link font-mono text-sm" href=href>{successor.prefix} "…"</a> };
        fact("In its place", link.into_any())
    });
    view! {
        <p class="mt-4 max-w-2xl text-muted">{words::sees(key.kind)}</p>
        <dl class="mt-4 mb-8 grid grid-cols-2 gap-x-8 gap-y-4 lg:grid-cols-3">
            {fact("Environment", environment)} {fact("Last used", last_used)} {ends} {fact("Networks", networks)}
            {fact("Requests a second", rate)} {fact("Created", created)} {replaced}
        </dl>
    }
}

fn bounds(key: &ApiKey, forms: &Forms) -> impl IntoView + use<> {
    let (own, key) = (forms.flash.of(UPDATE), &key.key);
    let (action, refusal) = (format!("{}/update", forms.base), forms.refusal.clone());
    let name = key.name.clone();
    let expires = key.expires_at.map(date).unwrap_or_default();
    let (networks, rate) =
        (words::all_networks(key), key.rate_limit.map(|rate| rate.to_string()).unwrap_or_default());
    let flash = forms.flash.clone();
    view! {
        <Section title="Name and bounds" about="A change counts at once; on other nodes within a second or so.">
            <Guarded action refusal is_said=true>
                <Field flash=own.clone() name="name" label="Name" autocomplete="off" value=name />
                <Bounds own=own.clone() expires networks rate />
                <button class="button justify-self-start">"Save changes"</button>
            </Guarded>
            <Message flash form=UPDATE fields=&["name", "expires_at", "allowed_networks", "rate_limit"] />
        </Section>
    }
}

fn rotation(key: &ApiKey, forms: &Forms) -> impl IntoView + use<> {
    let (action, refusal) = (format!("{}/rotate", forms.base), forms.refusal.clone());
    let flash = forms.flash.clone();
    let form = match words::not_rotated(&key.key, key.successor.as_ref()) {
        Some(reason) => view! { <Reason refusal=Some(reason) /> }.into_any(),
        None => view! {
            <Guarded action refusal is_said=true>
                <Choice id="overlap" name="overlap_s" label="The old key works on for">
                    <option value="0">"no time: it ends at once"</option>
                    <option value="3600">"an hour"</option>
                    <option value="86400" selected>"a day"</option>
                    <option value="604800">"7 days"</option>
                    <option value="2592000">"30 days"</option>
                </Choice>
                <button class="button justify-self-start">"Rotate key"</button>
            </Guarded>
        }
        .into_any(),
    };
    view! {
        <Section
            title="Rotate"
            about="Makes a new key with the same settings. Both work for a while, so that applications can change over without a gap."
        >
            {form} <Message flash form=ROTATE fields=&[] />
        </Section>
    }
}

fn revocation(key: &ApiKey, forms: &Forms) -> impl IntoView + use<> {
    let own = forms.flash.of(REVOKE);
    let (action, refusal) = (format!("{}/revoke", forms.base), forms.refusal.clone());
    let (name, prefix) = (key.key.name.clone(), key.key.prefix.clone());
    let used = match key.key.last_used_at {
        None => "It was never used.".to_owned(),
        Some(at) => format!("It was last used {}.", ago(key.now, at)),
    };
    view! {
        <Section
            title="Revoke"
            about="Applications that ask with it are refused at once, and for good: by other nodes within a second or so."
        >
            <p class="mb-4">{used}</p>
            <Guarded action refusal is_said=true>
                <p class="text-sm [overflow-wrap:anywhere]">
                    "Type " <code class="font-mono">{name}</code> " or " <code class="font-mono">{prefix}</code>
                    " to confirm."
                </p>
                <Field flash=own.clone() name="confirm" label="Name or prefix" autocomplete="off" />
                <button class="button button-danger justify-self-start">"Revoke key"</button>
            </Guarded>
        </Section>
    }
}
