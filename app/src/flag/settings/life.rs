//! Taking a flag out of service, and its end.

use domain::access::Action;
use domain::flags::{Dependent, FlagSummary, FlagView};
use domain::place::PlaceView;
use leptos::prelude::*;

use super::Forms;
use crate::flag::framed::said;
use crate::flag::{ARCHIVE, DELETE};
use crate::flash::Message;
use crate::place::{address, dot};
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;
use crate::ui::icon::Icon;
use crate::ui::time::{ago, exact};
use crate::ui::why::Why;

/// After how long without an evaluation nobody is likely to miss it.
const LATELY_MS: i64 = 7 * 24 * 60 * 60 * 1000;

#[component]
pub(super) fn Archive(
    place: PlaceView,
    summary: FlagSummary,
    dependents: Vec<Dependent>,
    forms: Forms,
) -> impl IntoView {
    let flash = said();
    let own = flash.of(ARCHIVE);
    let refusal = place.refusal_everywhere(Action::ArchiveFlag);
    let (is_archived, asks_why) = (summary.flag.archived_at.is_some(), forms.asks_why);
    // Where it was done, the header says so.
    let refused = flash.error.is_some().then(|| view! { <Message flash=flash form=ARCHIVE fields=&[] /> });
    let body = match is_archived {
        true => view! {
            <p class="mb-4 max-w-md">
                "It is served again as it was, in a new version: on where it was on."
            </p>
            <Guarded action=forms.action("restore") refusal>
                <Why id="archive-comment" is_needed=asks_why typed=own.typed("comment") />
                <button class="button justify-self-start">"Restore the flag"</button>
            </Guarded>
        }
        .into_any(),
        false => {
            let needed = needed(&place, &dependents);
            let is_needed = (!dependents.is_empty())
                .then(|| "Other flags need it: take it out of their prerequisites first.".to_owned());
            view! {
                <p class="mb-4 max-w-md">
                    "No environment serves it any more: applications get the default that stands in their code. What it does is kept, and can be restored."
                </p>
                {evaluated(&place, &summary)}
                {needed}
                <Guarded action=forms.action("archive") refusal=refusal.or(is_needed)>
                    <Why id="archive-comment" is_needed=asks_why typed=own.typed("comment") />
                    <button class="button button-danger justify-self-start">"Archive the flag"</button>
                </Guarded>
            }
            .into_any()
        }
    };
    let (title, about) = match is_archived {
        true => ("Restore", "For flags that are needed after all."),
        false => ("Archive", "For flags that have done their work."),
    };
    view! {
        <div id="archive" class="scroll-mt-20">
            <Section title about>{refused} {body}</Section>
        </div>
    }
    .into_any()
}

/// Where it was evaluated last: whoever asks for it still would notice.
fn evaluated(place: &PlaceView, summary: &FlagSummary) -> impl IntoView + use<> {
    let mut is_used = false;
    let lines: Vec<_> = place
        .environments
        .iter()
        .map(|at| {
            let environment = &at.environment;
            let last = summary.flag.environments.get(&environment.key).and_then(|it| it.last_evaluated_at);
            let is_late = last.is_some_and(|last| summary.now.0.saturating_sub(last.0) < LATELY_MS);
            is_used |= is_late;
            let told = match last {
                None => view! { <span class="text-muted">"no evaluation known"</span> }.into_any(),
                Some(last) => view! {
                    <span class=("font-medium", is_late)>
                        "evaluated " <time title=exact(last)>{ago(summary.now, last)}</time>
                    </span>
                }
                .into_any(),
            };
            view! {
                <li class="flex min-w-0 flex-wrap items-center gap-x-2">
                    <span class=format!("size-2 shrink-0 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
                    <span class="min-w-0 [overflow-wrap:anywhere]">{environment.key.to_string()}</span>
                    {told}
                </li>
            }
        })
        .collect();
    let warning = is_used.then(|| {
        view! {
            <p class="mb-2 flex items-start gap-2 font-medium">
                <span class="mt-0.5 text-rollout"><Icon of=icondata_lu::LuTriangleAlert /></span>
                "Applications still ask for it."
            </p>
        }
    });
    let border = if is_used { "border-rollout" } else { "border-line" };
    view! {
        <div class=format!("mb-4 max-w-md rounded-md border px-3 py-2 text-sm {border}")>
            {warning}
            <ul class="grid gap-1">{lines}</ul>
        </div>
    }
}

/// The flags that need it.
fn needed(place: &PlaceView, dependents: &[Dependent]) -> Option<impl IntoView + use<>> {
    if dependents.is_empty() {
        return None;
    }
    let flags = dependents.iter().map(|it| {
        let href = address(&place.of(), &format!("flags/{}", it.flag), None);
        let environments: Vec<_> = it.environments.iter().map(ToString::to_string).collect();
        view! {
            <li class="min-w-0 [overflow-wrap:anywhere]">
                <a class="link font-mono" href=href>{it.flag.to_string()}</a>
                " in "
                {environments.join(", ")}
            </li>
        }
    });
    Some(view! {
        <div class="mb-4 max-w-md rounded-md border border-rollout px-3 py-2 text-sm">
            <p class="font-medium">"It is a prerequisite of"</p>
            <ul class="mt-1 grid gap-1">{flags.collect_view()}</ul>
        </div>
    })
}

#[component]
pub(super) fn Delete(place: PlaceView, flag: FlagView, forms: Forms) -> impl IntoView {
    let own = said().of(DELETE);
    let refusal = place.refusal(Action::DeleteFlag).or_else(|| {
        let is_served = flag.archived_at.is_none();
        is_served.then(|| "Archive it first: then it can be seen whether somebody misses it.".to_owned())
    });
    let (key, comment) = (flag.key.to_string(), own.typed("comment"));
    // Before that there is nothing to fill in.
    let fields = flag.archived_at.is_some().then(|| {
        view! {
            <p class="[overflow-wrap:anywhere]">
                "Type " <code class="font-mono font-medium">{key}</code> " to delete it."
            </p>
            <Field flash=own name="confirm" label="Its key" autocomplete="off" />
            <Why id="delete-comment" is_needed=false typed=comment />
        }
    });
    view! {
        <div id="delete" class="scroll-mt-20">
            <Section title="Delete" about="For good. What it did stays in the audit log.">
                <Message flash=said() form=DELETE fields=&["confirm"] />
                <Guarded action=forms.action("delete") refusal>
                    {fields}
                    <button class="button button-danger justify-self-start">"Delete the flag"</button>
                </Guarded>
            </Section>
        </div>
    }
    .into_any()
}
