//! What somebody else saved while one is changing the same: taken over where nothing is changed, and said where something is.

use domain::EnvironmentKey;
use domain::flags::ConfigurationView;
use leptos::prelude::*;

use super::draft::{Draft, Edited};
use super::parts::part;
use super::review::changes;
use super::saving::Saves;
use crate::flag::latest::Latest;
use crate::flags::switching::State;
use crate::ui::diff::Diff;

/// Takes over what others save in an environment, once nothing there is changed and not saved.
pub(super) fn follow(latest: Latest, environment: EnvironmentKey, saves: Saves, is_changed: Memo<bool>) {
    Effect::new(move |_| {
        let Some(theirs) = latest.after(&environment, saves.state.version.get()) else { return };
        if !is_changed.get() && !saves.state.pending.get() && !saves.pending.get() {
            saves.arrive(&theirs);
        }
    });
}

/// Says that somebody else saved something, and what, while there are changes here. What is here stays.
#[component]
pub(super) fn Overtaken(
    latest: Latest,
    environment: EnvironmentKey,
    draft: Draft,
    state: State,
    is_changed: Memo<bool>,
    /// Whether what is here is being saved: then it is this that is heard of.
    #[prop(into)]
    is_saving: Signal<bool>,
) -> impl IntoView {
    let theirs = Memo::new(move |_| {
        let is_over = is_changed.get() && !is_saving.get();
        let theirs = is_over.then(|| latest.after(&environment, state.version.get())).flatten()?;
        Some((latest.by(&environment), theirs))
    });
    let said = move || theirs.get().map(|(by, theirs)| said(by, &theirs, draft, state));
    view! { <div aria-live="polite">{said}</div> }
}

fn said(by: String, theirs: &ConfigurationView, draft: Draft, state: State) -> AnyView {
    let differs = changes(&draft.saved.read_untracked(), &Edited::of(theirs));
    let is_switched = theirs.enabled != state.enabled.get_untracked();
    let switched = is_switched.then(|| {
        let word = if theirs.enabled { "on" } else { "off" };
        view! { <p class="mt-2 text-sm">"It is switched " {word} "."</p> }
    });
    let found =
        (!differs.is_empty()).then(|| view! { <div class="mt-2"><Diff changes=differs words=part /></div> });
    view! {
        <div class="border-b border-rollout bg-sunken px-4 py-3 text-sm">
            <details>
                <summary class="cursor-pointer [overflow-wrap:anywhere]">
                    <span class="font-medium">{by}</span>
                    " changed this a moment ago: see what changed"
                </summary>
                {switched} {found}
            </details>
            <p class="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
                "What you changed is still here, and is not saved."
                <button type="button" class="button h-7" on:click=move |_| draft.discard()>"Take theirs"</button>
            </p>
        </div>
    }
    .into_any()
}
