//! One template.

use domain::access::Action;
use domain::place::PlaceView;
use domain::templates::TemplateView;
use domain::{Error, TemplateKey};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::api::load_template;
use super::shape::{Badges, served};
use super::{DELETE, UPDATE};
use crate::error::UiError;
use crate::flash::{Flash, Message, flash};
use crate::place::{Placed, address};
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;
use crate::ui::icon::Icon;
use crate::ui::refused::Problem;
use crate::ui::waiting::Waiting;

#[component]
pub(crate) fn TemplatePage() -> impl IntoView {
    provide_context(flash());
    view! { <Placed title="Template" page=|place| view! { <One place /> }.into_any() /> }
}

#[component]
fn One(place: PlaceView) -> impl IntoView {
    let (of, params) = (place.of(), use_params_map());
    let flash = use_context::<Flash>().unwrap_or_default();
    let key =
        Memo::new(move |_| params.read().get_str("key").and_then(|key| key.parse::<TemplateKey>().ok()));
    // Blocking: the answer waits for it, so that it has the right status.
    let template = Resource::new_blocking(
        move || key.get(),
        move |key| {
            let of = of.clone();
            async move {
                let key = key.ok_or_else(|| UiError::Rejected(Error::not_found("template")))?;
                load_template(of.organization, of.project, key).await
            }
        },
    );
    let place = StoredValue::new(place);
    view! {
        <main class="mx-auto max-w-[1200px] px-4 py-6 sm:px-6">
            <Transition fallback=Waiting>
                {move || {
                    let flash = flash.clone();
                    Suspend::new(async move {
                        match template.await {
                            Ok(template) => view! { <Shown place=place.get_value() template flash /> }.into_any(),
                            Err(error) => view! { <Problem error /> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </main>
    }
    .into_any()
}

#[component]
fn Shown(place: PlaceView, template: TemplateView, flash: Flash) -> impl IntoView {
    let of = place.of();
    let TemplateView { key, name, description, shape, .. } = template;
    let list = address(&of, "templates", None);
    let base = address(&of, &format!("templates/{key}"), None);
    let flag = address(&of, "flags/new", None);
    let refusal = place.refusal(Action::ManageTemplates);
    let make = place.refusal(Action::CreateFlag).is_none().then(|| {
        view! {
            <a class="button button-primary" href=format!("{flag}?template={key}")>
                <Icon of=icondata_lu::LuPlus />
                "New flag from it"
            </a>
        }
    });
    let serves = served(&shape);
    let rows = shape.variations.iter().map(|variation| {
        view! {
            <tr class="border-t border-line align-top first:border-t-0">
                <th scope="row" class="px-3 py-2 text-left font-mono text-sm font-normal [overflow-wrap:anywhere]">{variation.key.clone()}</th>
                <td class="px-3 py-2 font-mono text-sm [overflow-wrap:anywhere]">{variation.value.to_string()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let (update, delete) = (flash.of(UPDATE), flash.of(DELETE));
    let (typed, title) = (key.to_string(), name.clone());
    let (rename, remove) = (format!("{base}/update"), format!("{base}/delete"));
    let (told, reason) = (flash.clone(), refusal.clone());
    let words = view! {
        <Section title="Words">
                <Guarded action=rename refusal=reason>
                    <Field flash=update.clone() name="name" label="Name" autocomplete="off" value=name />
                    <Field flash=update name="description" label="Description" autocomplete="off" required=false value=description />
                    <button class="button justify-self-start">"Save"</button>
                </Guarded>
                <Message flash=told form=UPDATE fields=&["name", "description"] />
            </Section>
    };
    view! {
        <a class="inline-flex items-center gap-1.5 text-sm text-muted hover:text-ink hover:underline" href=list>
            <Icon of=icondata_lu::LuArrowLeft />
            "Templates"
        </a>
        <div class="mt-2 mb-6 flex flex-wrap items-start justify-between gap-3">
            <div class="min-w-0">
                <h1 class="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{title}</h1>
                <code class="font-mono text-sm text-muted [overflow-wrap:anywhere]">{key.to_string()}</code>
            </div>
            {make}
        </div>
        <Section title="Shape" about="What its flags are and do once they are switched on. The API changes it.">
            <Badges shape />
            <p class="mt-2">{serves}</p>
            <div class="mt-3 max-h-96 overflow-auto rounded-lg border border-line bg-surface" tabindex="0" role="region" aria-label="Values">
                <table class="w-full"><tbody>{rows}</tbody></table>
            </div>
        </Section>
        {words}
        <Section title="Delete" about="Flags that were made of it stay.">
            <Guarded action=remove refusal>
                <p class="text-sm [overflow-wrap:anywhere]">"Type " <code class="font-mono">{typed}</code> " to confirm."</p>
                <Field flash=delete name="confirm" label="Key" autocomplete="off" />
                <button class="button button-danger justify-self-start">"Delete template"</button>
            </Guarded>
            <Message flash form=DELETE fields=&["confirm"] />
        </Section>
    }
    .into_any()
}
