//! Where a flag was switched off by somebody: who, when and why, and how it is brought back.

use domain::access::Action;
use domain::flags::FlagSummary;
use domain::history::Kill;
use domain::place::{EnvironmentPlace, PlaceView};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::history::who;
use super::tabs::Tab;
use crate::place::{address, dot};
use crate::ui::guarded::Off;
use crate::ui::icon::Icon;
use crate::ui::time::{ago, exact};

/// One line for each environment; what is killed while somebody looks comes by itself, and goes when it is on again.
#[component]
pub(super) fn Killed(place: PlaceView, summary: Signal<FlagSummary>) -> impl IntoView {
    if summary.with_untracked(|it| it.flag.archived_at.is_some()) {
        return ().into_any();
    }
    let path = summary.with_untracked(|it| Tab::Targeting.path(&it.flag.key));
    let action = address(&place.of(), &format!("{path}/enable"), None);
    let kills = Memo::new(move |_| summary.read().kills.clone());
    let is_killed = Memo::new(move |_| !kills.read().is_empty());
    let lines = move |kill: Kill| {
        let at = place.environment(Some(&kill.environment))?;
        Some(line(&place, at, &kill, summary, action.clone()))
    };
    let lines = Callback::new(lines);
    let list = move || {
        is_killed.get().then(|| {
            view! {
                <ul aria-label="Switched off" class="mt-4 grid gap-2 rounded-lg border border-danger/60 px-3 py-2.5">
                    <For each=move || kills.get() key=|kill| (kill.environment.clone(), kill.at) children=move |kill| lines.run(kill) />
                </ul>
            }
        })
    };
    view! { <div aria-live="polite">{list}</div> }.into_any()
}

fn line(
    place: &PlaceView,
    at: &EnvironmentPlace,
    kill: &Kill,
    summary: Signal<FlagSummary>,
    action: String,
) -> AnyView {
    let location = use_location();
    let environment = at.environment.clone();
    let (now, key) = (summary.with_untracked(|flag| flag.now), environment.key.clone());
    let version = move || summary.read().flag.environments.get(&key).map(|here| here.version.to_string());
    let comment = kill.comment.clone().map(|comment| {
        view! { <span class="text-muted [overflow-wrap:anywhere]">" “" {comment} "”"</span> }
    });
    let back = match place.refusal_in(at, Action::EnableFlag) {
        Some(reason) => view! { <Off reason class="h-7">"Switch on again"</Off> }.into_any(),
        None => {
            let why = environment.protected.then(|| {
                let label = format!("Why is it switched on in {}?", environment.key);
                view! { <input class="input h-7 min-w-0 flex-1 sm:w-56" name="comment" maxlength="2000" required=true placeholder="Why?" aria-label=label /> }
            });
            view! {
                <form method="post" action=action class="flex min-w-0 flex-wrap items-center gap-2">
                    <input type="hidden" name="environment" value=environment.key.to_string() />
                    <input type="hidden" name="version" value=version />
                    <input type="hidden" name="next" value=move || location.pathname.get() />
                    {why}
                    <button class="button h-7">
                        "Switch on again"
                        <span class="sr-only">" in " {environment.key.to_string()}</span>
                    </button>
                </form>
            }
            .into_any()
        }
    };
    view! {
        <li class="flex min-w-0 flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <p class="flex min-w-0 items-start gap-2 text-sm">
                <span class="mt-0.5 text-danger"><Icon of=icondata_lu::LuPowerOff /></span>
                <span class="min-w-0">
                    <span class="font-medium">"Off in "</span>
                    <span class=format!("mr-1.5 ml-0.5 inline-block size-2 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
                    <span class="font-medium [overflow-wrap:anywhere]">{environment.key.to_string()}</span>
                    ": switched off by " {who(&kill.author)} " "
                    <time class="whitespace-nowrap" title=exact(kill.at)>{ago(now, kill.at)}</time>
                    {comment}
                </span>
            </p>
            {back}
        </li>
    }
    .into_any()
}
