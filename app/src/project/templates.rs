//! The project's templates: their names, and their end. They are made of flags, on the pages of those.

use domain::Millis;
use domain::access::Action;
use domain::place::PlaceView;
use leptos::prelude::*;

use super::TEMPLATES;
use super::api::Template;
use crate::flash::{Flash, Message};
use crate::place::address;
use crate::ui::frame::Section;
use crate::ui::guarded::{Guarded, Reason};
use crate::ui::time::{ago, exact};

#[component]
pub(super) fn Templates(
    place: PlaceView,
    templates: Vec<Template>,
    /// Whether there are more than these.
    more: bool,
    now: Millis,
    flash: Flash,
) -> impl IntoView {
    let base = address(&place.of(), "settings/templates", None);
    let refusal = place.refusal(Action::ManageTemplates);
    let is_empty = templates.is_empty();
    let note = refusal.clone().filter(|_| !is_empty);
    let rows = templates.into_iter().map(|template| row(template, &base, now, refusal.is_none()));
    let rows = rows.collect_view();
    view! {
        <Section id="templates" title="Templates" about="Shapes that new flags begin with. What becomes of a template does not matter to its flags.">
            {is_empty.then(|| view! { <p class="text-muted">"There is none yet."</p> })}
            <Reason refusal=note />
            <ul class="-mt-2 divide-y divide-line empty:hidden">{rows}</ul>
            {more.then(|| view! { <p class="mt-2 text-sm text-muted">"There are more. The API lists them all."</p> })}
            <Message flash form=TEMPLATES fields=&[] />
        </Section>
    }
    .into_any()
}

fn row(template: Template, base: &str, now: Millis, may: bool) -> AnyView {
    let Template { key, name, description, updated_at } = template;
    let key = key.to_string();
    let forms = may.then(|| {
        let id = |field: &str| format!("template-{key}-{field}");
        let (name_id, name_for) = (id("name"), id("name"));
        let (about_id, about_for) = (id("description"), id("description"));
        let (confirm_id, confirm_for) = (id("confirm"), id("confirm"));
        let summary = "cursor-pointer text-accent";
        let (whose, deleted) = (key.clone(), key.clone());
        let label = "block text-sm font-medium";
        let (name, description, typed) = (name.clone(), description.clone(), key.clone());
        view! {
            <div class="mt-1 flex flex-wrap gap-x-4 gap-y-2 text-sm">
                <details class="open:w-full">
                    <summary class=summary>"Rename"<span class="sr-only">" " {whose.clone()}</span></summary>
                    <div class="mt-3 text-base">
                        <Guarded action=format!("{base}/rename") refusal=None>
                            <input type="hidden" name="template" value=whose.clone() />
                            <div>
                                <label class=label for=name_for.clone()>"Name of the template"</label>
                                <input id=name_id.clone() class="input mt-1" name="name" required=true maxlength="200" autocomplete="off" value=name.clone() />
                            </div>
                            <div>
                                <label class=label for=about_for.clone()>"What it is for"</label>
                                <input id=about_id.clone() class="input mt-1" name="description" maxlength="2000" autocomplete="off" value=description.clone() />
                            </div>
                            <button class="button justify-self-start">"Save the template"</button>
                        </Guarded>
                    </div>
                </details>
                <details class="open:w-full">
                    <summary class=summary>"Delete"<span class="sr-only">" " {deleted.clone()}</span></summary>
                    <div class="mt-3 text-base">
                        <Guarded action=format!("{base}/delete") refusal=None>
                            <input type="hidden" name="template" value=deleted.clone() />
                            <div>
                                <label class=label for=confirm_for.clone()>"Key of the template, to confirm"</label>
                                <input id=confirm_id.clone() class="input mt-1 font-mono" name="confirm" required=true autocomplete="off" placeholder=typed.clone() />
                            </div>
                            <button class="button button-danger justify-self-start">"Delete the template"</button>
                        </Guarded>
                    </div>
                </details>
            </div>
        }
    });
    view! {
        <li data-template=key.clone() class="min-w-0 py-2">
            <p class="flex flex-wrap items-baseline gap-x-2 [overflow-wrap:anywhere]">
                <span class="font-medium">{name.clone()}</span>
                <code class="font-mono text-xs text-muted">{key.clone()}</code>
                <span class="text-sm text-muted">"changed " <time title=exact(updated_at)>{ago(now, updated_at)}</time></span>
            </p>
            <p class="text-sm text-muted [overflow-wrap:anywhere] empty:hidden">{description.clone()}</p>
            {forms}
        </li>
    }
    .into_any()
}
