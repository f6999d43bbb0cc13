//! A configuration as JSON: the way without script, and the way for those who would rather write.

use domain::{Error, FieldError};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::around::around;
use super::draft::Edited;
use super::save_bar::{review_of, show};
use super::saving::Saves;
use crate::error::UiError;
use crate::flash::sentence;
use crate::place::address;
use crate::told::plain;
use crate::ui::why::Why;

/// The document in a form. It shows the draft, until somebody types into it.
#[component]
pub(super) fn Document(
    saves: Saves,
    /// Why it cannot be changed; none where it can.
    refusal: Option<String>,
) -> impl IntoView {
    let (draft, state, environment) = (saves.draft, saves.state, saves.environment.clone());
    let flash = around().flash.of(&format!("flag/configure/{}/{}", saves.key, environment.key));
    let (notice, refused) = (flash.notice.clone(), flash.error.clone());
    let is_open = notice.is_some() || refused.is_some();
    let has_fault = refused.is_some();
    let is_conflict = matches!(refused, Some(Error::Conflict { .. }));
    let current = draft.version.get_untracked();
    let typed = RwSignal::new(Some(flash.typed("configuration")).filter(|text| !text.is_empty()));
    // The version that what is typed began from.
    let began = RwSignal::new(flash.typed("version").parse().unwrap_or(current));
    let comment = saves.reason;
    if is_open {
        comment.set(flash.typed("comment"));
    }
    let drafted = Memo::new(move |_| pretty(&draft.now.read(), state.enabled.get()));
    let shown = move || typed.get().unwrap_or_else(|| drafted.get());
    let wrong = RwSignal::new(refused.map(|error| faults(&error)).unwrap_or_default());
    let write = move |event| {
        if typed.read_untracked().is_none() {
            began.set(draft.version.get_untracked());
        }
        typed.set(Some(event_target_value(&event)));
    };
    // What is typed, where it can be read and began from what is there.
    let read = move || {
        let text = typed.get_untracked().unwrap_or_else(|| drafted.get_untracked());
        let is_old =
            typed.read_untracked().is_some() && began.get_untracked() != draft.version.get_untracked();
        let message = match Edited::read(&text) {
            _ if is_old => OLD.to_owned(),
            Ok(read) => return Some(read),
            Err(message) => format!("{}.", message.trim_end_matches('.')),
        };
        wrong.set(vec![FieldError { path: String::new(), message }]);
        None
    };
    let take = move || {
        let Some((edited, enabled)) = read() else { return false };
        let note = FieldError { path: "enabled".to_owned(), message: SWITCHED.to_owned() };
        wrong.set((enabled != state.enabled.get_untracked()).then_some(note).into_iter().collect());
        draft.now.set(edited);
        typed.set(None);
        true
    };
    let forget = move |_| {
        typed.set(None);
        wrong.set(Vec::new());
    };
    let action = address(&saves.of, &format!("flags/{}", saves.key), None);
    let failed = saves.error;
    let is_protected = environment.protected;
    let review = review_of(&environment.key);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_protected {
            // What changes there is seen before it is saved.
            if take() {
                show(&review);
            }
            return;
        }
        let Some((edited, enabled)) = read() else { return };
        let why = Some(comment.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        wrong.set(Vec::new());
        draft.now.set(edited.clone());
        typed.set(None);
        comment.set(String::new());
        saves.send(edited, enabled, why);
    };
    let said = move || {
        let own = wrong.get();
        let all = match failed.get() {
            Some(UiError::Rejected(error @ Error::Invalid { .. })) if own.is_empty() => faults(&error),
            _ => own,
        };
        let faults = all.into_iter().map(|FieldError { path, message }| {
            let path = (!path.is_empty()).then(
                || view! { <code class="font-mono text-xs [overflow-wrap:anywhere]">{path}": "</code> },
            );
            view! { <li class="[overflow-wrap:anywhere]">{path} {plain(&message)}</li> }
        });
        faults.collect_view()
    };
    // Only with script is there a draft; the markup of both begins the same.
    let has_draft = RwSignal::new(false);
    Effect::new(move |_| has_draft.set(true));
    let is_refused = refusal.is_some();
    let over = (is_conflict && !is_refused).then(|| view! { <Over current there=drafted.get_untracked() /> });
    // The text itself is a property, which the server cannot write; so it is there as escaped markup, too.
    let written = escaped(&shown());
    let label = format!("Configuration of {} as JSON", environment.key);
    let buttons = (!is_refused).then(|| {
        view! {
            <Why id=format!("json-{}-comment", environment.key) is_needed=is_protected text=comment />
            <div class="flex flex-wrap gap-2">
                <button class="button">"Save the JSON"</button>
                <button
                    type="button"
                    class="button"
                    hidden=move || !has_draft.get()
                    disabled=move || typed.read().is_none()
                    on:click=move |_| {
                        take();
                    }
                >
                    "Take into the draft"
                </button>
                <button
                    type="button"
                    class="button"
                    hidden=move || !has_draft.get()
                    disabled=move || typed.read().is_none()
                    on:click=forget
                >
                    "Show the draft"
                </button>
            </div>
        }
    });
    view! {
        <details id=format!("json-{}", environment.key) class="min-w-0" open=is_open>
            <summary class="cursor-pointer text-sm font-semibold">"As JSON"</summary>
            <form method="post" action=action class="mt-2 grid min-w-0 gap-2" on:submit=submit>
                <input type="hidden" name="environment" value=environment.key.to_string() />
                <input type="hidden" name="version" value=move || began.get().to_string() />
                {notice.map(|text| view! { <p role="status" class="rounded-md border border-on px-3 py-2 text-sm">{text}</p> })}
                <p class="text-xs text-muted">"All of it, as the API takes it."</p>
                <textarea
                    name="configuration"
                    class="block w-full min-w-0 rounded-md border border-edge bg-surface px-3 py-2 font-mono text-xs"
                    rows="14"
                    spellcheck="false"
                    autocomplete="off"
                    aria-label=label
                    readonly=is_refused
                    autofocus=has_fault
                    prop:value=shown
                    on:input=write
                    inner_html=written
                ></textarea>
                <div role="alert"><ul class="grid gap-1 text-sm text-danger empty:hidden">{said}</ul></div>
                {over}
                {buttons}
            </form>
        </details>
    }
    .into_any()
}

const OLD: &str = "Somebody saved another version since you began. Show the draft, which tells what is there now, and \
                   make your change in it.";
const SWITCHED: &str = "whether it is on is no part of the draft: switch it above.";

/// What is there now, and the consent to write over it.
#[component]
fn Over(current: i64, there: String) -> impl IntoView {
    let written = escaped(&there);
    view! {
        <details class="min-w-0 text-sm">
            <summary class="cursor-pointer text-accent">{format!("What is there now: version {current}")}</summary>
            <textarea
                class="mt-1 block w-full min-w-0 rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs"
                rows="10"
                readonly=true
                aria-label="What is there now"
                prop:value=there
                inner_html=written
            ></textarea>
        </details>
        <label class="flex items-start gap-2 text-sm">
            <input type="checkbox" class="box mt-0.5" name="over" value=current.to_string() />
            <span>{format!("I have looked at version {current}: save mine in its place")}</span>
        </label>
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn pretty(edited: &Edited, enabled: bool) -> String {
    serde_json::to_string_pretty(&edited.document(enabled)).unwrap_or_default()
}

/// What the server says, place by place.
fn faults(error: &Error) -> Vec<FieldError> {
    match error {
        Error::Invalid { details } => details.clone(),
        error => vec![FieldError { path: String::new(), message: sentence(&error.to_string()) }],
    }
}
