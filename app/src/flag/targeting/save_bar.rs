//! What can be done about changes that are not saved.

use domain::EnvironmentKey;
use domain::ruleset::{FULL_WEIGHT, Serve};
use leptos::prelude::*;

use super::condition_parts::is_finished;
use super::conflict::Conflict;
use super::draft::Draft;
use super::parts::part;
use super::review::changes;
use super::saving::Saves;
use crate::place::dot;
use crate::ui::by_id;
use crate::ui::dialog::Dialog;
use crate::ui::diff::Diff;
use crate::ui::why::Why;

#[component]
pub(super) fn SaveBar(saves: Saves, is_changed: Memo<bool>) -> impl IntoView {
    let Saves { draft, pending, reason, error, environment, conflict: met, .. } = saves.clone();
    let found = Memo::new(move |_| changes(&draft.saved.read(), &draft.now.read()));
    let unfinished = move || unfinished(draft);
    let (id, is_protected) = (review_of(&environment.key), environment.protected);
    let (asked, asking) = (id.clone(), id.clone());
    let ask = Callback::new(move |()| show(&asked));
    let direct = saves.clone();
    let conflict = saves.clone();
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let comment = Some(reason.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        if !is_protected || comment.is_some() {
            saves.run(comment);
        }
    };
    let closed = id.clone();
    let close = Callback::new(move |()| {
        if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(&closed) {
            dialog.close();
        }
    });
    // What was refused is still asked about, and the reason is typed once.
    Effect::new(move |was_pending: Option<bool>| {
        let is_pending = pending.get();
        if was_pending == Some(true) && !is_pending && error.read_untracked().is_none() {
            close.run(());
            if met.read_untracked().is_none() {
                reason.set(String::new());
            }
        }
        is_pending
    });
    let wrong = move || {
        error.get().map(|error| {
            view! { <p role="alert" class="text-sm text-danger [overflow-wrap:anywhere]">{error.to_string()}</p> }
        })
    };
    let words = move || match found.read().len() {
        1 => "1 change is not saved".to_owned(),
        count => format!("{count} changes are not saved"),
    };
    let cannot_save = move || pending.get() || unfinished().is_some();
    view! {
        <div
            class="sticky bottom-0 grid gap-2 border-t border-line bg-surface px-4 py-3"
            hidden=move || !is_changed.get()
        >
            <p class="flex items-center gap-2 text-sm font-medium">
                <span class="size-2 rounded-full bg-rollout" aria-hidden="true"></span>
                {words}
            </p>
            {wrong}
            <p class="text-sm text-danger empty:hidden">{unfinished}</p>
            <div class="flex flex-wrap gap-2">
                <button type="button" class="button" disabled=move || pending.get() on:click=move |_| draft.discard()>"Discard"</button>
                <button type="button" class="button" on:click=move |_| ask.run(())>"Review"</button>
                {(!is_protected).then(move || view! {
                    <button
                        type="button"
                        class="button button-primary"
                        disabled=cannot_save
                        on:click=move |_| direct.run(None)
                    >
                        {move || if pending.get() { "Saving…" } else { "Save" }}
                    </button>
                })}
            </div>
        </div>
        <Dialog id title=format!("What changes in {}", environment.key) dot=dot(environment.color)>
            <div class="mt-3 max-h-[50dvh] overflow-y-auto" tabindex="0" role="group" aria-label="Changes">{move || view! { <Diff changes=found.get() words=part /> }}</div>
            <form class="mt-3 grid gap-2" on:submit=confirm>
                <Why id=format!("{asking}-comment") is_needed=is_protected text=reason />
                {wrong}
                <p class="text-sm text-danger empty:hidden">{unfinished}</p>
                <div class="flex flex-wrap justify-end gap-2">
                    <button type="button" class="button" on:click=move |_| close.run(())>"Cancel"</button>
                    <button class="button button-primary" disabled=cannot_save>{format!("Save in {}", environment.key)}</button>
                </div>
            </form>
        </Dialog>
        <Conflict saves=conflict review=ask />
    }
}

/// The id of the dialog that shows what is about to be saved.
pub(super) fn review_of(environment: &EnvironmentKey) -> String {
    format!("review-{environment}")
}

/// Opens a dialog.
pub(super) fn show(id: &str) {
    if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(id).filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// Why it cannot be saved yet; none where it can.
fn unfinished(draft: Draft) -> Option<String> {
    let edited = draft.now.read();
    let is_whole = |serve: &Serve| match serve {
        Serve::Variation(_) => true,
        Serve::Rollout(rollout) => {
            rollout.weights.iter().map(|weight| weight.weight).fold(0, u32::saturating_add) == FULL_WEIGHT
        }
    };
    let serves = edited.rules.iter().map(|rule| &rule.serve).chain([&edited.fallthrough]);
    if !serves.into_iter().all(is_whole) {
        return Some("Shares have to add up to 100 %.".to_owned());
    }
    let conditions = edited.rules.iter().map(|rule| &rule.when);
    if let Some(place) = conditions.map(is_finished).position(|is_finished| !is_finished) {
        return Some(format!("Rule {} needs an attribute and a value in each condition.", place + 1));
    }
    let names_nothing = |pair: &(String, Vec<String>)| pair.0.is_empty() || pair.1.is_empty();
    if edited.overrides.iter().any(|it| it.pairs.is_empty() || it.pairs.iter().any(names_nothing)) {
        return Some("An override needs attributes with values.".to_owned());
    }
    None
}
