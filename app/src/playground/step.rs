//! A step of an explanation.

use domain::{EnvironmentKey, Millis};
use icondata_core::Icon as Drawing;
use leptos::prelude::*;
use serde_json::Value;

use super::answer::{Explanation, Step};
use super::condition::ConditionView;
use super::explanation::{MarkView, Steps};
use super::rollout::RolloutView;
use super::words;
use crate::ui::time::exact;

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Evaluation goes on.
    Passed,
    /// It ends here, with the off variation.
    Stopped,
    /// This is so.
    Matched,
    /// This decides.
    Decided,
    Missed,
    /// It was not asked.
    Skipped,
    /// There is nothing to hold.
    Reached,
}

impl Mark {
    pub(super) fn drawn(self) -> (Drawing, &'static str, &'static str) {
        match self {
            Self::Passed => (icondata_lu::LuCheck, "passed", "text-on"),
            Self::Stopped => (icondata_lu::LuX, "stops here", "text-danger"),
            Self::Matched => (icondata_lu::LuCheck, "matches", "text-on"),
            Self::Decided => (icondata_lu::LuCheck, "decides", "text-on"),
            Self::Missed => (icondata_lu::LuX, "does not match", "text-muted"),
            Self::Skipped => (icondata_lu::LuTriangleAlert, "passed over", "text-rollout"),
            Self::Reached => (icondata_lu::LuArrowDown, "reached", "text-accent"),
        }
    }

    const fn gate(held: bool) -> Self {
        if held { Self::Passed } else { Self::Stopped }
    }

    pub(super) const fn test(held: bool) -> Self {
        if held { Self::Matched } else { Self::Missed }
    }
}

#[component]
pub(super) fn StepView(step: Step, environment: Option<EnvironmentKey>) -> impl IntoView {
    let place = environment.as_ref().map(|key| format!(" in {key}")).unwrap_or_default();
    let (mark, title, more) = match step {
        Step::Window { from, until, now, held } => {
            (Mark::gate(held), "Time window".to_owned(), note(window(from, until, now)))
        }
        Step::Enabled { held } => {
            let word = if held { "on" } else { "off" };
            (Mark::gate(held), format!("Switched {word}{place}"), ().into_any())
        }
        Step::Prerequisite { variations, explanation, held } => {
            let title = match &explanation {
                Some(other) => format!("Needs {} to serve {}", other.flag, words::either(&variations)),
                None => format!("Needs another flag to serve {}", words::either(&variations)),
            };
            (Mark::gate(held), title, prerequisite(explanation.map(|other| *other), environment))
        }
        Step::Override { attributes, variation, held } => {
            let names: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
            let title = match &variation {
                Some(variation) => format!("Override by {} serves {variation}", names.join(" and ")),
                None => format!("Overrides by {}", names.join(" and ")),
            };
            let mark = if held { Mark::Decided } else { Mark::Missed };
            (mark, title, note(overrides(&attributes, held)))
        }
        Step::Rule { name, number, condition, held } => {
            let tree = view! { <ul class="mt-2"><ConditionView held=condition /></ul> }.into_any();
            (Mark::test(held), words::rule(number, name.as_deref()), tree)
        }
        Step::RuleOutOfService { name, number } => {
            let text = "It cannot do what it says, so it is as if it were not there.".to_owned();
            let called = words::rule(number, name.as_deref());
            (Mark::Skipped, format!("{called} is out of service"), note(text))
        }
        Step::Fallthrough => {
            (Mark::Reached, "No rule matches: what everyone else gets".to_owned(), ().into_any())
        }
        Step::Rollout(rollout) => {
            let by = rollout.bucket_by.clone().unwrap_or_else(|| "the user id".to_owned());
            let mark = if rollout.bucket.is_some() { Mark::Decided } else { Mark::Stopped };
            (mark, format!("Rollout by {by}"), view! { <RolloutView rollout /> }.into_any())
        }
    };
    view! {
        <li class="px-4 py-3">
            <div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                <span class="min-w-0 font-medium [overflow-wrap:anywhere]">{title}</span>
                <MarkView mark />
            </div>
            {more}
        </li>
    }
}

fn note(text: String) -> AnyView {
    view! { <p class="mt-1 text-sm text-muted [overflow-wrap:anywhere]">{text}</p> }.into_any()
}

fn window(from: Option<Millis>, until: Option<Millis>, now: Millis) -> String {
    let edges = match (from, until) {
        (None, None) => "Always open".to_owned(),
        (Some(from), None) => format!("From {}", exact(from)),
        (None, Some(until)) => format!("Until {}", exact(until)),
        (Some(from), Some(until)) => format!("From {} until {}", exact(from), exact(until)),
    };
    format!("{edges}. The evaluation is for {}.", exact(now))
}

fn overrides(attributes: &[(String, Option<Value>)], held: bool) -> String {
    let has = attributes.iter().map(|(name, value)| format!("{name} is {}", words::actual(value.as_ref())));
    let has = has.collect::<Vec<_>>().join(", ");
    match held {
        true => format!("In this context {has}."),
        false => format!("In this context {has}: there is none for that."),
    }
}

/// What the other flag serves, and its own steps behind a click.
fn prerequisite(other: Option<Explanation>, environment: Option<EnvironmentKey>) -> AnyView {
    let Some(other) = other else { return note("There is no such flag.".to_owned()) };
    let serves = match &other.variation {
        Some(variation) => format!("It serves {variation}: {}.", lower(words::reason(other.reason))),
        None => "It serves nothing.".to_owned(),
    };
    view! {
        {note(serves)}
        <details class="mt-2">
            <summary class="cursor-pointer text-sm text-muted hover:text-ink">"Its own steps"</summary>
            <Steps steps=other.steps environment />
        </details>
    }
    .into_any()
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn steps_are_said_in_words() {
        let (day, next) = (Millis(0), Millis(86_400_000));
        assert_eq!(
            window(Some(day), Some(next), Millis(60_000)),
            "From 1970-01-01 00:00 UTC until 1970-01-02 00:00 UTC. The evaluation is for 1970-01-01 00:01 UTC."
        );
        let attributes = [("userId".to_owned(), Some(json!("u"))), ("tenant".to_owned(), None)];
        assert_eq!(
            overrides(&attributes, false),
            "In this context userId is \"u\", tenant is nothing: there is none for that."
        );
        assert_eq!(lower("By percentage"), "by percentage");
    }
}
