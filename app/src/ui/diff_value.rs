//! Values of differences: before and now, on one line or each on its own.

use leptos::prelude::*;

/// How many characters of a value are shown before the rest is.
const LONG: usize = 280;

/// How many of those stay.
const CUT: usize = 200;

/// A value as it is shown.
pub(super) struct Said {
    pub(super) text: String,
    /// What it means.
    pub(super) hint: Option<String>,
    /// Whether it is JSON, and no words.
    pub(super) is_code: bool,
}

/// A value on lines of its own, with its sign beside it.
#[component]
pub(super) fn Signed(sign: &'static str, color: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="flex gap-2">
            <span class=format!("shrink-0 font-mono text-xs leading-5 {color}") aria-hidden="true">{sign}</span>
            <div class="min-w-0 grow">{children()}</div>
        </div>
    }
}

#[component]
pub(super) fn Before(value: Said) -> impl IntoView {
    view! {
        <del class="min-w-0 text-muted decoration-danger/60">
            <span class="sr-only">"before: "</span>
            <Shown value />
        </del>
    }
}

#[component]
pub(super) fn After(value: Said) -> impl IntoView {
    view! {
        <ins class="min-w-0 font-medium no-underline">
            <span class="sr-only">"now: "</span>
            <Shown value />
        </ins>
    }
}

/// A value: whole where it is not long, otherwise its beginning with a way to the rest.
#[component]
fn Shown(value: Said) -> impl IntoView {
    let Said { text, hint, is_code } = value;
    let hint = hint.map(|hint| view! { <span class="ml-1.5 text-xs font-normal text-muted">{hint}</span> });
    let code = "font-mono text-xs [overflow-wrap:anywhere] whitespace-pre-wrap";
    let length = text.chars().count();
    if !is_code {
        return view! { <span class="[overflow-wrap:anywhere]">{text}</span>{hint} }.into_any();
    }
    if length <= LONG {
        return view! { <code class=code>{text}</code>{hint} }.into_any();
    }
    let cut: String = text.chars().take(CUT).collect();
    view! {
        <details class="group/value">
            <summary class="cursor-pointer list-none [&::-webkit-details-marker]:hidden">
                <code class=format!("{code} group-open/value:hidden")>{cut}"…"</code>
                <span class="ml-1 text-xs font-normal whitespace-nowrap text-accent group-open/value:hidden">
                    {format!("Show all {} characters", super::time::grouped(length as u64))}
                </span>
                <span class="hidden text-xs font-normal text-accent group-open/value:inline">"Show less"</span>
            </summary>
            <code class=format!("block max-h-96 overflow-y-auto {code}") tabindex="0">{text}</code>
        </details>
    }
    .into_any()
}
