//! One test of a rule: an attribute, an operator, values.

use domain::SegmentKey;
use domain::ruleset::{Condition, Operator, Test};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde_json::Value;

use super::words;
use crate::place::{address, project};
use crate::ui::tag_input::TagInput;

/// The operators by what they compare.
const OPERATORS: [(&str, &[Operator]); 6] = [
    (
        "Text",
        &[
            Operator::Eq,
            Operator::Neq,
            Operator::In,
            Operator::NotIn,
            Operator::Contains,
            Operator::NotContains,
            Operator::StartsWith,
            Operator::EndsWith,
            Operator::Matches,
        ],
    ),
    ("Numbers", &[Operator::Gt, Operator::Gte, Operator::Lt, Operator::Lte]),
    ("Times", &[Operator::Before, Operator::After]),
    (
        "Versions",
        &[
            Operator::SemverEq,
            Operator::SemverGt,
            Operator::SemverGte,
            Operator::SemverLt,
            Operator::SemverLte,
        ],
    ),
    ("Presence", &[Operator::Exists, Operator::NotExists]),
    ("Others", &[Operator::InCidr, Operator::InSegment, Operator::NotInSegment]),
];

/// What is expected as a value.
const fn placeholder(operator: Operator) -> &'static str {
    match operator {
        Operator::Before | Operator::After => "2026-01-31T00:00:00Z",
        Operator::SemverEq
        | Operator::SemverGt
        | Operator::SemverGte
        | Operator::SemverLt
        | Operator::SemverLte => "2.3.0",
        Operator::InCidr => "10.0.0.0/8",
        Operator::InSegment | Operator::NotInSegment => "Segment",
        Operator::Matches => "^[a-z]+$",
        _ => "Value",
    }
}

/// Whether a value's type makes a difference: only where things are equal or not. Everything else is read as what it is
/// compared as.
const fn tells_types(operator: Operator) -> bool {
    matches!(operator, Operator::Eq | Operator::Neq | Operator::In | Operator::NotIn)
}

/// The values that typed texts mean. As numbers only where somebody says so, so that ids such as "00042" stay texts.
fn values(texts: Vec<String>, operator: Operator, numbers: bool) -> Vec<Value> {
    let value = |text: String| match text.as_str() {
        "true" | "false" if tells_types(operator) => Value::Bool(text == "true"),
        _ if numbers => text.parse::<serde_json::Number>().map_or(Value::String(text.clone()), Value::Number),
        _ => Value::String(text),
    };
    texts.into_iter().map(value).collect()
}

/// The fields of a test.
#[component]
pub(super) fn TestFields(
    #[prop(into)] test: Signal<Option<Test>>,
    set: Callback<Test>,
    /// The ids of the lists of attributes and of segments.
    lists: (String, String),
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    let (attributes, segments) = lists;
    let op = Memo::new(move |_| test.read().as_ref().map_or(Operator::Eq, |test| test.op));
    let attribute =
        Memo::new(move |_| test.read().as_ref().and_then(|test| test.attribute.clone()).unwrap_or_default());
    let texts = Memo::new(move |_| {
        test.read()
            .as_ref()
            .map(|test| test.values.iter().map(words::value).collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let numbers =
        Memo::new(move |_| test.read().as_ref().is_some_and(|test| test.values.iter().any(Value::is_number)));
    let edit = move |change: &dyn Fn(&mut Test)| {
        if let Some(mut test) = test.get_untracked() {
            change(&mut test);
            set.run(test);
        }
    };
    let rename = move |event| {
        let name = event_target_value(&event).trim().to_owned();
        edit(&|test| test.attribute = Some(name.clone()));
    };
    let choose = move |event| {
        let Some(chosen) = Operator::from_name(&event_target_value(&event)) else { return };
        edit(&|test| {
            test.op = chosen;
            match chosen.is_segment() {
                true => test.attribute = None,
                false => drop(test.attribute.get_or_insert_default()),
            }
            if !chosen.takes_values() {
                test.values.clear();
            }
            if !tells_types(chosen) {
                let texts = test.values.iter().map(words::value).collect();
                test.values = values(texts, chosen, false);
            }
        });
    };
    let write = Callback::new(move |texts: Vec<String>| {
        let (op, numbers) = (op.get_untracked(), numbers.get_untracked());
        edit(&|test| test.values = values(texts.clone(), op, numbers));
    });
    let toggle = move |_| {
        let (op, numbers) = (op.get_untracked(), !numbers.get_untracked());
        edit(&|test| test.values = values(test.values.iter().map(words::value).collect(), op, numbers));
    };
    // Words are compared in one way only.
    let has_number = Memo::new(move |_| {
        let begins = |text: &String| text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
        numbers.get() || texts.read().iter().any(begins)
    });
    let groups = OPERATORS.into_iter().map(|(label, operators)| {
        let options = operators.iter().map(|operator| {
            let operator = *operator;
            view! {
                <option value=operator.as_str() selected=move || op.get() == operator>{words::operator(operator)}</option>
            }
        });
        view! { <optgroup label=label>{options.collect_view()}</optgroup> }
    });
    let name_field = move || {
        (!op.get().is_segment()).then(|| {
            view! {
                <input
                    class="input h-9 min-w-0 flex-1 basis-32 font-mono text-sm"
                    aria-label="Attribute"
                    placeholder="Attribute"
                    list=attributes.clone()
                    autocomplete="off"
                    spellcheck="false"
                    disabled=disabled
                    prop:value=move || attribute.get()
                    on:change=rename
                />
            }
        })
    };
    let value_fields = move || {
        let op = op.get();
        op.takes_values().then(|| {
            let list = if op.is_segment() { segments.clone() } else { String::new() };
            let as_numbers = tells_types(op).then(|| {
                view! {
                    <button
                        type="button"
                        class="button h-9 px-2 text-xs aria-pressed:border-accent aria-pressed:text-accent"
                        aria-pressed=move || numbers.get().to_string()
                        hidden=move || !has_number.get()
                        title="Compare as numbers: 7 is 7.0. Otherwise as text: 00042 is not 42."
                        disabled=disabled
                        on:click=toggle
                    >
                        "As numbers"
                    </button>
                }
            });
            view! {
                <div class="flex min-w-0 flex-2 basis-48 gap-1">
                    <div class="min-w-0 flex-1">
                        <TagInput values=texts set=write label="Values" placeholder=placeholder(op) list disabled />
                    </div>
                    {as_numbers}
                </div>
            }
        })
    };
    let (project, query) = (project(), use_query_map());
    let links = move || {
        let of = project.get().ok().filter(|_| op.get().is_segment())?;
        let environment = query.read().get_str("env").and_then(|key| key.parse().ok());
        let keys = texts.get().into_iter().filter_map(|key| key.parse::<SegmentKey>().ok());
        let link = |key: SegmentKey| {
            let href = address(&of, &format!("segments/{key}"), environment.as_ref());
            view! { <a class="link [overflow-wrap:anywhere]" href=href>{format!("Open {key}")}</a> }
        };
        let links = keys.map(link).collect::<Vec<_>>();
        (!links.is_empty()).then(|| view! { <p class="flex w-full flex-wrap gap-x-3 text-xs">{links}</p> })
    };
    view! {
        <div class="flex min-w-0 flex-1 flex-wrap items-start gap-1.5">
            {name_field}
            <select
                class="h-9 min-w-0 flex-1 basis-28 rounded-md border border-edge bg-surface px-2"
                aria-label="Operator"
                disabled=disabled
                prop:value=move || op.get().as_str()
                on:change=choose
            >
                {groups.collect_view()}
            </select>
            {value_fields}
            {links}
        </div>
    }
}

/// The test that a new row begins with.
pub(crate) fn empty() -> Condition {
    Condition::Test(Test { attribute: Some(String::new()), op: Operator::In, values: Vec::new() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_typed_is_a_text_unless_somebody_says_otherwise() {
        let typed = || ["00042", "7", "1.5", "true", "x"].map(str::to_owned).to_vec();
        assert_eq!(
            values(typed(), Operator::In, false),
            [json!("00042"), json!("7"), json!("1.5"), json!(true), json!("x")]
        );
        assert_eq!(
            values(typed(), Operator::In, true),
            [json!("00042"), json!(7), json!(1.5), json!(true), json!("x")]
        );
        assert_eq!(values(typed(), Operator::Contains, false)[3], json!("true"));
    }

    #[test]
    fn every_operator_can_be_chosen_once() {
        let mut all: Vec<_> = OPERATORS.iter().flat_map(|(_, operators)| operators.iter().copied()).collect();
        assert_eq!(all.len(), 25);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 25);
    }
}
