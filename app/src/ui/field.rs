//! A form's field with its label, what to know about it, and what is wrong with it.

use leptos::prelude::*;

use crate::flash::Flash;

#[component]
pub(crate) fn Field(
    /// What was said of the form that it belongs to.
    flash: Flash,
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "")] autocomplete: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    /// What stands in it unless something else was typed.
    #[prop(optional, into)]
    value: String,
    #[prop(default = true)] required: bool,
) -> impl IntoView {
    let id = format!("{}-{name}", flash.form.replace('/', "-"));
    let wrong = flash.wrong(name);
    let described = wrong.as_ref().map(|_| format!("{id}-wrong")).or(hint.map(|_| format!("{id}-hint")));
    let typed = flash.typed(name);
    let value = (kind != "password").then_some(if typed.is_empty() { value } else { typed });
    let message = match (&wrong, hint) {
        (Some(wrong), _) => {
            view! { <p id=format!("{id}-wrong") class="mt-1 text-sm text-danger">{wrong.clone()}</p> }
                .into_any()
        }
        (None, Some(hint)) => {
            view! { <p id=format!("{id}-hint") class="mt-1 text-sm text-muted">{hint}</p> }.into_any()
        }
        (None, None) => ().into_any(),
    };
    view! {
        <div>
            <label class="block text-sm font-medium" for=id.clone()>{label}</label>
            <input
                id=id.clone()
                class="input mt-1"
                name=name
                type=kind
                autocomplete=autocomplete
                required=required
                value=value
                aria-invalid=wrong.is_some().then_some("true")
                aria-describedby=described
            />
            {message}
        </div>
    }
}

/// A field to choose one of a few in.
#[component]
pub(crate) fn Choice(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <label class="block text-sm font-medium" for=id>{label}</label>
            <select id=id name=name class="input mt-1">{children()}</select>
        </div>
    }
}
