//! Switching a flag on where the environment is protected: somebody has to say why.

use domain::environments::EnvironmentView;
use leptos::ev::SubmitEvent;
use leptos::html::{Dialog, Textarea};
use leptos::prelude::*;

use super::switching::{self, Place, State};
use crate::place::dot;

/// What somebody is asked about: a flag that is switched on if they say why.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) place: Place,
    pub(crate) state: State,
    /// What the flag will serve, in words.
    pub(crate) serves: String,
    pub(crate) offer_undo: bool,
}

/// The dialog. It is the browser's own, which keeps the focus, closes by Escape, and returns the focus to the switch.
#[component]
pub(crate) fn Why(environments: Vec<EnvironmentView>, asked: RwSignal<Option<Question>>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let reason = NodeRef::<Textarea>::new();
    Effect::new(move |_| {
        let is_asked = asked.read().is_some();
        let (Some(dialog), Some(reason)) = (dialog.get_untracked(), reason.get_untracked()) else { return };
        if is_asked && !dialog.open() {
            reason.set_value("");
            reason.set_custom_validity("");
            let _ = dialog.show_modal();
        }
    });
    // Whatever closes it: the form, the button, Escape.
    let closed = move |_| asked.set(None);
    let cancel = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let typed = move |_| {
        if let Some(reason) = reason.get_untracked() {
            // What is empty says so by itself; blanks are no reason either.
            let is_blank = !reason.value().is_empty() && reason.value().trim().is_empty();
            reason.set_custom_validity(if is_blank { "Say why." } else { "" });
        }
    };
    let submit = move |_: SubmitEvent| {
        let (Some(question), Some(reason)) = (asked.get_untracked(), reason.get_untracked()) else { return };
        let Question { place, state, serves: _, offer_undo } = question;
        switching::run(place, state, Some(reason.value().trim().to_owned()), offer_undo);
    };
    // The one that the switch is in.
    let environment = Memo::new(move |_| {
        let key = asked.read().as_ref()?.place.environment.clone();
        environments.iter().find(|environment| environment.key == key).cloned()
    });
    let name = move || environment.get().map(|environment| environment.key.to_string());
    let dot = move || environment.get().map(|environment| dot(environment.color)).unwrap_or_default();
    let key = move || asked.read().as_ref().map(|question| question.place.key.to_string());
    let serves = move || asked.read().as_ref().map(|question| question.serves.clone());
    view! {
        <dialog
            node_ref=dialog
            aria-labelledby="why-title"
            aria-describedby="why-text"
            class="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-lg border border-line bg-surface p-5 text-left text-ink shadow-lg backdrop:bg-black/50"
            on:close=closed
        >
            <form method="dialog" on:submit=submit>
                <h2 id="why-title" class="text-lg font-semibold [overflow-wrap:anywhere]">
                    "Switch on " <span class="font-mono">{key}</span>
                </h2>
                <p class="mt-2 flex items-center gap-2 text-sm">
                    <span class=move || format!("size-2 shrink-0 rounded-full {}", dot()) aria-hidden="true"></span>
                    <span>"In " {name} " it will serve: " <span class="font-medium">{serves}</span></span>
                </p>
                <p id="why-text" class="mt-2 text-sm text-muted">
                    {name} " is protected: say why. The audit log keeps it."
                </p>
                <label class="mt-4 block text-sm font-medium" for="why-reason">"Why?"</label>
                <textarea
                    node_ref=reason
                    id="why-reason"
                    class="mt-1 block w-full rounded-md border border-edge bg-surface px-3 py-2"
                    rows="3"
                    maxlength="2000"
                    required=true
                    on:input=typed
                ></textarea>
                <div class="mt-4 flex justify-end gap-2">
                    <button type="button" class="button" on:click=cancel>"Cancel"</button>
                    <button type="submit" class="button button-primary">"Switch on"</button>
                </div>
            </form>
        </dialog>
    }
}

/// The same question without script: a field in the switch's form, of which browsers with script know nothing. As text,
/// because to those it is text: there must be no field that cannot be seen and has to be filled in.
#[component]
pub(crate) fn WithoutScript() -> impl IntoView {
    let field = "<label class=\"mr-2 inline-flex items-center gap-2 text-sm text-muted\">Why? \
                 <input class=\"input h-8 w-32\" name=\"comment\" maxlength=\"2000\" required></label>";
    view! { <noscript inner_html=field></noscript> }
}
