//! One flag: what it is, what it serves, and its switch.

use domain::flags::{FlagRow, Refusals};
use domain::orgs::ProjectRef;
use domain::ruleset::FULL_WEIGHT;
use domain::{EnvironmentKey, FlagKey};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api::SwitchFlag;
use super::words;
use crate::error::UiError;
use crate::ui::toast::toasts;

/// Where the row's flag lives.
#[derive(Clone, Copy)]
pub(super) struct RowContext {
    pub(super) project: StoredValue<ProjectRef>,
    pub(super) environment: StoredValue<EnvironmentKey>,
    pub(super) refusals: StoredValue<Refusals>,
}

#[component]
pub(super) fn Row(row: FlagRow, context: RowContext) -> impl IntoView {
    let enabled = RwSignal::new(row.enabled);
    let served = StoredValue::new(row.served.clone());
    let version = RwSignal::new(row.version);
    let tags = row.tags.iter().map(|tag| {
        view! { <li class="rounded border border-line px-1.5 text-xs text-muted">{tag.clone()}</li> }
    });
    let tags = tags.collect_view();
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
            <td class="col-start-1 row-start-2 py-1 md:py-2">
                <span class="text-sm">{move || words::serves(enabled.get(), row.value_type, &served.read_value())}</span>
                <Track enabled share=row.served.share rules=row.served.rules />
            </td>
            <td class="hidden py-2 font-mono text-sm text-muted tabular-nums md:table-cell">
                "v" {move || version.get()}
            </td>
            <td class="col-start-2 row-start-1 py-2 text-right md:pr-4">
                <Switch key=row.key.clone() enabled version context />
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

/// The switch: a form, so that it works before the script has loaded and without it.
#[component]
fn Switch(
    key: FlagKey,
    enabled: RwSignal<bool>,
    version: RwSignal<i64>,
    context: RowContext,
) -> impl IntoView {
    let action = ServerAction::<SwitchFlag>::new();
    let key = StoredValue::new(key);
    let pending = action.pending();
    let refusal = move || context.refusals.read_value().switch(enabled.get()).map(str::to_owned);
    settle(action, key, enabled, version, context);

    // Shown at once; put back where the server refuses.
    let submit = move |event: SubmitEvent| {
        if pending.get_untracked() || refusal().is_some() {
            event.prevent_default();
        }
    };
    let ProjectRef { organization, project } = context.project.get_value();
    let reason_id = format!("reason-{}", key.read_value());
    let described = reason_id.clone();
    view! {
        <ActionForm action on:submit:capture=submit>
            <input type="hidden" name="organization" value=organization.to_string() />
            <input type="hidden" name="project" value=project.to_string() />
            <input type="hidden" name="environment" value=context.environment.read_value().to_string() />
            <input type="hidden" name="key" value=key.read_value().to_string() />
            <input type="hidden" name="enabled" value=move || (!enabled.get()).to_string() />
            <button
                class="switch"
                role="switch"
                aria-checked=move || shown(enabled, pending).to_string()
                aria-label=key.read_value().to_string()
                aria-disabled=move || refusal().is_some().then_some("true")
                aria-describedby=move || refusal().map(|_| described.clone())
                title=refusal
                type=move || if refusal().is_some() { "button" } else { "submit" }
            ></button>
            <span id=reason_id class="sr-only">{refusal}</span>
        </ActionForm>
    }
}

/// The state that the switch shows: while the server works, the one that it was asked for.
fn shown(enabled: RwSignal<bool>, pending: Memo<bool>) -> bool {
    enabled.get() != pending.get()
}

/// Takes over the server's answer, and says what happened.
fn settle(
    action: ServerAction<SwitchFlag>,
    key: StoredValue<FlagKey>,
    enabled: RwSignal<bool>,
    version: RwSignal<i64>,
    context: RowContext,
) {
    let toasts = toasts();
    let switch_to = move |enabled: bool| {
        let ProjectRef { organization, project } = context.project.get_value();
        let environment = context.environment.get_value();
        action.dispatch(SwitchFlag { organization, project, environment, key: key.get_value(), enabled });
    };
    let answered = action.version();
    Effect::new(move |before: Option<usize>| {
        let answer = answered.get();
        if before.is_none_or(|before| before == answer) {
            return answer;
        }
        match action.value().get_untracked() {
            Some(Ok(row)) => {
                enabled.set(row.enabled);
                version.set(row.version);
                let state = if row.enabled { "on" } else { "off" };
                let text = format!("{} is {state} in {}", row.key, context.environment.read_value());
                let may_undo = context.refusals.read_value().switch(row.enabled).is_none();
                let before = !row.enabled;
                toasts.done(text, may_undo.then(|| Callback::new(move |()| switch_to(before))));
            }
            Some(Err(UiError::Rejected(error))) => toasts.failed(error.to_string()),
            Some(Err(UiError::Transport(error))) => toasts.failed(error),
            None => {}
        }
        answer
    });
}
