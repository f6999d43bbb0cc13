//! When the flag may serve anything but its off variation.

use domain::Millis;
use domain::ruleset::Window;
use leptos::prelude::*;

use super::draft::Draft;
use crate::ui::icon::Icon;
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
    let says = move || window.read().from.is_some() || window.read().until.is_some();
    // What is open stays so: somebody may be about to type another time.
    let is_open = Memo::new(move |before| before == Some(&true) || says());
    let set_one = match disabled.get_untracked() {
        true => view! { <summary tabindex="-1" class="pointer-events-none list-none text-sm text-muted group-open:hidden [&::-webkit-details-marker]:hidden">"None."</summary> }
            .into_any(),
        false => view! {
            <summary class="button group-open:hidden [&::-webkit-details-marker]:hidden">
                <Icon of=icondata_lu::LuPlus />
                "Set a time window"
            </summary>
        }
        .into_any(),
    };
    view! {
        <details class="group" open=is_open>
            {set_one}
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
        </details>
    }
    .into_any()
}
