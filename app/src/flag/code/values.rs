//! What code can be answered with.

use domain::flags::FlagView;
use domain::ruleset::ValueType;
use leptos::prelude::*;

use crate::ui::inline;

#[component]
pub(super) fn Values(
    flag: FlagView,
    /// The variation that is served while it is off.
    off: Option<String>,
) -> impl IntoView {
    let kind = match flag.value_type {
        ValueType::Boolean => "a boolean",
        ValueType::String => "a text",
        ValueType::Number => "a number",
        ValueType::Json => "JSON",
    };
    let rows = flag.variations.into_iter().map(|variation| {
        let is_off = Some(&variation.key) == off.as_ref();
        let badge = is_off.then(|| view! { <span class="badge">"while off"</span> });
        view! {
            <tr class="border-t border-line align-top text-sm">
                <th scope="row" class="w-px px-3 py-2 text-left font-normal">
                    <span class="mr-2 inline-block w-max max-w-32 font-mono [overflow-wrap:anywhere]">{variation.key}</span>
                    {badge}
                </th>
                <td class="px-3 py-2 font-mono [overflow-wrap:anywhere]">
                    <span class="line-clamp-4">{inline::text(&variation.value)}</span>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="min-w-0">
            <h2 class="font-medium">"What it answers"</h2>
            <p class="mt-0.5 text-sm text-muted">{format!("It is {kind}. Your code names a default, used when Togglebit cannot be reached.")}</p>
            <div class="mt-2 max-h-96 overflow-auto rounded-lg border border-line bg-surface" tabindex="0" role="region" aria-label="What it answers">
                <table class="w-full">
                    <thead class="text-xs text-muted">
                        <tr>
                            <th scope="col" class="px-3 py-2 text-left font-medium">"Variation"</th>
                            <th scope="col" class="px-3 py-2 text-left font-medium">"Value"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
