//! The form: whose evaluation, of which flag, and when. Its fields are the address.

use domain::FieldError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::address::Asked;
use super::attributes::Attributes;
use super::draft::Draft;
use super::page::Shared;
use crate::error::UiError;
use crate::ui::icon::Icon;
use crate::ui::waiting::awaited;

const SEGMENT: &str = "inline-flex h-7 cursor-pointer items-center rounded-md border border-transparent px-3 text-sm \
                       text-muted has-[:checked]:border-line has-[:checked]:bg-surface has-[:checked]:font-medium \
                       has-[:checked]:text-ink has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent";

#[component]
pub(super) fn ContextForm(shared: Shared) -> impl IntoView {
    let Shared { asked, faults, again, choices, .. } = shared;
    let draft = Draft::of(&asked.get_untracked());
    Effect::new(move |before: Option<Asked>| {
        let asked = asked.get();
        // In another environment and on another page what was typed meanwhile stays.
        let is_new = |before: Asked| {
            let (environment, search, page) = (asked.environment.clone(), asked.search.clone(), asked.page);
            Asked { environment, search, page, ..before } != asked
        };
        if before.is_some_and(is_new) {
            draft.take(&asked);
        }
        asked
    });
    let (location, navigate) = (use_location(), use_navigate());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let next = draft.asked(&asked.read_untracked()).tidied();
        if next == asked.get_untracked() {
            // The same question may have another answer by now.
            draft.take(&next);
            again.update(|again| *again = again.wrapping_add(1));
            show_answer();
            return;
        }
        let to = format!("{}{}", location.pathname.read_untracked(), next.query());
        navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        show_answer();
    };
    let clear = move || {
        let Asked { environment, is_json, .. } = asked.get();
        Asked { environment, is_json, ..Asked::default() }.query()
    };
    let known = move || {
        Suspend::new(async move {
            let choices = choices.await.unwrap_or_default();
            let attributes =
                choices.attributes.into_iter().map(|name| view! { <option value=name></option> });
            let flags = choices.flags.into_iter().map(|(key, name)| {
                view! { <option value=key.to_string()>{name}</option> }
            });
            view! {
                <datalist id="known-attributes">{attributes.collect_view()}</datalist>
                <datalist id="known-flags">{flags.collect_view()}</datalist>
            }
        })
    };
    view! {
        <form method="get" action="#answer" aria-label="Evaluation" class="space-y-5" on:submit=submit>
            <input type="hidden" name="env" value=move || asked.read().environment.clone() />
            <input type="hidden" name="q" value=move || asked.read().search.clone() />
            <input type="hidden" name="page" value=move || asked.read().page />
            <fieldset class="group/modes min-w-0">
                <legend class="text-sm font-medium">"Who asks?"</legend>
                <div class="mt-1 inline-flex gap-1 rounded-lg bg-sunken p-1">
                    <ModeButton draft to_json=false id="as-form" label="Form" />
                    <ModeButton draft to_json=true id="as-json" label="JSON" />
                </div>
                <div class="mt-3 group-has-[#as-json:checked]/modes:hidden">
                    <Attributes draft faults />
                </div>
                <div class="mt-3 hidden group-has-[#as-json:checked]/modes:block">
                    <JsonField draft faults />
                </div>
            </fieldset>
            <Transition>{awaited(known)}</Transition>
            <TextField
                shared
                name="flag"
                label="Flag"
                is_question=true
                hint="Name one to see each of its steps."
                placeholder="all of them"
                value=draft.flag
                list="known-flags"
            />
            <fieldset class="grid min-w-0 gap-3 sm:grid-cols-2">
                <legend class="mb-1 text-sm font-medium">"When?"</legend>
                <TextField
                    shared
                    name="at"
                    label="Time (UTC)"
                    hint="Such as 2026-01-31 09:05."
                    placeholder="now"
                    value=draft.at
                />
                <TextField
                    shared
                    name="revision"
                    label="or revision"
                    hint="Of this environment."
                    placeholder="newest"
                    value=draft.revision
                />
            </fieldset>
            <div class="flex flex-wrap gap-2">
                <button class="button button-primary">
                    <Icon of=icondata_lu::LuPlay />
                    "Evaluate"
                </button>
                <a class="button" href=clear>"Clear"</a>
            </div>
        </form>
    }
}

/// Chooses how the context is typed. A radio button, so that it works without script.
#[component]
fn ModeButton(draft: Draft, to_json: bool, id: &'static str, label: &'static str) -> impl IntoView {
    view! {
        <label class=SEGMENT>
            <input
                id=id
                class="sr-only"
                type="radio"
                name="as"
                value=if to_json { "json" } else { "form" }
                checked=draft.is_json.get_untracked() == to_json
                prop:checked=move || draft.is_json.get() == to_json
                on:change=move |_| draft.switch(to_json)
            />
            {label}
        </label>
    }
}

/// The context as JSON.
#[component]
fn JsonField(draft: Draft, faults: Memo<Vec<FieldError>>) -> impl IntoView {
    let fault = move || fault_of(&faults.read(), "context");
    let typed = move |event| {
        draft.json.set(event_target_value(&event));
        draft.typed();
    };
    // The text itself is a property, which the server cannot write; so it is there as escaped markup, too.
    let written = draft.json.get_untracked().replace('&', "&amp;").replace('<', "&lt;");
    view! {
        <label class="block text-sm text-muted" for="json">"Context, as applications send it"</label>
        <textarea
            id="json"
            name="json"
            class="mt-1 block w-full rounded-md border border-edge bg-surface px-3 py-2 font-mono aria-invalid:border-danger"
            rows="9"
            spellcheck="false"
            autocomplete="off"
            placeholder=r#"{"userId": "user-1", "plan": "pro"}"#
            aria-invalid=move || fault().map(|_| "true")
            aria-describedby=move || fault().map(|_| "json-wrong")
            prop:value=draft.json
            on:input=typed
            inner_html=written
        ></textarea>
        <p id="json-wrong" role="alert" class="mt-1 text-sm text-danger empty:hidden">{fault}</p>
    }
}

/// A field of one line, with what is wrong with it: what the form says, and what the server says.
#[component]
fn TextField(
    shared: Shared,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    /// What it means when nothing is typed.
    placeholder: &'static str,
    value: RwSignal<String>,
    /// Whether it stands by itself, as the form's other questions do.
    #[prop(optional)]
    is_question: bool,
    #[prop(optional)] list: Option<&'static str>,
) -> impl IntoView {
    let Shared { asked, faults, answer, .. } = shared;
    let fault = move || fault_of(&faults.read(), name);
    let refused = move || {
        Suspend::new(async move {
            let error = answer.await.err()?;
            let text = refusal_of(&error, name, asked.read_untracked().is_past())?;
            Some(view! { <p role="alert" class="mt-1 text-sm text-danger">{text}</p> })
        })
    };
    let described = format!("{name}-about");
    view! {
        <div>
            <label class=if is_question { "block text-sm font-medium" } else { "block text-sm text-muted" } for=name>{label}</label>
            <input
                id=name
                name=name
                class="input mt-1 font-mono"
                list=list
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || fault().map(|_| "true")
                aria-describedby=described.clone()
                value=value.get_untracked()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            <div id=described.clone()>
                <p role="alert" class="mt-1 text-sm text-danger empty:hidden">{fault}</p>
                <Transition>{awaited(refused)}</Transition>
                <p class="mt-1 text-xs text-muted">{hint}</p>
            </div>
        </div>
    }
}

/// Where the answer is below the form, it comes into sight. In the browser only.
fn show_answer() {
    if let Some(answer) = document().get_element_by_id("answer") {
        answer.scroll_into_view();
    }
}

fn fault_of(faults: &[FieldError], path: &str) -> Option<String> {
    faults.iter().find(|fault| fault.path == path).map(|fault| fault.message.clone())
}

/// What the server says of a field: what was not found is named by its first word.
pub(super) fn refusal_of(error: &UiError, field: &str, is_past: bool) -> Option<String> {
    let UiError::Rejected(error) = error else { return None };
    match error {
        domain::Error::NotFound { what } if what.split(' ').next() == Some(field) => Some(match field {
            "flag" if is_past => "There was no such flag then.".to_owned(),
            "flag" => "There is no such flag.".to_owned(),
            _ => format!("There is no {what} in this environment."),
        }),
        domain::Error::Invalid { details } => fault_of(details, field),
        _ => None,
    }
}
