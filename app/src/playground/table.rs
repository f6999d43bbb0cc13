//! What every flag serves.

use leptos::prelude::*;

use super::address::Asked;
use super::answer::Explanation;
use super::page::Nothing;
use super::words;
use crate::ui::time::grouped;

#[component]
pub(super) fn Table(flags: Vec<Explanation>, asked: Asked) -> impl IntoView {
    if flags.is_empty() {
        let text = "There were no flags then.".to_owned();
        return view! { <Nothing title="No flags" text /> }.into_any();
    }
    let count = flags.len();
    let rows = flags.into_iter().map(|flag| row(flag, &asked)).collect_view();
    view! {
        <table class="block w-full rounded-lg border border-line bg-surface md:table md:table-fixed md:border-separate md:border-spacing-0">
            <thead class="hidden text-left text-xs text-muted md:table-header-group">
                <tr>
                    <th scope="col" class="w-[30%] py-2 pl-4 font-medium">"Flag"</th>
                    <th scope="col" class="py-2 pl-3 font-medium">"Value"</th>
                    <th scope="col" class="py-2 pl-3 font-medium">"Variation"</th>
                    <th scope="col" class="w-[26%] py-2 pl-3 font-medium">"Why"</th>
                    <th scope="col" class="py-2 pr-4 pl-3 font-medium">"Rule"</th>
                </tr>
            </thead>
            <tbody class="block md:table-row-group">{rows}</tbody>
        </table>
        <p class="mt-3 text-sm text-muted">
            {grouped(count as u64)} {if count == 1 { " flag. " } else { " flags. " }} "Choose one to see each step."
        </p>
    }
    .into_any()
}

fn row(flag: Explanation, asked: &Asked) -> impl IntoView + use<> {
    let href = asked.of_flag(&flag.flag).query();
    let value = words::served(flag.value.as_ref(), flag.variation.is_some());
    let dot = if flag.enabled { "bg-on" } else { "border border-edge" };
    let served = if flag.enabled { "on" } else { "off" };
    let rule = flag.rule.map(|rule| {
        view! {
            <span class="text-xs text-muted md:hidden">"rule "</span>
            <span class="font-mono text-xs [overflow-wrap:anywhere]">{rule}</span>
        }
    });
    view! {
        <tr
            data-flag=flag.flag.clone()
            class="grid grid-cols-2 gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 first:border-t-0 hover:bg-sunken/50 md:table-row md:px-0 md:[&>*]:border-t md:[&>*]:border-line md:[&>*]:py-2.5 md:first:[&>*]:border-t-0"
        >
            <th scope="row" class="col-span-2 min-w-0 text-left align-top font-normal md:pl-4">
                <a class="font-mono text-sm [overflow-wrap:anywhere] hover:underline" href=href>{flag.flag.clone()}</a>
            </th>
            <td class="min-w-0 align-top md:pl-3">
                <span class="flex min-w-0 items-center gap-2">
                    <span class=format!("size-2 shrink-0 rounded-full {dot}") aria-hidden="true"></span>
                    <span class="sr-only">{served}</span>
                    <code class="min-w-0 truncate font-mono text-sm" title=value.clone()>{value.clone()}</code>
                </span>
            </td>
            <td class="min-w-0 truncate align-top font-mono text-sm text-muted md:pl-3" title=flag.variation.clone()>
                {flag.variation.clone()}
            </td>
            <td class="min-w-0 align-top text-sm md:pl-3">{words::reason(flag.reason)}</td>
            <td class="min-w-0 align-top md:pr-4 md:pl-3">{rule}</td>
        </tr>
    }
}
