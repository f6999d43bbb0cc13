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
    // Below each other: beside each other columns would cut their times off.
    let (label, class) = ("flex min-w-0 items-center gap-2 text-sm", "input h-8 min-w-0 flex-1 text-sm");
    view! {
        <div class="grid gap-2">
            <label class=label>
                <span class="w-20 shrink-0">"From (UTC)"</span>
                <input
                    type="datetime-local"
                    class=class
                    disabled=disabled
                    prop:value=move || text(window.get().from)
                    value=text(window.get_untracked().from)
                    on:change=from
                />
            </label>
            <label class=label>
                <span class="w-20 shrink-0">"Until (UTC)"</span>
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
