//! What an import did, or would do.

use domain::transfer::launchdarkly::ImportedFlags;
use domain::transfer::{ImportPlan, Outcome, PlannedThing, ThingKind};
use leptos::prelude::*;

use crate::ui::diff::Diff;
use crate::ui::time::grouped;

/// How many things are listed.
const SHOWN: usize = 200;

/// How many refusals are.
const TOLD: usize = 20;

/// What came of an import.
#[derive(Clone)]
pub(super) enum Came {
    Plan(ImportPlan),
    Flags(ImportedFlags),
    /// Nothing: this is why.
    Refused(Vec<String>),
}

impl Came {
    /// What became of it, in short; none where nothing did.
    pub(super) fn summary(&self) -> Option<String> {
        match self {
            Self::Plan(plan) => Some(plan.summary()),
            Self::Flags(flags) => Some(flags.summary()),
            Self::Refused(_) => None,
        }
    }

    /// Whether something changed that is around every page.
    pub(super) fn is_around(&self) -> bool {
        let is_around = |thing: &PlannedThing| {
            thing.outcome != Outcome::Unchanged
                && matches!(thing.kind, ThingKind::Project | ThingKind::Environment)
        };
        matches!(self, Self::Plan(plan) if plan.things.iter().any(is_around))
    }
}

/// Tells what came of it. The region is there from the start, so that screen readers hear what is put into it.
#[component]
pub(super) fn Told(came: RwSignal<Option<Came>>) -> impl IntoView {
    view! {
        <div role="status" class="mt-4 empty:hidden">
            {move || came.get().map(|came| match came {
                Came::Plan(plan) => of_plan(plan),
                Came::Flags(flags) => of_flags(flags),
                Came::Refused(reasons) => refused(reasons),
            })}
        </div>
    }
}

fn heading(dry_run: bool, summary: &str) -> AnyView {
    let (said, border) = match dry_run {
        true => ("Nothing is changed yet. It would be: ", "border-line"),
        false => ("It is imported: ", "border-on"),
    };
    view! { <p class=format!("rounded-md border px-3 py-2 {border}")>{said} <strong>{summary.to_owned()}</strong> "."</p> }
        .into_any()
}

fn refused(reasons: Vec<String>) -> AnyView {
    if reasons.is_empty() {
        return ().into_any();
    }
    let more = reasons.len().saturating_sub(TOLD);
    let lines = reasons.into_iter().take(TOLD).map(|reason| view! { <li>{reason}</li> }).collect_view();
    view! {
        <div class="rounded-md border border-danger px-3 py-2 text-danger">
            <p class="font-medium">"Nothing is imported."</p>
            <ul class="mt-1 list-disc pl-5 [overflow-wrap:anywhere]">{lines}</ul>
            {and_more(more)}
        </div>
    }
    .into_any()
}

fn and_more(more: usize) -> Option<impl IntoView> {
    let more = u64::try_from(more).unwrap_or(u64::MAX);
    (more > 0).then(|| view! { <p class="mt-1 text-sm">"And " {grouped(more)} " more."</p> })
}

fn of_plan(plan: ImportPlan) -> AnyView {
    let heading = heading(plan.dry_run, &plan.summary());
    let notes = plan.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view();
    let different: Vec<_> =
        plan.things.into_iter().filter(|thing| thing.outcome != Outcome::Unchanged).collect();
    let more = different.len().saturating_sub(SHOWN);
    let rows = different.into_iter().take(SHOWN).map(thing).collect_view();
    view! {
        {heading}
        <ul class="mt-2 list-disc pl-5 text-sm text-muted [overflow-wrap:anywhere] empty:hidden">{notes}</ul>
        <ul class="mt-2 divide-y divide-line empty:hidden">{rows}</ul>
        {and_more(more)}
    }
    .into_any()
}

fn thing(thing: PlannedThing) -> AnyView {
    let PlannedThing { kind, key, outcome, changes, left_out } = thing;
    let kind = match kind {
        ThingKind::Project => "Project",
        ThingKind::Environment => "Environment",
        ThingKind::Segment => "Segment",
        ThingKind::Flag => "Flag",
        ThingKind::Template => "Template",
    };
    view! {
        <li class="py-1.5">
            <details>
                <summary class="cursor-pointer [overflow-wrap:anywhere]">
                    {kind} " " <code class="font-mono text-sm">{key}</code> " " <span class="badge">{word(outcome)}</span>
                </summary>
                <div class="mt-2">
                    <Diff changes /> {and_more(left_out)}
                </div>
            </details>
        </li>
    }
    .into_any()
}

fn of_flags(flags: ImportedFlags) -> AnyView {
    let heading = heading(flags.dry_run, &flags.summary());
    let more = flags.flags.len().saturating_sub(SHOWN);
    let rows = flags.flags.into_iter().take(SHOWN).map(|flag| {
        view! {
            <li class="flex flex-wrap items-baseline gap-x-2 py-1 [overflow-wrap:anywhere]">
                <code class="font-mono text-sm">{flag.key.to_string()}</code>
                <span class="badge">{word(flag.outcome)}</span>
                <span class="text-sm text-muted">"version " {flag.version}</span>
            </li>
        }
    });
    view! { {heading} <ul class="mt-2 divide-y divide-line empty:hidden">{rows.collect_view()}</ul> {and_more(more)} }
        .into_any()
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "new",
        Outcome::Changed => "changed",
        Outcome::Unchanged => "unchanged",
        Outcome::Skipped => "left as it is",
    }
}
