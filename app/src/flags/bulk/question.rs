//! What is asked before something is done to all flags that are chosen: popovers, which open without script.

use domain::environments::EnvironmentView;
use leptos::prelude::*;

use super::super::row::Around;
use super::super::words;
use super::{OFF, ON};
use crate::place::dot;
use crate::ui::icon::Icon;
use crate::ui::time::grouped;
use crate::ui::why::label;

/// What is asked before flags are switched where the environment is protected.
pub(super) fn switching(
    around: &Around,
    here: &EnvironmentView,
    chosen: RwSignal<Vec<String>>,
    enabled: bool,
) -> AnyView {
    let (id, action, label, class) = match enabled {
        true => (ON, "enable", "Switch on", "button-primary"),
        false => (OFF, "disable", "Switch off", "button-danger"),
    };
    // Without script nobody counts them, and there is no list.
    let said = move || match (enabled, chosen.read().len()) {
        (true, 0) => " they will serve what they are set to.",
        (true, 1) => " it will serve:",
        (true, _) => " they will serve:",
        (false, 0) => " they will be off for everyone.",
        (false, 1) => " it will be off for everyone. Now it serves:",
        (false, _) => " they will be off for everyone. Now they serve:",
    };
    let title = Signal::derive(move || format!("{label} {}", many(chosen)));
    let (environment, list) = (named(here), listed(around, chosen, Some(enabled)));
    view! {
        <Question id=id title=title>
            <p class="text-sm">"In " {environment} {said}</p>
            {list}
            {reason(action, enabled)}
            <div class="flex flex-wrap justify-end gap-2">
                {cancel(id)}
                <button class=format!("button {class}") name="action" value=action>{label}</button>
            </div>
        </Question>
    }
    .into_any()
}

/// How many flags are chosen, as the end of a title.
pub(super) fn many(chosen: RwSignal<Vec<String>>) -> String {
    match chosen.read().len() {
        0 => "the chosen flags".to_owned(),
        1 => "1 flag".to_owned(),
        count => format!("{} flags", grouped(count as u64)),
    }
}

/// Which flags are chosen and, where they are switched, what each will serve when it is on, or serves before it is off.
pub(super) fn listed(around: &Around, chosen: RwSignal<Vec<String>>, switched: Option<bool>) -> AnyView {
    let (rows, environment) = (around.rows, around.environment.clone());
    let served = move |key: &str| {
        let enabled = switched?;
        let rows = rows.read();
        let flag = rows.iter().find(|flag| flag.key.as_str() == key)?;
        let here = flag.environments.get(&environment)?;
        Some(match &here.served {
            Some(served) => words::serves(enabled || here.enabled, flag.value_type, served),
            None => "Its configuration cannot be read".to_owned(),
        })
    };
    let list = move || {
        let keys = chosen.get();
        let lines = keys.iter().map(|key| {
            let served = served(key).map(|words| view! { <span class="text-muted">{words}</span> });
            view! {
                <li class="flex min-w-0 flex-wrap items-baseline justify-between gap-x-4">
                    <span class="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{key.clone()}</span>
                    {served}
                </li>
            }
        });
        // It can be scrolled by the keyboard, too.
        (!keys.is_empty()).then(|| {
            view! {
                <ul
                    tabindex="0"
                    aria-label="Flags"
                    class="relative grid max-h-44 gap-1 overflow-y-auto rounded-md border border-line bg-sunken px-3 py-2 text-sm"
                >
                    {lines.collect_view()}
                </ul>
            }
        })
    };
    list.into_any()
}

/// An environment by its colour and its key.
pub(super) fn named(environment: &EnvironmentView) -> AnyView {
    let lock = environment.protected.then(|| {
        view! { <Icon of=icondata_lu::LuLock /><span class="sr-only">"protected"</span> }
    });
    view! {
        <span class="relative inline-flex max-w-full items-center gap-1.5 align-bottom font-medium">
            <span class=format!("size-2 shrink-0 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
            <span class="min-w-0 [overflow-wrap:anywhere]">{environment.key.to_string()}</span>
            {lock}
        </span>
    }
    .into_any()
}

/// Why something is done. Each question has a field of its own: a form without script sends all of them.
pub(super) fn reason(action: &'static str, is_needed: bool) -> AnyView {
    view! {
        <label class="grid min-w-0 gap-1 text-sm font-medium">
            {label(is_needed)}
            <textarea
                name=format!("reasons[{action}]")
                class="block w-full rounded-md border border-edge bg-surface px-3 py-2 font-normal"
                rows="2"
                maxlength="2000"
                required=is_needed
                autofocus=is_needed
            ></textarea>
        </label>
    }
    .into_any()
}

/// A part of the form that is asked for when it is needed: a popover, which opens without script.
#[component]
pub(super) fn Question(id: &'static str, title: Signal<String>, children: Children) -> impl IntoView {
    let heading = format!("{id}-title");
    view! {
        <div
            id=id
            popover="auto"
            role="dialog"
            aria-labelledby=heading.clone()
            class="m-auto max-h-[90dvh] w-[min(26rem,calc(100vw-2rem))] overflow-y-auto rounded-xl border border-line bg-surface p-5 text-left text-ink shadow-lg backdrop:bg-black/50"
        >
            <div class="grid min-w-0 gap-4">
                <h2 id=heading.clone() class="text-lg font-semibold">{move || title.get()}</h2>
                {children()}
            </div>
        </div>
    }
    .into_any()
}

pub(super) fn cancel(id: &'static str) -> impl IntoView {
    view! { <button type="button" class="button" popovertarget=id popovertargetaction="hide">"Cancel"</button> }
}
