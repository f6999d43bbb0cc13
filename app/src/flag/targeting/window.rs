//! When the flag may serve anything but its off variation.

use domain::Millis;
use domain::ruleset::Window;
use leptos::prelude::*;

use super::draft::Draft;
use crate::ui::time::{field, parse_utc};

/// The two ends, in UTC, because that is what everybody who shares the flag agrees on.
#[component]
pub(super) fn WindowFields(draft: Draft, #[prop(into)] disabled: Signal<bool>) -> impl IntoView {
    let window = Memo::new(move |_| draft.now.read().window.unwrap_or(Window { from: None, until: None }));
    let set = move |window: Window| {
        let says = window.from.is_some() || window.until.is_some();
        draft.edit(|edited| edited.window = says.then_some(window));
    };
    let from = move |event| {
        let from = parse_utc(&event_target_value(&event)).map(|at| at.0);
        set(Window { from, ..window.get_untracked() });
    };
    let until = move |event| {
        let until = parse_utc(&event_target_value(&event)).map(|at| at.0);
        set(Window { until, ..window.get_untracked() });
    };
    let text = |at: Option<i64>| at.map(|at| field(Millis(at))).unwrap_or_default();
    let class = "input mt-1 h-8 text-sm";
    view! {
        <div class="grid gap-2 sm:grid-cols-2">
            <label class="min-w-0 text-sm">
                "From (UTC)"
                <input
                    type="datetime-local"
                    class=class
                    disabled=disabled
                    prop:value=move || text(window.get().from)
                    value=text(window.get_untracked().from)
                    on:change=from
                />
            </label>
            <label class="min-w-0 text-sm">
                "Until (UTC)"
                <input
                    type="datetime-local"
                    class=class
                    disabled=disabled
                    prop:value=move || text(window.get().until)
                    value=text(window.get_untracked().until)
                    on:change=until
                />
            </label>
        </div>
    }
}
