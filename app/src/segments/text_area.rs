//! A field for several lines.

use leptos::prelude::*;

use crate::ui::escaped;

#[component]
pub(super) fn TextArea(
    #[prop(into)] id: String,
    name: &'static str,
    #[prop(into)] label: String,
    /// What stands in it; whenever that is another text, what was typed is gone.
    #[prop(into)]
    value: Signal<String>,
    #[prop(default = 4)] rows: u32,
    #[prop(default = "")] hint: &'static str,
    /// What is wrong with it.
    #[prop(default = None)]
    wrong: Option<String>,
    #[prop(default = "")] class: &'static str,
) -> impl IntoView {
    // The text itself is a property, which the server cannot write; so it is there as escaped markup, too.
    let written = escaped(&value.get_untracked());
    let about = format!("{id}-about");
    let is_wrong = wrong.is_some();
    let message = wrong.map(|wrong| view! { <span class="text-danger">{wrong} " "</span> });
    view! {
        <div>
            <label class="block text-sm font-medium" for=id.clone()>{label}</label>
            <textarea
                id=id.clone()
                name=name
                class=format!("mt-1 block w-full rounded-md border border-edge bg-surface px-3 py-2 aria-invalid:border-danger {class}")
                rows=rows.to_string()
                spellcheck="false"
                autocomplete="off"
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=about.clone()
                prop:value=value
                inner_html=written
            ></textarea>
            <p id=about.clone() class="mt-1 text-sm text-muted empty:hidden">{message} {(!hint.is_empty()).then_some(hint)}</p>
        </div>
    }
    .into_any()
}
