//! What is looked for in a list: a form whose fields are the address.

use std::time::Duration;

use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

use super::icon::Icon;
use super::query::filled;

/// How long is waited for more letters.
const REST: Duration = Duration::from_millis(250);

/// The form's fields, and what the address says of them.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    form: NodeRef<Form>,
    query: Memo<ParamsMap>,
    /// Sends it once somebody has stopped typing.
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Fields {
    pub(crate) fn new() -> Self {
        let fields = Self { form: NodeRef::new(), query: use_query_map(), waiting: StoredValue::new(None) };
        // It would send a form that is gone.
        on_cleanup(move || fields.wait_no_longer());
        fields
    }

    /// What the address says; nothing where it says nothing.
    pub(crate) fn value(self, name: &str) -> String {
        self.query.read().get_str(name).unwrap_or_default().to_owned()
    }

    /// Looks for what is in the fields now. In the browser only.
    pub(crate) fn send(self) {
        if let Some(form) = self.form.get_untracked() {
            let _ = form.request_submit();
        }
    }

    /// Sends them soon, unless they are sent before.
    fn send_soon(self) {
        self.wait_no_longer();
        self.waiting.set_value(set_timeout_with_handle(move || self.send(), REST).ok());
    }

    fn wait_no_longer(self) {
        if let Some(earlier) = self.waiting.try_update_value(Option::take).flatten() {
            earlier.clear();
        }
    }

    /// A field with choices, of which the first is for whoever chooses nothing.
    pub(crate) fn select(
        self,
        name: &'static str,
        label: &'static str,
        choices: &'static [(&'static str, &'static str)],
    ) -> AnyView {
        let options = choices.iter().map(|(choice, shown)| {
            view! { <option value=*choice selected=move || self.value(name) == *choice>{*shown}</option> }
        });
        view! {
            <select
                name=name
                aria-label=label
                class="h-8 min-w-0 max-w-40 rounded-md border border-line bg-surface px-2"
                on:change=move |_| self.send()
            >
                {options.collect_view()}
            </select>
        }
        .into_any()
    }
}

/// The form: a box to type into, and other fields. Whoever changes one sends it, also who stops typing; without script it has a
/// button.
#[component]
pub(crate) fn SearchForm(
    fields: Fields,
    /// What is looked for.
    label: &'static str,
    /// Where what is typed is looked for.
    about: &'static str,
    children: Children,
) -> impl IntoView {
    let (location, navigate) = (use_location(), use_navigate());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        fields.wait_no_longer();
        let Some(form) = fields.form.get_untracked() else { return };
        let Some(query) = filled(&form) else { return };
        let to = format!("{}?{query}", location.pathname.read_untracked());
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    };
    let button = "<button class=\"button\">Apply</button>";
    view! {
        <form
            node_ref=fields.form
            method="get"
            role="search"
            aria-label=label
            class="mt-4 flex flex-wrap items-center gap-2"
            on:submit=submit
        >
            <input type="hidden" name="env" value=move || fields.value("env") />
            <label class="relative min-w-40 grow sm:max-w-72 sm:basis-40">
                <span class="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-muted">
                    <Icon of=icondata_lu::LuSearch />
                </span>
                <span class="sr-only">{about}</span>
                <input
                    id="search"
                    name="q"
                    type="search"
                    class="h-8 w-full rounded-md border border-line bg-surface pr-2 pl-8"
                    placeholder="Filter"
                    maxlength="200"
                    autocomplete="off"
                    prop:value=move || fields.value("q")
                    value=fields.value("q")
                    on:input=move |_| fields.send_soon()
                />
            </label>
            {children()}
            <noscript inner_html=button></noscript>
        </form>
    }
    .into_any()
}
