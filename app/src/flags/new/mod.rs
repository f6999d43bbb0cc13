//! A new flag: a form on a page of its own, and in a dialog above the list.

mod dialog;
mod form;
mod kinds;
mod rollout;
mod said;
mod template;
mod variations;

use domain::TemplateKey;
use domain::access::Action;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::filled::FORM;
use crate::flash::{Flash, flash};
use crate::place::{Placed, address};
use crate::templates::load_templates;
use crate::ui::frame::Back;
use crate::ui::guarded::Reason;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Problem;
use crate::ui::waiting::{Waiting, awaited};
use form::{Asked, NewFlagForm};

pub(super) use dialog::{NewButton, NewDialog, open};

#[component]
pub(crate) fn NewFlagPage() -> impl IntoView {
    provide_context(flash());
    view! { <Placed title="New flag" page=|place| view! { <NewFlag place /> }.into_any() /> }
}

#[component]
fn NewFlag(place: PlaceView) -> impl IntoView {
    let (of, query) = (place.of(), use_query_map());
    let flash = use_context::<Flash>().unwrap_or_default().of(FORM);
    // Blocking: the form is whole in the answer.
    let typed = Some(flash.typed("template")).filter(|key| !key.is_empty());
    let chosen = typed.or(Asked::read(&query.read_untracked()).template);
    let chosen = chosen.and_then(|key| key.parse::<TemplateKey>().ok());
    let templates = Loaded::blocking(
        || (),
        move |()| {
            let (of, chosen) = (of.clone(), chosen.clone());
            async move {
                let found = load_templates(of.organization, of.project, None, chosen).await;
                found.map(|found| found.templates)
            }
        },
    );
    let refusal = place.refusal(Action::CreateFlag);
    let is_refused = refusal.is_some();
    let list = address(&place.of(), "flags", None);
    let place = StoredValue::new(place);
    let form = (!is_refused).then(|| {
        view! {
            <Transition fallback=Waiting>
                {awaited(move || {
                    let (flash, query) = (flash.clone(), query.get_untracked());
                    Suspend::new(async move {
                        match templates.await {
                            Ok(templates) => {
                                let place = place.get_value();
                                let back = address(&place.of(), "flags", None);
                                let asked = Asked::read(&query);
                                let cancel = view! { <a class="button" href=back>"Cancel"</a> }.into_any();
                                view! { <NewFlagForm place templates asked flash cancel /> }.into_any()
                            }
                            Err(error) => view! { <Problem error /> }.into_any(),
                        }
                    })
                })}
            </Transition>
        }
    });
    view! {
        <main class="page page-narrow">
            <div><Back href=list name="Flags" /></div>
            <h1 class="mt-2 text-xl font-semibold tracking-tight">"New flag"</h1>
            <div class="mt-4"><Reason refusal /></div>
            {form}
        </main>
    }
    .into_any()
}
