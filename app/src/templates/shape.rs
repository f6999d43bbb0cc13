//! What a template says of its flags, in short.

use domain::flags::Served;
use domain::templates::Shape;
use leptos::prelude::*;

use crate::flags::words::{kind, serves};

/// Badges: the type, how many values, whether browsers may see them, and the tags.
#[component]
pub(super) fn Badges(shape: Shape) -> impl IntoView {
    let count = format!("{} values", shape.variations.len());
    let browsers = shape.client_side.then(|| view! { <li class="badge">"browsers"</li> });
    let tags = shape.tags.iter().map(|tag| view! { <li class="badge truncate">{tag.clone()}</li> });
    let tags = tags.collect_view();
    view! {
        <ul class="flex min-w-0 flex-wrap gap-1">
            <li class="badge">{kind(shape.kind, shape.value_type)}</li>
            <li class="badge">{count}</li>
            {browsers}
            {tags}
        </ul>
    }
    .into_any()
}

/// The values, for whoever wants to see them.
#[component]
pub(super) fn Values(name: String, shape: Shape) -> impl IntoView {
    let rows = shape.variations.into_iter().map(|variation| {
        view! {
            <tr class="border-t border-line align-top first:border-t-0">
                <th scope="row" class="px-3 py-1.5 text-left font-mono text-sm font-normal [overflow-wrap:anywhere]">{variation.key}</th>
                <td class="px-3 py-1.5 font-mono text-sm [overflow-wrap:anywhere]">{variation.value.to_string()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <details class="min-w-0 open:w-full">
            <summary class="cursor-pointer py-1 text-accent">"Values"<span class="sr-only">" of " {name}</span></summary>
            <table class="mt-1 rounded-md border border-line"><tbody>{rows}</tbody></table>
        </details>
    }
    .into_any()
}

/// What its flags serve once they are on, in words.
pub(super) fn served(shape: &Shape) -> String {
    serves(true, shape.value_type, &Served::of(&shape.configuration))
}
