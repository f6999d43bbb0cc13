//! Where a new flag begins to be served.

use domain::EnvironmentKey;
use domain::access::Action;
use domain::place::{EnvironmentPlace, PlaceView};
use leptos::prelude::*;

use super::said::{Entry, Hint, Said};
use crate::flash::Flash;
use crate::ui::why;

#[component]
pub(super) fn FirstRolloutFields(
    said: Said,
    flash: Flash,
    place: PlaceView,
    /// The environment that is looked at.
    asked: Option<EnvironmentKey>,
) -> impl IntoView {
    let typed = flash.typed("start");
    let start = if typed.is_empty() { "off".to_owned() } else { typed };
    let chosen = flash.typed("start_environment").parse().ok().or_else(|| usual(&place, asked));
    let options = place.environments.iter().map(|at| {
        let key = at.environment.key.clone();
        let is_refused = place.refusal_in(at, Action::EnableFlag).is_some();
        let text = match (at.environment.protected, is_refused) {
            (_, true) => format!("{key} (not with your role)"),
            (true, false) => format!("{key} (protected)"),
            (false, false) => key.to_string(),
        };
        // The stylesheet asks why where it is protected.
        let class = at.environment.protected.then_some("guarded");
        view! {
            <option value=key.to_string() class=class disabled=is_refused selected=Some(&key) == chosen.as_ref()>{text}</option>
        }
    });
    let options = options.collect_view();
    let choice = |value: &'static str, title: &'static str, about: &'static str| {
        view! {
            <label class="flex min-w-0 cursor-pointer items-start gap-2 rounded-md border border-line bg-surface px-3 py-2 has-checked:border-accent has-checked:bg-accent/8 has-focus-visible:outline-2 has-focus-visible:outline-accent">
                <input id=format!("new-flag-start-{value}") class="box mt-0.5" type="radio" name="start" value=value checked=start == value />
                <span class="min-w-0">
                    <span class="font-medium">{title}</span>
                    <span class="block text-sm text-muted">{about}</span>
                </span>
            </label>
        }
    };
    // Only what everybody is served can be a share of everybody.
    let share = "hidden group-has-[[name=kind][value=boolean]:checked]:block group-has-[[name=kind][value=percentage]:checked]:block";
    view! {
        <fieldset class="grid min-w-0 gap-3">
            <legend class="text-sm font-medium">"First rollout"</legend>
            <div class="mt-2 grid gap-2 sm:grid-cols-3">
                {choice("off", "Off everywhere", "Switch it on when the code is there.")}
                {choice("on", "On in one environment", "As its type says, such as in development.")}
                <div class="contents group-has-[.template:checked]:hidden">
                    <div class=share>
                        {choice("share", "A share in one", "A percentage of its users, to begin with.")}
                    </div>
                </div>
            </div>
            <div class="hidden min-w-0 gap-3 group-has-[[name=start]:not([value=off]):checked]:grid sm:grid-cols-2">
                <div class="min-w-0">
                    <label class="block text-sm font-medium" for="new-flag-start_environment">"Environment"</label>
                    <select
                        id="new-flag-start_environment"
                        name="start_environment"
                        class="input mt-1"
                        aria-invalid=move || said.wrong("start_environment").is_some().then_some("true")
                        aria-describedby="new-flag-start_environment-hint"
                    >
                        {options}
                    </select>
                    <Hint said name="start_environment" hint="The others stay off." id="new-flag-start_environment-hint".to_owned() />
                </div>
                <div class="hidden min-w-0 group-has-[[name=start][value=share]:checked]:block">
                    <Entry said flash=flash.clone() name="start_share" label="Percent there" value="10" hint="The same users each time." />
                </div>
                <div class="hidden min-w-0 group-has-[option.guarded:checked]:block sm:col-span-2">
                    <Entry said flash name="start_comment" label=why::NEEDED hint="The environment is protected." />
                </div>
            </div>
        </fieldset>
    }
    .into_any()
}

/// The environment that is meant unless another one is said: the one that is looked at, or the first, but none that is
/// protected where there are others.
fn usual(place: &PlaceView, asked: Option<EnvironmentKey>) -> Option<EnvironmentKey> {
    let may = |at: &&EnvironmentPlace| place.refusal_in(at, Action::EnableFlag).is_none();
    let free = |at: &&EnvironmentPlace| may(at) && !at.environment.protected;
    let looked_at = place.environments.iter().find(|at| Some(&at.environment.key) == asked.as_ref());
    let found = looked_at.filter(free);
    let found = found.or_else(|| place.environments.iter().find(free));
    found.or_else(|| place.environments.iter().find(may)).map(|at| at.environment.key.clone())
}
