//! Saving who is inside: what changes is read first, and nothing of somebody else's is lost.

use domain::environments::EnvironmentView;
use domain::orgs::ProjectRef;
use domain::segments::AudienceView;
use domain::{EnvironmentKey, Error, SegmentKey};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::{load_segment, save_audience};
use super::draft::{Draft, Edited};
use crate::error::UiError;
use crate::flag::targeting::is_finished;
use crate::place::dot;
use crate::ui::by_id;
use crate::ui::dialog::Dialog;
use crate::ui::diff::Diff;
use crate::ui::toast::toasts;
use crate::ui::why::Why;

const REVIEW: &str = "review-audience";

/// Saving what somebody has changed.
#[derive(Clone)]
pub(super) struct Saves {
    pub(super) of: ProjectRef,
    pub(super) key: SegmentKey,
    pub(super) environment: EnvironmentView,
    pub(super) draft: Draft,
    pub(super) pending: RwSignal<bool>,
    pub(super) error: RwSignal<Option<UiError>>,
    /// What somebody else has saved meanwhile.
    pub(super) theirs: RwSignal<Option<AudienceView>>,
    /// Counts what was saved.
    pub(super) done: RwSignal<u32>,
}

impl Saves {
    /// Makes the draft say what is so in another environment. It is read and saved like any other change.
    pub(super) fn copy_from(&self, from: EnvironmentKey) {
        let Self { of, key, draft, .. } = self.clone();
        let toasts = toasts();
        spawn_local(async move {
            let name = from.clone();
            match load_segment(of.organization, of.project, key, Some(from)).await {
                Ok(other) if other.audience.is_complete && draft.is_whole() => {
                    draft.now.try_set(Edited::of(&other.audience));
                    toasts.done(format!("It says what is in {name}. It is not saved yet."), None);
                }
                Ok(_) => toasts.failed("a list is too long to be copied. Upload it as a file.".to_owned()),
                Err(refused) => toasts.refused(&refused),
            }
        });
    }

    fn run(&self, comment: Option<String>) {
        let Self { of, key, environment, draft, pending, error, theirs, done } = self.clone();
        let version = draft.version.get_untracked();
        let sent = draft.now.get_untracked();
        let command = sent.command(&draft.saved.read_untracked(), version, comment);
        let Ok(change) = serde_json::to_string(&command) else { return };
        pending.set(true);
        error.set(None);
        theirs.set(None);
        let toasts = toasts();
        spawn_local(async move {
            let ProjectRef { organization, project } = of;
            let text = format!("{key} is saved in {}", environment.key);
            let saved = save_audience(
                organization.clone(),
                project.clone(),
                key.clone(),
                environment.key.clone(),
                change,
            );
            match saved.await {
                Ok(view) => {
                    draft.keep(&sent, &view);
                    done.try_update(|done| *done = done.wrapping_add(1));
                    toasts.done(text, None);
                }
                Err(UiError::Rejected(Error::Conflict { current: Some(_), .. })) => {
                    match load_segment(organization, project, key, Some(environment.key)).await {
                        Ok(newest) => drop(theirs.try_set(Some(newest.audience))),
                        Err(refused) => drop(error.try_set(Some(refused))),
                    }
                }
                Err(refused) => {
                    toasts.refused(&refused);
                    error.try_set(Some(refused));
                }
            }
            pending.try_set(false);
        });
    }
}

/// What can be done about changes that are not saved.
#[component]
pub(super) fn SaveBar(saves: Saves, is_changed: Memo<bool>) -> impl IntoView {
    let Saves { draft, pending, error, theirs, environment, .. } = saves.clone();
    let found = Memo::new(move |_| draft.now.read().changes(&draft.saved.read()));
    let is_protected = environment.protected;
    let reason = RwSignal::new(String::new());
    let ask = move |_| {
        if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(REVIEW).filter(|dialog| !dialog.open()) {
            let _ = dialog.show_modal();
        }
    };
    let direct = saves.clone();
    let confirm = move |event: SubmitEvent| {
        event.prevent_default();
        let comment = Some(reason.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        if is_protected && comment.is_none() {
            return;
        }
        if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(REVIEW) {
            dialog.close();
        }
        reason.set(String::new());
        saves.run(comment);
    };
    let wrong = move || {
        let error = error.get()?.to_string();
        Some(view! { <p role="alert" class="text-sm text-danger [overflow-wrap:anywhere]">{error}</p> })
    };
    let discard = move |_| {
        draft.discard();
        error.set(None);
        theirs.set(None);
    };
    let unfinished = Memo::new(move |_| unfinished(&draft.now.read()));
    let words = move || match found.read().len() {
        1 => "1 change is not saved".to_owned(),
        count => format!("{count} changes are not saved"),
    };
    let cannot_save = move || {
        pending.get() || unfinished.read().is_some() || theirs.read().is_some() || found.read().is_empty()
    };
    let sentence = move |label: &'static str, of: RwSignal<Edited>| {
        view! {
            <p class="text-sm [overflow-wrap:anywhere]">
                <span class="text-muted">{label} ": "</span>
                {move || draft.said(&of.read())}
            </p>
        }
    };
    view! {
        <div class="sticky bottom-0 grid gap-2 rounded-b-xl border-t border-line bg-surface px-4 py-3" hidden=move || !is_changed.get()>
            <p class="flex items-center gap-2 text-sm font-medium">
                <span class="size-2 rounded-full bg-rollout" aria-hidden="true"></span>
                {words}
            </p>
            {move || theirs.get().map(|newest| view! { <Conflict draft newest theirs /> })}
            {wrong}
            <p class="text-sm text-danger empty:hidden">{move || unfinished.get()}</p>
            <div class="flex flex-wrap gap-2">
                <button type="button" class="button" disabled=move || pending.get() on:click=discard>"Discard"</button>
                <button type="button" class="button" on:click=ask>"Review"</button>
                {(!is_protected).then(move || view! {
                    <button type="button" class="button button-primary" disabled=cannot_save on:click=move |_| direct.run(None)>
                        {move || if pending.get() { "Saving…" } else { "Save" }}
                    </button>
                })}
            </div>
        </div>
        <Dialog id=REVIEW title=format!("What changes in {}", environment.key) dot=dot(environment.color)>
            <div class="mt-3 grid max-h-[50dvh] gap-2 overflow-y-auto">
                {sentence("Before", draft.saved)} {sentence("Afterwards", draft.now)}
                {move || view! { <Diff changes=found.get() /> }}
            </div>
            <form class="mt-3 grid gap-2" on:submit=confirm>
                <Why id="audience-comment" is_needed=is_protected text=reason />
                <div class="flex justify-end">
                    <button class="button button-primary" disabled=cannot_save>"Save"</button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Somebody else was faster: what they did, and what becomes of the changes here.
#[component]
fn Conflict(draft: Draft, newest: AudienceView, theirs: RwSignal<Option<AudienceView>>) -> impl IntoView {
    let changes = Edited::of(&newest).changes(&draft.saved.read_untracked());
    let version = newest.version;
    // Changes of a list are made to all of it or not at all.
    let can_merge = newest.is_complete;
    let newest = StoredValue::new(newest);
    let load = move |_| {
        newest.with_value(|newest| draft.settle(newest));
        theirs.set(None);
    };
    let rebase = move |_| {
        newest.with_value(|newest| draft.rebase(newest));
        theirs.set(None);
    };
    view! {
        <div role="alert" class="grid gap-2 rounded-md border border-rollout px-3 py-2">
            <p class="text-sm font-medium">
                {format!("Somebody else has saved version {version} meanwhile. Nothing of yours is saved yet.")}
            </p>
            <p class="text-xs text-muted">"What they changed:"</p>
            <div class="max-h-[40dvh] overflow-y-auto"><Diff changes /></div>
            <div class="flex flex-wrap gap-2">
                <button type="button" class="button" on:click=load>"Load the newest, without my changes"</button>
                {can_merge.then(|| view! {
                    <button type="button" class="button" on:click=rebase>"Put my changes on top"</button>
                })}
            </div>
        </div>
    }
}

/// Why it cannot be saved yet; none where it can.
fn unfinished(edited: &Edited) -> Option<&'static str> {
    let is_finished = edited.when.as_ref().is_none_or(is_finished);
    (!is_finished).then_some("A condition lacks its attribute or its values.")
}
