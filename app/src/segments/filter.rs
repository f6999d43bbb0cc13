//! What is looked for: a form whose fields are the address.

use std::time::Duration;

use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::ui::icon::Icon;
use crate::ui::query::filled;

/// How long is waited for more letters.
const REST: Duration = Duration::from_millis(250);

const SORTS: [(&str, &str); 5] = [
    ("", "By key"),
    ("name", "By name"),
    ("-updated", "Renamed last"),
    ("-created", "Newest"),
    ("created", "Oldest"),
];

/// The form. It is sent by itself once somebody stops typing or has chosen; without script it has a button.
#[component]
pub(super) fn Filter() -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let (query, location, navigate) = (use_query_map(), use_location(), use_navigate());
    let value = move |name: &'static str| query.read().get_str(name).unwrap_or_default().to_owned();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked() else { return };
        let Some(query) = filled(&form) else { return };
        let to = format!("{}?{query}", location.pathname.read_untracked());
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    };
    let send = move || {
        if let Some(form) = form.get_untracked() {
            let _ = form.request_submit();
        }
    };
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |_| {
        waiting.update_value(|waiting| {
            if let Some(earlier) = waiting.take() {
                earlier.clear();
            }
            *waiting = set_timeout_with_handle(send, REST).ok();
        });
    };
    let sorts = SORTS.into_iter().map(|(choice, shown)| {
        view! { <option value=choice selected=move || value("sort") == choice>{shown}</option> }
    });
    let button = "<button class=\"button\">Apply</button>";
    view! {
        <form
            node_ref=form
            method="get"
            role="search"
            aria-label="Segments"
            class="mt-4 flex flex-wrap items-center gap-2"
            on:submit=submit
        >
            <input type="hidden" name="env" value=move || value("env") />
            <label class="relative min-w-40 grow sm:max-w-72">
                <span class="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-muted">
                    <Icon of=icondata_lu::LuSearch />
                </span>
                <span class="sr-only">"Key or name"</span>
                <input
                    id="search"
                    name="q"
                    type="search"
                    class="h-8 w-full rounded-md border border-line bg-surface pr-2 pl-8"
                    placeholder="Filter"
                    maxlength="200"
                    autocomplete="off"
                    prop:value=move || value("q")
                    value=value("q")
                    on:input=typed
                />
            </label>
            <select
                name="sort"
                aria-label="Order"
                class="h-8 min-w-0 max-w-40 rounded-md border border-line bg-surface px-2"
                on:change=move |_| send()
            >
                {sorts.collect_view()}
            </select>
            <noscript inner_html=button></noscript>
        </form>
    }
    .into_any()
}
