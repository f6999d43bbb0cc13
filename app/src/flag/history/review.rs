//! One version that is looked at: what it did, what is different now, and the way back to it.

use domain::access::Action;
use domain::flags::FlagSummary;
use domain::history::{PastState, VersionReview};
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::address::Asked;
use super::words::{did, who};
use crate::flag::ROLL_BACK;
use crate::flag::framed::said;
use crate::flag::tabs::Tab;
use crate::flag::targeting::part;
use crate::flags::words::serves;
use crate::place::address;
use crate::ui::code::Code;
use crate::ui::diff::Diff;
use crate::ui::guarded::Reason;
use crate::ui::icon::Icon;
use crate::ui::query::changed;
use crate::ui::time::{ago, exact, grouped};
use crate::ui::why::Why;

/// How many versions are offered to compare with. The address takes any.
const MOST: usize = 500;

#[component]
pub(super) fn Review(
    place: PlaceView,
    summary: FlagSummary,
    asked: Asked,
    review: VersionReview,
) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let VersionReview { version, document, did: past, from, changes, more_changes } = review.clone();
    let number = version.version.unwrap_or_default();
    let close =
        move || changed(&location.pathname.read(), &query.read(), &[("version", None), ("against", None)]);
    let comment = version.comment.clone().map(|comment| {
        view! { <p class="mt-1 text-sm text-muted [overflow-wrap:anywhere]">"“" {comment} "”"</p> }
    });
    let served = match past {
        Some(PastState { enabled: false, off_variation, .. }) => {
            format!("Off: it serves {off_variation} to everyone.")
        }
        Some(PastState { served, .. }) => {
            format!("{}.", serves(true, summary.flag.value_type, &served))
        }
        None => "What it did cannot be read any more.".to_owned(),
    };
    let document = serde_json::to_string_pretty(&document).unwrap_or_default();
    let compared = match (asked.against, from) {
        (Some(against), _) => format!("What version {number} changed since version {against}"),
        (None, Some(from)) if from == number => "It is what is served now".to_owned(),
        (None, Some(from)) => format!("What going back would change (version {from} is there now)"),
        (None, None) => "The flag is not served here now, so there is nothing to compare with".to_owned(),
    };
    let more = (more_changes > 0).then(|| {
        view! { <p class="mt-2 text-sm text-muted">{format!("And {} more changes.", grouped(more_changes))}</p> }
    });
    let environment = asked.environment.to_string();
    let newest = summary.flag.environments.get(&asked.environment).map(|here| here.version);
    let others = view! { <Others asked=asked.clone() number newest /> };
    let back = (asked.against.is_none() && from.is_some_and(|from| from != number))
        .then(|| view! { <RollBack place summary=summary.clone() asked=asked.clone() review /> });
    view! {
        <section id="review" aria-labelledby="review-title" class="mt-4 scroll-mt-20 rounded-lg border border-accent bg-surface p-4">
            <div class="flex items-start justify-between gap-3">
                <div class="min-w-0">
                    <h3 id="review-title" class="font-semibold [overflow-wrap:anywhere]">{format!("Version {number} in {environment}")}</h3>
                    <p class="text-sm text-muted [overflow-wrap:anywhere]">
                        {who(&version.author)} " " {did(&version.action)} ", "
                        <time title=exact(version.at)>{ago(summary.now, version.at)}</time>
                    </p>
                    {comment}
                </div>
                <a
                    class="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken"
                    href=close
                    aria-label="Close"
                >
                    <Icon of=icondata_lu::LuX />
                </a>
            </div>
            <p class="mt-3 font-medium [overflow-wrap:anywhere]">{served}</p>
            <details class="mt-2">
                <summary class="cursor-pointer text-sm text-accent">"As JSON"</summary>
                <div class="mt-2">
                    <Code title="JSON" label=format!("Version {number} as JSON") text=document />
                </div>
            </details>
            <div class="mt-4 mb-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line pt-4">
                <h4 class="min-w-0 text-sm font-semibold">{compared}</h4>
                {others}
            </div>
            <Diff changes words=part />
            {more}
            {back}
        </section>
    }
    .into_any()
}

/// The versions that it can be compared with: what is there now, and the others.
#[component]
fn Others(
    asked: Asked,
    /// The version that is looked at.
    number: i64,
    /// The one that is there now.
    newest: Option<i64>,
) -> impl IntoView {
    let Asked { environment, against, .. } = asked;
    let last = newest.unwrap_or(number);
    let mut others: Vec<_> = (1..=last).rev().take(MOST).filter(|other| *other != number).collect();
    // One that is not offered was named by the address.
    others.extend(against.filter(|against| !others.contains(against)));
    let options = others.into_iter().map(|other| {
        let is_chosen = Some(other) == against;
        view! { <option value=other.to_string() selected=is_chosen>{format!("version {other}")}</option> }
    });
    let options = options.collect_view();
    view! {
        <form method="get" action="#review" class="flex flex-wrap items-center gap-x-1.5 gap-y-2 text-sm">
            <input type="hidden" name="env" value=environment.to_string() />
            <input type="hidden" name="version" value=number.to_string() />
            <label for="against">"Compare with"</label>
            <select id="against" name="against" class="h-8 min-w-0 rounded-md border border-edge bg-surface px-2">
                <option value="" selected=against.is_none()>"what is there now"</option>
                {options}
            </select>
            <button class="button">"Compare"</button>
        </form>
    }
    .into_any()
}

/// The way back. It is seen what it changes before.
#[component]
fn RollBack(place: PlaceView, summary: FlagSummary, asked: Asked, review: VersionReview) -> impl IntoView {
    let own = said().of(ROLL_BACK);
    let number = review.version.version.unwrap_or_default();
    let at = place.environment(Some(&asked.environment)).cloned();
    let is_protected = at.as_ref().is_some_and(|at| at.environment.protected);
    let refusal = match (summary.flag.archived_at, &at) {
        (Some(_), _) => Some("It is archived: restore it first.".to_owned()),
        (None, Some(at)) => place.refusal_in(at, Action::ConfigureFlag),
        (None, None) => None,
    };
    // What cannot be read cannot be served again.
    let refusal = refusal.or_else(|| {
        let nothing = review.changes.is_empty();
        nothing.then(|| "Going back to it would change nothing.".to_owned())
    });
    let refusal =
        if review.did.is_none() { Some("What it did cannot be read any more.".to_owned()) } else { refusal };
    let is_refused = refusal.is_some();
    let action = address(&place.of(), &format!("{}/rollback", Tab::Targeting.path(&summary.flag.key)), None);
    view! {
        <div class="mt-4 border-t border-line pt-4">
            <Reason refusal />
            <form method="post" action=action>
                <fieldset disabled=is_refused class="flex min-w-0 flex-wrap items-end gap-2">
                    <input type="hidden" name="environment" value=asked.environment.to_string() />
                    <input type="hidden" name="to" value=number.to_string() />
                    <input type="hidden" name="version" value=review.from.map(|from| from.to_string()) />
                    <div class="min-w-0 flex-1 basis-60">
                        <Why id="roll-back-comment" is_needed=is_protected typed=own.typed("comment") />
                    </div>
                    <button class="button button-primary h-9">
                        <Icon of=icondata_lu::LuRotateCcw />
                        {format!("Roll back to version {number}")}
                    </button>
                </fieldset>
            </form>
        </div>
    }
}
