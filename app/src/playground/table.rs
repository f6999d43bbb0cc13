//! What every flag serves, a page of them at a time.

use domain::access::Action;
use domain::place::PlaceView;
use leptos::prelude::*;

use super::address::Asked;
use super::answer::{Answer, Explanation, PAGE};
use super::page::Nothing;
use super::words;
use crate::place::address;
use crate::ui::search::{Fields, SearchForm};
use crate::ui::time::grouped;

/// Finds flags by their keys. The context and the time stay what they are.
#[component]
pub(super) fn KeyFilter(asked: Memo<Asked>) -> impl IntoView {
    let others = move || {
        let fields = asked.get().fields().into_iter();
        let others = fields.filter(|(name, _)| !["env", "q", "page"].contains(&name.as_str()));
        others.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
    };
    view! {
        <div class="mb-3 min-w-0 grow group-has-[[data-none]]/answer:hidden sm:max-w-72 [&>form]:mt-0">
            <SearchForm fields=Fields::new() label="Flags" about="Filter by key">
                {others}
            </SearchForm>
        </div>
    }
}

#[component]
pub(super) fn Table(place: PlaceView, answer: Answer, asked: Asked) -> impl IntoView {
    let Answer { flags, page, total, .. } = answer;
    if flags.is_empty() {
        return view! { <NoFlags place asked /> }.into_any();
    }
    let first = u64::from(page - 1) * u64::from(PAGE) + 1;
    let last = first + flags.len() as u64 - 1;
    let pages = view! { <Pages asked=asked.clone() page first last total /> };
    let rows = flags.into_iter().map(|flag| row(flag, &asked)).collect_view();
    view! {
        <table class="block w-full rounded-lg border border-line bg-surface @2xl:table @2xl:table-fixed @2xl:border-separate @2xl:border-spacing-0">
            <thead class="hidden text-left text-xs text-muted @2xl:table-header-group">
                <tr>
                    <th scope="col" class="w-[26%] py-2 pl-4 font-medium">"Flag"</th>
                    <th scope="col" class="w-[30%] py-2 pl-3 font-medium">"Value"</th>
                    <th scope="col" class="w-[16%] py-2 pl-3 font-medium">"Variation"</th>
                    <th scope="col" class="py-2 pr-4 pl-3 font-medium">"Why"</th>
                </tr>
            </thead>
            <tbody class="block @2xl:table-row-group">{rows}</tbody>
        </table>
        {pages}
    }
    .into_any()
}

/// What is said where there are no flags, or none that is looked for.
#[component]
fn NoFlags(place: PlaceView, asked: Asked) -> impl IntoView {
    if !asked.search.is_empty() {
        let text = format!("No key has “{}” in it.", asked.search);
        let all = Asked { search: String::new(), page: None, ..asked }.answer();
        let action = Some(view! { <a class="button mt-4" href=all>"Show all flags"</a> }.into_any());
        return view! { <Nothing title="No flag is like this" text action /> }.into_any();
    }
    let action = (!asked.is_past() && place.refusal(Action::CreateFlag).is_none()).then(|| {
        let href = address(&place.of(), "flags/new", None);
        view! { <a class="button button-primary mt-4" href=href>"Create a flag"</a> }.into_any()
    });
    let text = match asked.is_past() {
        true => "There were no flags then.",
        false => "Once this project has flags, their answers are here.",
    };
    view! {
        <div data-none="">
            <Nothing title="No flags" text=text.to_owned() action />
        </div>
    }
    .into_any()
}

/// How many flags there are, and the ways to the others.
#[component]
fn Pages(asked: Asked, page: u32, first: u64, last: u64, total: u64) -> impl IntoView {
    let flags = if total == 1 { "flag" } else { "flags" };
    let count = match first == 1 && last == total {
        true => format!("{} {flags}.", grouped(total)),
        false => format!("{}–{} of {} {flags}.", grouped(first), grouped(last), grouped(total)),
    };
    let to = |page: u32, text: &'static str| view! { <a class="button" href=asked.on_page(page).answer()>{text}</a> };
    let previous = (first > 1).then(|| to(page - 1, "Previous"));
    let next = (last < total).then(|| to(page + 1, "Next"));
    view! {
        <div class="mt-3 flex flex-wrap items-center justify-between gap-3">
            <p class="text-sm text-muted">{count} " Choose one to see each step."</p>
            <nav aria-label="Pages" class="flex gap-2 empty:hidden">{previous} {next}</nav>
        </div>
    }
}

fn row(flag: Explanation, asked: &Asked) -> impl IntoView + use<> {
    let href = asked.of_flag(&flag.flag).answer();
    let value = words::served(flag.value.as_ref(), flag.variation.is_some());
    let dot = if flag.enabled { "bg-on" } else { "border border-edge" };
    let served = if flag.enabled { "on" } else { "off" };
    view! {
        <tr
            data-flag=flag.flag.clone()
            class="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)] gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 text-sm first:border-t-0 hover:bg-sunken/50 @2xl:table-row @2xl:px-0 @2xl:[&>*]:border-t @2xl:[&>*]:border-line @2xl:[&>*]:py-2.5 @2xl:[&>*]:align-baseline"
        >
            <th scope="row" class="min-w-0 text-left font-normal @2xl:pl-4">
                <a class="link font-mono [overflow-wrap:anywhere]" href=href>{flag.flag.clone()}</a>
            </th>
            <td class="flex min-w-0 items-center justify-end gap-2 @2xl:table-cell @2xl:truncate @2xl:pl-3" title=value.clone()>
                <span class=format!("inline-block size-2 shrink-0 rounded-full @2xl:mr-2 {dot}") aria-hidden="true"></span>
                <span class="sr-only">{served}</span>
                <code class="min-w-0 truncate font-mono">{value.clone()}</code>
            </td>
            <td
                class="col-start-2 row-start-2 min-w-0 truncate text-right font-mono text-muted @2xl:pl-3 @2xl:text-left"
                title=flag.variation.clone()
            >
                {flag.variation.clone()}
            </td>
            <td class="col-start-1 row-start-2 min-w-0 text-muted @2xl:pr-4 @2xl:pl-3 @2xl:text-ink">
                {words::reason(flag.reason)}
                <span class="block text-muted [overflow-wrap:anywhere] empty:hidden">{flag.decided}</span>
            </td>
        </tr>
    }
}
