//! One environment: what it looks like, its protection, what applications have kept of it, and its end.

use domain::access::Action;
use domain::environments::{EnvironmentContents, EnvironmentView};
use domain::place::{EnvironmentPlace, PlaceView};
use domain::{EnvironmentKey, Error};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::load_contents;
use super::new::Colors;
use super::{DELETE, PROTECT, PURGE, UPDATE};
use crate::error::UiError;
use crate::flash::{Flash, Message, flash};
use crate::place::{address, dot, known, project};
use crate::ui::field::Field;
use crate::ui::frame::{Back, Section};
use crate::ui::guarded::{Guarded, Reason};
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Refused;
use crate::ui::time::{ago, exact, grouped};
use crate::ui::waiting::awaited;
use crate::ui::why::Why;

#[component]
pub(crate) fn EnvironmentPage() -> impl IntoView {
    let (known, flash, project, params) = (known(), flash(), project(), use_params_map());
    let key = move || params.read().get_str("key").and_then(|key| key.parse::<EnvironmentKey>().ok());
    // Blocking: the answer waits for it, so that it has the right status.
    let contents = Loaded::blocking(
        move || (project.get(), key()),
        |(project, key)| async move {
            let project = project?;
            let key = key.ok_or_else(missing)?;
            let contents = load_contents(project.organization, project.project, key.clone()).await?;
            Ok::<_, UiError>((key, contents))
        },
    );
    view! {
        <Title text=move || key().map_or_else(|| "Environment".to_owned(), |key| format!("Environment {key}")) />
        <Transition>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    let (place, contents) = (known.await, contents.await);
                    let found = place.and_then(|place| {
                        let (key, contents) = contents?;
                        let at = place.environment(Some(&key)).cloned().ok_or_else(missing)?;
                        Ok((place, at, contents))
                    });
                    match found {
                        Ok((place, at, contents)) => view! { <One place at contents flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

fn missing() -> UiError {
    UiError::Rejected(Error::not_found("environment"))
}

#[component]
fn One(place: PlaceView, at: EnvironmentPlace, contents: EnvironmentContents, flash: Flash) -> impl IntoView {
    let environment = at.environment.clone();
    let forms = Forms {
        base: address(&place.of(), &format!("environments/{}", environment.key), None),
        flash,
        refusal: place.refusal_in(&at, Action::ManageEnvironments),
    };
    let purge = place.refusal_in(&at, Action::PurgeCaches);
    let is_last = place.environments.len() == 1;
    let (flags, keys) = (
        address(&place.of(), "flags", Some(&environment.key)),
        address(&place.of(), "keys", Some(&environment.key)),
    );
    let lock = environment
        .protected
        .then(|| view! { <span class="badge"><Icon of=icondata_lu::LuLock />"protected"</span> });
    let title = environment.name.clone();
    let list = address(&place.of(), "environments", None);
    let dot = format!("size-3 shrink-0 rounded-full {}", dot(environment.color));
    view! {
        <main class="page">
            <Back href=list name="Environments" />
            <h1 class="mt-2 flex min-w-0 items-center gap-2.5 text-xl font-semibold tracking-tight">
                <span class=dot aria-hidden="true"></span>
                <span class="min-w-0 [overflow-wrap:anywhere]">{title}</span>
            </h1>
            <p class="mt-1 mb-6 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
                <code class="font-mono text-sm [overflow-wrap:anywhere]">{environment.key.to_string()}</code>
                {lock}
                <span>"revision " <span class="font-mono text-sm">{grouped(environment.revision.unsigned_abs())}</span></span>
                <a class="link" href=flags>"Flags"</a>
                <a class="link" href=keys>"API keys"</a>
            </p>
            <Reason refusal=forms.refusal.clone() />
            {looks(&environment, &forms)} {protection(&environment, &forms)} {caches(&environment, purge, &forms)}
            {end(&environment, &contents, is_last, &forms)}
        </main>
    }
}

/// What the forms of an environment share.
struct Forms {
    /// What their addresses begin with.
    base: String,
    flash: Flash,
    /// Why the reader may not manage the environment, if so.
    refusal: Option<String>,
}

fn looks(environment: &EnvironmentView, forms: &Forms) -> impl IntoView + use<> {
    let (own, flash) = (forms.flash.of(UPDATE), forms.flash.clone());
    let (action, refusal) = (format!("{}/update", forms.base), forms.refusal.clone());
    let (name, color) = (environment.name.clone(), environment.color);
    view! {
        <Section title="Name and colour" about="The colour is what people tell it from others by. The key stays: applications know it.">
            <Guarded action refusal is_said=true>
                <Field flash=own.clone() name="name" label="Name" autocomplete="off" value=name />
                <Colors chosen=color />
                <button class="button justify-self-start">"Save changes"</button>
            </Guarded>
            <Message flash form=UPDATE fields=&["name"] />
        </Section>
    }
}

fn protection(environment: &EnvironmentView, forms: &Forms) -> impl IntoView + use<> {
    let flash = forms.flash.clone();
    let (action, refusal) = (format!("{}/protect", forms.base), forms.refusal.clone());
    let key = environment.key.to_string();
    let is_protected = environment.protected;
    let (now, button) = match is_protected {
        true => ("Protected: changes need an admin and a reason.", "Stop protecting"),
        false => ("Not protected: every developer may change flags here.", "Protect"),
    };
    view! {
        <Section title="Protection">
            <p class="max-w-xl">{now}</p>
            <ul class="mt-2 mb-4 max-w-xl list-disc space-y-1 pl-5 text-sm text-muted">
                <li>"In a protected environment it takes an admin to change what a flag or a segment does, or to switch a flag on."</li>
                <li>"Whoever does that says why, and the audit log keeps it."</li>
                <li>"Switching off needs neither: every developer may, at once."</li>
            </ul>
            <Guarded action refusal is_said=true>
                <input type="hidden" name="protected" value=(!is_protected).to_string() />
                <button class="button justify-self-start" class=("button-danger", is_protected)>
                    <span>{button} " " <span class="inline-block max-w-40 truncate align-bottom">{key}</span></span>
                </button>
            </Guarded>
            <Message flash form=PROTECT fields=&[] />
        </Section>
    }
}

fn caches(environment: &EnvironmentView, refusal: Option<String>, forms: &Forms) -> impl IntoView + use<> {
    let (own, flash) = (forms.flash.of(PURGE), forms.flash.clone());
    let action = format!("{}/purge", forms.base);
    let revision = environment.revision.saturating_add(1).unsigned_abs();
    view! {
        <Section
            title="Caches"
            about="Applications and caches in front of them drop what they have kept, and ask again. What is served stays the same."
        >
            <Guarded action refusal>
                <Why id="purge-comment" is_needed=false typed=own.typed("comment") />
                <p class="text-sm text-muted">
                    "The environment's revision becomes " <span class="font-mono">{grouped(revision)}</span> " or a later one."
                </p>
                <button class="button justify-self-start">"Purge caches"</button>
            </Guarded>
            <Message flash form=PURGE fields=&[] />
        </Section>
    }
}

fn end(
    environment: &EnvironmentView,
    contents: &EnvironmentContents,
    is_last: bool,
    forms: &Forms,
) -> impl IntoView + use<> {
    let (own, flash) = (forms.flash.of(DELETE), forms.flash.clone());
    let (action, refusal) = (format!("{}/delete", forms.base), forms.refusal.clone());
    let key = environment.key.to_string();
    let EnvironmentContents { now, flags, segments, keys, last_used_at } = contents.clone();
    let used = match last_used_at {
        None => view! { "none of its keys was ever used" }.into_any(),
        Some(at) => {
            view! { "an application asked with one " <time title=exact(at)>{ago(now, at)}</time> }.into_any()
        }
    };
    let last = is_last.then(|| "A project keeps its last environment.".to_owned());
    let form = match last {
        Some(reason) => view! { <Reason refusal=Some(reason) /> }.into_any(),
        None => view! {
            <Guarded action refusal is_said=true>
                <p class="text-sm [overflow-wrap:anywhere]">
                    "Type " <code class="font-mono">{key.clone()}</code> " to confirm."
                </p>
                <Field flash=own.clone() name="confirm" label="Key" autocomplete="off" />
                <button class="button button-danger justify-self-start">"Delete environment"</button>
            </Guarded>
        }
        .into_any(),
    };
    view! {
        <Section title="Delete" about="There is no way back. The audit log stays.">
            <p>"With it goes:"</p>
            <ul class="mt-1 mb-4 list-disc space-y-1 pl-5">
                <li>"what " {counted(flags, "flag")} " and " {counted(segments, "segment")} " do here, and their history here"</li>
                <li>
                    {counted(keys, "API key")} " that work" {(keys == 1).then_some("s")} "; " {used}
                </li>
            </ul>
            {form} <Message flash form=DELETE fields=&["confirm"] />
        </Section>
    }
}

/// Such as "1 flag" and "1 200 flags".
fn counted(count: u64, of: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {of}{s}", grouped(count))
}
