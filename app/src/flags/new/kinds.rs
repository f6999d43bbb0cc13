//! The types of flags, and what some of them need to know.

use domain::ruleset::Operator;
use leptos::prelude::*;

use super::said::{Entry, Hint, Said};
use crate::flags::picture::Picture;
use crate::flash::Flash;

/// The types, each with what it is for.
const KINDS: [(&str, &str, &str); 5] = [
    ("boolean", "Boolean", "On or off, for everyone."),
    ("percentage", "Percentage", "On for a share of the users, the same ones each time."),
    ("segment", "Segment", "On for those whom a rule names."),
    ("combined", "Combined", "On for a share of those whom a rule names."),
    ("advanced", "Several values", "A text, a number or JSON: one of several."),
];

/// The operators of a first rule.
const OPERATORS: [(Operator, &str); 6] = [
    (Operator::In, "is one of"),
    (Operator::NotIn, "is none of"),
    (Operator::Contains, "contains"),
    (Operator::EndsWith, "ends with"),
    (Operator::Gte, "is at least"),
    (Operator::SemverGte, "is at least version"),
];

#[component]
pub(super) fn Kinds(said: Said, chosen: String) -> impl IntoView {
    let chosen = if chosen.is_empty() { "boolean".to_owned() } else { chosen };
    let kinds = KINDS.into_iter().map(|(name, label, about)| {
        view! {
            <label class="flex min-w-0 cursor-pointer flex-col gap-1 rounded-lg border border-line bg-surface p-3 has-checked:border-accent has-checked:bg-accent/8 has-focus-visible:outline-2 has-focus-visible:outline-accent">
                <Picture kind=name />
                <span class="flex items-center gap-2 font-medium">
                    <input id=format!("new-flag-kind-{name}") class="box" type="radio" name="kind" value=name checked=chosen == name />
                    {label}
                </span>
                <span class="text-sm text-muted">{about}</span>
            </label>
        }
    });
    view! {
        <fieldset class="min-w-0">
            <legend class="text-sm font-medium">"Type"</legend>
            <div class="mt-2 grid gap-2 sm:grid-cols-2 lg:grid-cols-3">{kinds.collect_view()}</div>
            <Hint said name="kind" hint="" id="new-flag-kind-hint".to_owned() />
        </fieldset>
    }
    .into_any()
}

/// The share that some types serve.
#[component]
pub(super) fn Share(said: Said, flash: Flash) -> impl IntoView {
    view! {
        <div class="hidden group-has-[[name=kind][value=percentage]:checked]:block group-has-[[name=kind][value=combined]:checked]:block">
            <Entry
                said
                flash
                name="rollout_pct"
                label="Share in percent"
                value="10"
                hint="Who is served the flag once it is switched on. It can be changed in each environment."
            />
        </div>
    }
}

/// The rule that a flag begins with.
#[component]
pub(super) fn FirstRule(said: Said, flash: Flash) -> impl IntoView {
    let chosen = flash.typed("op");
    let operators = OPERATORS.into_iter().map(|(operator, shown)| {
        let name = operator.as_str();
        view! { <option value=name selected=chosen == name>{shown}</option> }
    });
    let operators = operators.collect_view();
    view! {
        <fieldset class="hidden min-w-0 rounded-lg border border-line p-3 group-has-[[name=kind][value=segment]:checked]:block group-has-[[name=kind][value=combined]:checked]:block">
            <legend class="px-1 text-sm font-medium">"For whom"</legend>
            <div class="grid gap-3 sm:grid-cols-3">
                <Entry said flash=flash.clone() name="attribute" label="Attribute" placeholder="plan" class="input mt-1 font-mono" hint="" />
                <div class="min-w-0">
                    <label class="block text-sm font-medium" for="new-flag-op">"Test"</label>
                    <select id="new-flag-op" name="op" class="input mt-1">{operators}</select>
                </div>
                <Entry said flash name="values" label="Values" placeholder="pro, team" hint="" />
            </div>
            <p class="mt-2 text-sm text-muted">"More of it, and groups, in each environment. Without an attribute nobody is meant yet."</p>
        </fieldset>
    }
    .into_any()
}
