//! The kill switch: off at once, where somebody chooses. A popover, which opens without script.

use domain::access::Action;
use domain::flags::FlagSummary;
use domain::place::{EnvironmentPlace, PlaceView};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::tabs::Tab;
use crate::place::{address, dot};
use crate::ui::guarded::Off;
use crate::ui::icon::Icon;
use crate::ui::why::Why;

/// The popover's id.
const ID: &str = "kill-switch";

const BUTTON: &str = "button border-transparent bg-danger text-surface hover:bg-danger hover:opacity-90";

/// The button, and what it asks. Where somebody may not, it says so.
#[component]
pub(super) fn KillSwitch(place: PlaceView, summary: FlagSummary) -> impl IntoView {
    match refusal(&place, &summary) {
        Some(reason) => view! { <Off reason><Icon of=icondata_lu::LuPower />"Kill switch"</Off> }.into_any(),
        None => view! {
            <button type="button" class=BUTTON popovertarget=ID>
                <Icon of=icondata_lu::LuPower />
                "Kill switch"
            </button>
            <Question place summary />
        }
        .into_any(),
    }
}

/// Why the button does nothing; none where it does something.
fn refusal(place: &PlaceView, summary: &FlagSummary) -> Option<String> {
    if summary.flag.archived_at.is_some() {
        return Some("It is archived: no environment serves it.".to_owned());
    }
    // What is off may have been switched on since the page was loaded: it can be switched off all the same.
    let refusals = place.environments.iter().map(|at| place.refusal_in(at, Action::KillFlag));
    let refusals: Vec<_> = refusals.collect();
    refusals.iter().all(Option::is_some).then(|| refusals.into_iter().flatten().next()).flatten()
}

/// Whether it may serve anything but its off variation there. Where that cannot be read, it can be switched off all the same.
fn is_on(summary: &FlagSummary, at: &EnvironmentPlace) -> bool {
    summary.flag.environments.get(&at.environment.key).is_some_and(|it| it.enabled)
}

#[component]
fn Question(place: PlaceView, summary: FlagSummary) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    // Read once: what is chosen must not change while somebody looks at it.
    let named = query.with_untracked(|query| query.get_str("env").map(str::to_owned));
    let may = |at: &&EnvironmentPlace| place.refusal_in(at, Action::KillFlag).is_none();
    let on: Vec<_> = place.environments.iter().filter(|at| is_on(&summary, at)).filter(may).collect();
    let first = on.iter().find(|at| named.as_deref() == Some(at.environment.key.as_str()));
    // Whoever is called at night is called about what is protected.
    let first = first.or_else(|| on.iter().find(|at| at.environment.protected)).or(on.last());
    let first = first.map(|at| at.environment.key.clone());
    let choices = place.environments.iter().map(|at| {
        let refusal = place.refusal_in(at, Action::KillFlag);
        let will = if is_on(&summary, at) { "will serve " } else { "off already: serves " };
        let off = summary.environments.iter().find(|it| it.environment == at.environment.key);
        let off = off.and_then(|it| it.off_variation.clone());
        let served = match (&refusal, off) {
            (Some(reason), _) => view! { <span class="text-muted">{reason.clone()}</span> }.into_any(),
            (None, Some(off)) => view! {
                {will} <code class="font-mono font-medium [overflow-wrap:anywhere]">{off}</code> " to everyone"
            }
            .into_any(),
            (None, None) => view! { {will} "its off variation to everyone" }.into_any(),
        };
        let (key, color) = (at.environment.key.to_string(), dot(at.environment.color));
        let is_chosen = first.as_ref() == Some(&at.environment.key);
        view! {
            <label class="flex min-w-0 cursor-pointer items-start gap-2.5 rounded-md border border-line px-3 py-2 has-checked:border-danger has-disabled:cursor-not-allowed has-disabled:bg-sunken">
                <input
                    type="checkbox"
                    name="environment"
                    value=key.clone()
                    class="box mt-0.5 [--tick:var(--danger)]"
                    checked=is_chosen
                    disabled=refusal.is_some()
                />
                <span class=format!("mt-1.5 size-2 shrink-0 rounded-full {color}") aria-hidden="true"></span>
                <span class="min-w-0">
                    <span class="block font-medium [overflow-wrap:anywhere]">{key.clone()}</span>
                    <span class="block text-sm">{served}</span>
                </span>
            </label>
        }
    });
    let choices = choices.collect_view();
    let action = address(&place.of(), &format!("{}/kill", Tab::Targeting.path(&summary.flag.key)), None);
    let next = move || format!("{}{}", location.pathname.read(), query.read().to_query_string());
    view! {
        <div
            id=ID
            popover="auto"
            role="dialog"
            aria-labelledby="kill-title"
            class="m-auto max-h-[90dvh] w-[min(30rem,calc(100vw-2rem))] overflow-y-auto rounded-xl border border-line bg-surface p-5 text-left text-ink shadow-lg backdrop:bg-black/50"
        >
            <form method="post" action=action class="grid min-w-0 gap-4">
                <div>
                    <h2 id="kill-title" class="text-lg font-semibold [overflow-wrap:anywhere]">
                        "Switch off " <span class="font-mono">{summary.flag.key.to_string()}</span>
                    </h2>
                    <p class="mt-1 text-sm text-muted">
                        "At once, for everyone. Rules and shares stay as they are for when it is switched on again."
                    </p>
                </div>
                <input type="hidden" name="next" value=next />
                <fieldset class="grid min-w-0 gap-2">
                    <legend class="mb-2 text-sm font-medium">"Where"</legend>
                    {choices}
                </fieldset>
                <Why id="kill-comment" is_needed=false />
                <div class="flex flex-wrap justify-end gap-2">
                    <button type="button" class="button" popovertarget=ID popovertargetaction="hide">"Cancel"</button>
                    <button class=BUTTON autofocus=true>"Switch off now"</button>
                </div>
            </form>
        </div>
    }
}
