//! The templates that a flag can be made from.

use domain::templates::TemplateView;
use leptos::prelude::*;

use super::said::{Hint, Said};
use crate::flags::words::kind;

/// As many are asked for at once.
const MOST: usize = 100;

/// A choice among the project's templates; nothing where there are none. Which one is chosen decides, by the stylesheet,
/// what else is asked for.
#[component]
pub(super) fn Templates(
    said: Said,
    /// Where they are managed.
    manage: String,
    templates: Vec<TemplateView>,
    /// The key of the one that is asked for.
    chosen: String,
) -> impl IntoView {
    let is_known = templates.iter().any(|template| template.key.as_str() == chosen);
    let missing = (!is_known && !chosen.is_empty()).then(|| {
        view! {
            <p class="rounded-md border border-line px-3 py-2 text-sm [overflow-wrap:anywhere]">
                "There is no template " <code class="font-mono">{chosen.clone()}</code> ": the flag is made from scratch."
            </p>
        }
    });
    if templates.is_empty() {
        return view! {
            {missing}
            <p class="text-sm text-muted">
                "Flags of a sort can be made from a template: "<a class="link" href=manage>"make one of a flag"</a>"."
            </p>
        }
        .into_any();
    }
    let more =
        (templates.len() >= MOST).then_some("There each of them leads to a new flag; here are the first.");
    let cards = templates.into_iter().map(|template| {
        let TemplateView { key, name, description, shape, .. } = template;
        let is_chosen = key.as_str() == chosen;
        let browsers = shape.client_side.then(|| view! { <span class="badge">"browsers"</span> });
        let count = format!("{} values", shape.variations.len());
        view! {
            <Card value=key.to_string() class="template box" is_chosen>
                <span class="font-medium [overflow-wrap:anywhere]">{name}</span>
                <span class="mt-1 flex flex-wrap gap-1">
                    <span class="badge">{kind(shape.kind, shape.value_type)}</span>
                    <span class="badge">{count}</span>
                    {browsers}
                </span>
                <span class="mt-1 block text-sm text-muted [overflow-wrap:anywhere]">{description}</span>
            </Card>
        }
    });
    let cards = cards.collect_view();
    view! {
        <fieldset class="min-w-0">
            <legend class="text-sm font-medium">"Start from"</legend>
            <div class="mt-2 grid max-h-72 gap-2 overflow-y-auto sm:grid-cols-2">
                <Card value=String::new() class="box" is_chosen=!is_known>
                    <span class="font-medium">"Scratch"</span>
                    <span class="block text-sm text-muted">"Choose its type and its values."</span>
                </Card>
                {cards}
            </div>
            <Hint said name="template" hint="" id="new-flag-template-hint".to_owned() />
            <p class="mt-1 text-sm"><a class="link" href=manage>"Manage templates"</a>{more.map(|more| format!(". {more}"))}</p>
        </fieldset>
        {missing}
    }
    .into_any()
}

#[component]
fn Card(value: String, class: &'static str, is_chosen: bool, children: Children) -> impl IntoView {
    view! {
        <label class="flex min-w-0 cursor-pointer items-start gap-2 rounded-md border border-line bg-surface px-3 py-2 has-checked:border-accent has-checked:bg-accent/8 has-focus-visible:outline-2 has-focus-visible:outline-accent">
            <input class=format!("mt-0.5 {class}") type="radio" name="template" value=value checked=is_chosen />
            <span class="min-w-0">{children()}</span>
        </label>
    }
}
