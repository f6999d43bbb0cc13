//! One flag, explained.

use domain::place::PlaceView;
use domain::{EnvironmentKey, FlagKey};
use leptos::prelude::*;

use super::address::Asked;
use super::answer::{Explanation, Step};
use super::step::{Mark, StepView};
use super::words;
use crate::place::address;
use crate::ui::icon::Icon;
use crate::ui::time::grouped;

#[component]
pub(super) fn ExplanationView(place: PlaceView, explanation: Explanation, asked: Asked) -> impl IntoView {
    let Explanation { flag, value, variation, reason, rule, decided, bucket, version, enabled, steps } =
        explanation;
    let all = asked.of_flag("").answer();
    let environment = asked.environment().ok().flatten();
    let of = place.of();
    let page = flag.parse::<FlagKey>().ok().map(|key| {
        let href = address(&of, &format!("flags/{key}"), environment.as_ref());
        view! { <a class="button" href=href>"Open the flag"</a> }
    });
    let served = match &value {
        Some(value @ (serde_json::Value::Object(_) | serde_json::Value::Array(_))) => {
            serde_json::to_string_pretty(value).unwrap_or_default()
        }
        value => words::served(value.as_ref(), variation.is_some()),
    };
    let dot = if enabled { "bg-on" } else { "border border-edge" };
    let facts = [
        ("Variation", variation.clone()),
        ("Decided by", decided),
        ("Rule id", rule),
        ("Bucket", bucket.map(|bucket| grouped(u64::from(bucket)))),
        ("Version", version.map(|version| version.to_string())),
    ];
    let facts = facts.into_iter().filter_map(|(name, text)| {
        let text = text?;
        Some(view! {
            <div class="min-w-0">
                <dt class="text-xs text-muted">{name}</dt>
                <dd class="font-mono text-sm tabular-nums [overflow-wrap:anywhere]">{text}</dd>
            </div>
        })
    });
    view! {
        <div class="flex flex-wrap items-center justify-between gap-3">
            <h2 class="min-w-0 font-mono text-lg font-semibold [overflow-wrap:anywhere]">{flag}</h2>
            <div class="flex flex-wrap gap-2">
                <a class="button" href=all>"All flags"</a>
                {page}
            </div>
        </div>
        <div class="mt-3 rounded-lg border border-line bg-surface p-4">
            <div class="flex items-start gap-3">
                <span class=format!("mt-1.5 size-2.5 shrink-0 rounded-full {dot}") aria-hidden="true"></span>
                <div class="min-w-0 grow">
                    <span class="sr-only">{if enabled { "On: " } else { "Off: " }}</span>
                    <pre class="max-h-64 overflow-auto font-mono font-medium whitespace-pre-wrap [overflow-wrap:anywhere]" tabindex="0" role="group" aria-label="Value">{served}</pre>
                    <p class="mt-1 text-muted">{words::reason(reason)} "."</p>
                </div>
            </div>
            <dl class="mt-3 flex flex-wrap gap-x-8 gap-y-2">{facts.collect_view()}</dl>
        </div>
        <h3 class="mt-6 font-semibold">"Step by step"</h3>
        <Steps steps environment=place.environment(environment.as_ref()).map(|place| place.environment.key.clone()) />
        <p class="mt-3 flex items-start gap-3 px-1">
            <span class="mt-0.5 text-accent"><Icon of=icondata_lu::LuFlag /></span>
            <span class="min-w-0 [overflow-wrap:anywhere]">
                {match variation {
                    Some(variation) => format!("So it serves “{variation}”."),
                    None => "So it serves nothing, and the application uses its default.".to_owned(),
                }}
            </span>
        </p>
    }
}

/// Steps in their order.
#[component]
pub(super) fn Steps(steps: Vec<Step>, environment: Option<EnvironmentKey>) -> AnyView {
    if steps.is_empty() {
        return view! { <p class="mt-2 text-muted">"Nothing could be looked at: its configuration cannot be read."</p> }
            .into_any();
    }
    let steps = steps.into_iter().map(|step| view! { <StepView step environment=environment.clone() /> });
    view! { <ol class="mt-2 divide-y divide-line rounded-lg border border-line bg-surface">{steps.collect_view()}</ol> }.into_any()
}

/// A mark as an icon and a word.
#[component]
pub(super) fn MarkView(mark: Mark) -> impl IntoView {
    let (icon, word, class) = mark.drawn();
    view! {
        <span class="inline-flex shrink-0 items-center gap-1 text-xs text-muted">
            <span class=class><Icon of=icon /></span>
            {word}
        </span>
    }
}
