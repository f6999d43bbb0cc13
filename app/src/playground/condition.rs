//! A condition with every part of it, and whether each holds.

use leptos::prelude::*;

use super::answer::{Held, InSegment, Membership, Missed, Parts, Test};
use super::explanation::MarkView;
use super::step::Mark;
use super::words;

/// An entry of a list. It contains itself, so it is erased.
#[component]
pub(super) fn ConditionView(held: Held) -> AnyView {
    let Held { held, condition } = held;
    let (words, inside) = match condition {
        Parts::All(parts) if parts.is_empty() => ("Always".into_any(), Vec::new()),
        Parts::All(parts) => ("All of these".into_any(), parts),
        Parts::Any(parts) => ("Any of these".into_any(), parts),
        Parts::Not(part) => ("Not".into_any(), vec![*part]),
        Parts::Test(test) => (self::test(test), Vec::new()),
        Parts::Segments { negated, segments } => return self::segments(held, negated, segments),
    };
    let inside = inside.into_iter().map(|part| view! { <ConditionView held=part /> }).collect_view();
    entry(held, words, inside.into_any())
}

fn entry(held: bool, words: AnyView, inside: AnyView) -> AnyView {
    view! {
        <li class="py-1">
            <div class="flex flex-wrap items-baseline justify-between gap-x-3">
                <span class="min-w-0 flex-1 basis-40 text-sm [overflow-wrap:anywhere]">{words}</span>
                <MarkView mark=Mark::test(held) />
            </div>
            <ul class="ml-1 border-l border-line pl-3 empty:hidden">{inside}</ul>
        </li>
    }
    .into_any()
}

fn test(test: Test) -> AnyView {
    let Test { attribute, op, values, values_count, actual, missed } = test;
    let values = op.takes_values().then(|| words::values(&values, values_count));
    let has = match missed {
        Some(Missed::Missing) => "The context has none".to_owned(),
        Some(Missed::NotComparable) => format!("{} cannot be compared so", words::actual(actual.as_ref())),
        Some(Missed::NoMatch) | None => format!("It is {}", words::actual(actual.as_ref())),
    };
    view! {
        <code class="font-mono font-medium">{attribute}</code>
        " "
        {words::operator(op)}
        " "
        <code class="font-mono">{values}</code>
        <span class="block text-muted">{has}</span>
    }
    .into_any()
}

fn segments(held: bool, negated: bool, segments: Vec<InSegment>) -> AnyView {
    let one = segments.len() == 1;
    let words = match (negated, one) {
        (false, true) => "In the segment",
        (false, false) => "In one of the segments",
        (true, true) => "Not in the segment",
        (true, false) => "In none of the segments",
    };
    let inside = segments.into_iter().map(|segment| {
        let InSegment { segment, held, by, condition } = segment;
        let why = match by {
            Membership::Excluded => "Excluded by name",
            Membership::Included => "Included by name",
            Membership::Condition => "Its condition matches",
            Membership::None => "Not named, and its condition does not match",
        };
        let words = view! {
            <code class="font-mono font-medium">{segment}</code>
            <span class="block text-muted">{why}</span>
        };
        let inside = condition.map(|condition| view! { <ConditionView held=condition /> });
        entry(held, words.into_any(), inside.into_any())
    });
    entry(held, words.into_any(), inside.collect_view().into_any())
}
