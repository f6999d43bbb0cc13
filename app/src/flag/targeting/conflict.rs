//! Two people changed the same: what each of them did, and what is to become of it.

use std::collections::BTreeSet;

use domain::diff;
use leptos::prelude::*;

use super::api::{Meanwhile, Step};
use super::draft::Edited;
use super::merge::{Merged, merge};
use super::parts::part;
use super::save_bar::show;
use super::saving::Saves;
use crate::place::dot;
use crate::ui::by_id;
use crate::ui::dialog::Dialog;
use crate::ui::diff::Diff;
use crate::ui::later::{Later, later};
use crate::ui::time::{ago, exact};
use crate::ui::toast::toasts;

/// The dialog. It opens where a save has met another one; closed without a choice, the draft stays as it is.
#[component]
pub(super) fn Conflict(
    saves: Saves,
    /// Shows what is about to be saved.
    review: Callback<()>,
) -> impl IntoView {
    let (conflict, environment) = (saves.conflict, saves.environment.key.clone());
    let color = dot(saves.environment.color);
    let id = format!("conflict-{environment}");
    let opened = id.clone();
    Effect::new(move |_| {
        if conflict.read().is_some() {
            show(&opened);
        }
    });
    let closed = id.clone();
    let close = Callback::new(move |()| {
        if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(&closed) {
            dialog.close();
        }
        conflict.set(None);
    });
    let shown = move || {
        conflict.get().map(|meanwhile| {
            let saves = saves.clone();
            view! { <Later fetch=move || both(saves.clone(), meanwhile.clone(), review, close) /> }
        })
    };
    view! {
        <Dialog id title=format!("Somebody else changed it in {environment}") dot=color>{shown}</Dialog>
    }
}

later! { conflict_in_columns_in_targeting:
    fn both(saves: Saves, meanwhile: Meanwhile, review: Callback<()>, close: Callback<()>) {
        view! { <Both saves meanwhile review close /> }.into_any()
    }
}

#[component]
fn Both(saves: Saves, meanwhile: Meanwhile, review: Callback<()>, close: Callback<()>) -> impl IntoView {
    let Meanwhile { now, configuration, steps } = meanwhile;
    let draft = saves.draft;
    let base = draft.saved.get_untracked().document(false);
    let mine = draft.now.get_untracked().document(false);
    let theirs = Edited::of(&configuration).document(false);
    let (by_them, by_me) = (diff(&base, &theirs), diff(&base, &mine));
    let chosen = RwSignal::new(BTreeSet::<String>::new());
    let Merged { both, .. } = merge(&base, &mine, &theirs, &chosen.read_untracked());
    let switched = (configuration.enabled != saves.state.enabled.get_untracked())
        .then(|| format!("It was switched {}, too.", if configuration.enabled { "on" } else { "off" }));
    let steps = steps.into_iter().map(|step| view! { <Made step now /> }).collect_view();
    let (kept, keeping) = (saves.clone(), configuration.clone());
    let keep = move |_| {
        kept.take(&keeping);
        draft.settle(&keeping);
        close.run(());
    };
    let toasts = toasts();
    let put = move |_| {
        let Merged { document, .. } = merge(&base, &mine, &theirs, &chosen.read_untracked());
        match Edited::read(&document.to_string()) {
            Ok((edited, _)) => {
                saves.take(&configuration);
                draft.rebase(&configuration, edited);
                close.run(());
                review.run(());
            }
            Err(message) => toasts.failed(message),
        }
    };
    let heading = "mt-4 mb-1 text-sm font-semibold";
    view! {
        <div class="max-h-[65dvh] overflow-y-auto" tabindex="0" role="group" aria-label="Both versions">
            <p class="mt-2 text-sm text-muted">
                "Your changes began from an older version. Nothing is lost, and nothing is saved yet."
            </p>
            <h3 class=heading>"What they changed"</h3>
            <ul class="mb-2 grid gap-1 text-sm">{steps}</ul>
            <Diff changes=by_them words=part />
            <p class="mt-1 text-sm empty:hidden">{switched}</p>
            <h3 class=heading>"What you changed"</h3>
            <Diff changes=by_me words=part />
            <Clashes both chosen />
        </div>
        <div class="mt-4 flex flex-wrap justify-end gap-2">
            <button type="button" class="button" on:click=keep>"Keep theirs"</button>
            <button type="button" class="button button-primary" on:click=put>"Put mine on top"</button>
        </div>
    }
}

/// A version that somebody made.
#[component]
fn Made(step: Step, now: domain::Millis) -> impl IntoView {
    let Step { at, who, action, comment } = step;
    let did = match action.as_str() {
        "flag.configured" => "saved it",
        "flag.rolled_back" => "rolled it back",
        "flag.enabled" => "switched it on",
        "flag.killed" => "switched it off",
        "flag.promoted" | "flag.targeting_promoted" | "flag.state_promoted" => "promoted it here",
        _ => "changed it",
    };
    let comment = comment
        .map(|comment| view! { <span class="text-muted [overflow-wrap:anywhere]">" “" {comment} "”"</span> });
    view! {
        <li>
            <span class="font-medium">{who.unwrap_or_else(|| "Somebody".to_owned())}</span>
            {format!(" {did} ")}
            <time title=exact(at)>{ago(now, at)}</time>
            {comment}
        </li>
    }
}

/// What both changed, and whose is to stay.
#[component]
fn Clashes(both: Vec<(String, String)>, chosen: RwSignal<BTreeSet<String>>) -> impl IntoView {
    if both.is_empty() {
        return view! {
            <p class="mt-4 text-sm">"You changed different parts: with yours on top, theirs stay too."</p>
        }
        .into_any();
    }
    let rows = both.into_iter().map(|(path, words)| {
        let choose = move |event| {
            let is_mine = event_target_checked(&event);
            chosen.update(|chosen| match is_mine {
                true => drop(chosen.insert(path.clone())),
                false => drop(chosen.remove(&path)),
            });
        };
        view! {
            <li>
                <label class="flex cursor-pointer items-start gap-2">
                    <input type="checkbox" class="box mt-0.5" on:change=choose />
                    <span class="min-w-0 [overflow-wrap:anywhere]">{words} ": use mine"</span>
                </label>
            </li>
        }
    });
    view! {
        <fieldset class="mt-4 rounded-md border border-rollout px-3 py-2 text-sm">
            <legend class="px-1 font-semibold">"Both of you changed this"</legend>
            <p class="mb-1 text-muted">"Theirs stays where you do not choose yours."</p>
            <ul class="grid gap-1">{rows.collect_view()}</ul>
        </fieldset>
    }
    .into_any()
}
