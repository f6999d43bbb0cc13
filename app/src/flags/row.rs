//! One flag: what it is, what it serves, and its switch.

use domain::EnvironmentKey;
use domain::flags::{FlagRow, Refusals};
use domain::orgs::ProjectRef;
use domain::ruleset::FULL_WEIGHT;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::api::SwitchFlag;
use super::switching::{self, Place, State};
use super::why::{Question, WithoutScript};
use super::words;

/// What all rows share.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Around {
    pub(super) project: ProjectRef,
    pub(super) environment: EnvironmentKey,
    pub(super) refusals: Refusals,
    /// Whether whoever switches a flag on has to say why.
    pub(super) is_protected: bool,
    /// The flag that somebody is asked about.
    pub(super) asked: RwSignal<Option<Question>>,
}

#[component]
pub(super) fn Row(row: FlagRow, around: Around) -> impl IntoView {
    let state = State::new(&row);
    let tags = row.tags.iter().map(|tag| {
        view! { <li class="rounded border border-line px-1.5 text-xs text-muted">{tag.clone()}</li> }
    });
    let tags = tags.collect_view();
    let serves = match row.served.clone() {
        Some(served) => {
            let (share, rules) = (served.share, served.rules);
            let words = move || words::serves(state.enabled.get(), row.value_type, &served);
            view! {
                <span class="text-sm">{words}</span>
                <Track enabled=state.enabled share rules />
            }
            .into_any()
        }
        None => {
            view! { <span class="text-sm text-danger">"Its configuration cannot be read"</span> }.into_any()
        }
    };
    view! {
        <tr
            data-flag=row.key.to_string()
            class="grid grid-cols-[1fr_auto] items-center gap-x-4 border-t border-line px-4 py-1 first:border-t-0 md:table-row md:px-0 md:[&>*]:border-t md:[&>*]:border-line"
        >
            <th scope="row" class="min-w-0 py-2 text-left font-normal md:pl-4">
                <span class="font-mono text-sm font-medium [overflow-wrap:anywhere]">{row.key.to_string()}</span>
                <span class="ml-2 text-xs text-muted">{words::kind(&row)}</span>
                <span class="block text-sm text-muted [overflow-wrap:anywhere]">{row.description.clone()}</span>
            </th>
            <td class="col-start-1 hidden py-2 lg:table-cell">
                <ul class="flex flex-wrap gap-1">{tags}</ul>
            </td>
            <td class="col-start-1 row-start-2 py-1 md:py-2">{serves}</td>
            <td class="hidden py-2 font-mono text-sm text-muted tabular-nums md:table-cell">
                "v" {move || state.version.get()}
            </td>
            <td class="col-start-2 row-start-1 py-2 text-right md:pr-4">
                <Switch row=row.clone() state around />
            </td>
        </tr>
    }
}

/// How much of everyone the fallthrough reaches. The width is an attribute, because the page's policy allows no styles.
#[component]
fn Track(enabled: RwSignal<bool>, share: u32, rules: u32) -> impl IntoView {
    let percent = f64::from(share) * 100.0 / f64::from(FULL_WEIGHT);
    let color = if share < FULL_WEIGHT || rules > 0 { "fill-rollout" } else { "fill-on" };
    let width = move || if enabled.get() { percent.to_string() } else { "0".to_owned() };
    view! {
        <svg class="mt-1 block h-1 w-32 rounded-full" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="fill-line" width="100" height="4"></rect>
            <rect class=color width=width height="4"></rect>
        </svg>
    }
}

/// The switch: a plain form, so that it works before the script has loaded and without it.
#[component]
fn Switch(row: FlagRow, state: State, around: Around) -> impl IntoView {
    let FlagRow { key, value_type, served, enabled, .. } = row;
    let Around { project, environment, refusals, is_protected, asked } = around;
    let asks_without_script = (is_protected && !enabled && refusals.enable.is_none() && served.is_some())
        .then(|| view! { <WithoutScript /> });
    let serves = served.as_ref().map(|served| words::serves(true, value_type, served));
    let all_refusals = StoredValue::new(refusals.clone());
    let refusal = Memo::new(move |_| match &served {
        None => Some("Its configuration cannot be read.".to_owned()),
        Some(_) => refusals.switch(state.enabled.get()).map(str::to_owned),
    });
    let place = Place { project: project.clone(), environment: environment.clone(), key: key.clone() };
    let click = move |event: MouseEvent| {
        event.prevent_default();
        if refusal.get_untracked().is_none() && !state.pending.get_untracked() {
            // Undo is the way back, so it needs the right to switch what the flag becomes now; and where switching on
            // needs a reason, a toast has none.
            let goes_to = !state.enabled.get_untracked();
            let may_undo = all_refusals.read_value().switch(goes_to).is_none();
            let offer_undo = may_undo && (goes_to || !is_protected);
            match goes_to && is_protected {
                true => {
                    let (place, serves) = (place.clone(), serves.clone().unwrap_or_default());
                    asked.set(Some(Question { place, state, serves, offer_undo }));
                }
                false => switching::run(place.clone(), state, None, offer_undo),
            }
        }
    };
    let reason_id = format!("reason-{key}");
    let described = reason_id.clone();
    view! {
        <form method="post" action=SwitchFlag::url()>
            <input type="hidden" name="organization" value=project.organization.to_string() />
            <input type="hidden" name="project" value=project.project.to_string() />
            <input type="hidden" name="environment" value=environment.to_string() />
            <input type="hidden" name="key" value=key.to_string() />
            <input type="hidden" name="enabled" value=move || (!state.enabled.get()).to_string() />
            <input type="hidden" name="version" value=move || state.version.get().to_string() />
            {asks_without_script}
            <button
                class="switch"
                role="switch"
                aria-checked=move || state.shown().to_string()
                aria-label=key.to_string()
                aria-disabled=move || refusal.read().is_some().then_some("true")
                aria-describedby=move || refusal.read().is_some().then(|| described.clone())
                title=move || refusal.get()
                type=move || if refusal.read().is_some() { "button" } else { "submit" }
                on:click=click
            ></button>
            <span id=reason_id class="sr-only">{move || refusal.get()}</span>
        </form>
    }
}
