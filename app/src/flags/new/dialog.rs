//! The form above the list. Without script, in a new tab and for links from elsewhere it is a page.

use domain::EnvironmentKey;
use domain::place::PlaceView;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::form::{Asked, NewFlagForm};
use crate::flags::filled::FORM;
use crate::flash::Flash;
use crate::templates::load_templates;
use crate::ui::by_id;
use crate::ui::dialog::Dialog;
use crate::ui::guarded::Off;
use crate::ui::icon::Icon;
use crate::ui::later::{Later, later};
use crate::ui::loaded::Loaded;
use crate::ui::refused::Problem;
use crate::ui::waiting::Waiting;

const ID: &str = "new-flag";

/// The way to a new flag; where one lacks the right, the reason.
#[component]
pub(in crate::flags) fn NewButton(
    #[prop(into)] href: Signal<String>,
    refusal: Option<String>,
    on_open: Callback<()>,
) -> impl IntoView {
    let click = move |event: MouseEvent| {
        let wants_a_tab = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.button() == 0 && !wants_a_tab {
            event.prevent_default();
            on_open.run(());
        }
    };
    match refusal {
        None => view! {
            <a id=crate::place::NEW class="button button-primary" href=href on:click=click>
                <Icon of=icondata_lu::LuPlus />
                "New flag"
            </a>
        }
        .into_any(),
        Some(reason) => view! { <Off reason><Icon of=icondata_lu::LuPlus />"New flag"</Off> }.into_any(),
    }
}

/// The dialog. Its form is made when it is opened first, and kept: Escape loses nothing that was typed.
#[component]
pub(in crate::flags) fn NewDialog(
    place: PlaceView,
    #[prop(into)] environment: Signal<Option<EnvironmentKey>>,
    /// Whether it was opened.
    opened: RwSignal<bool>,
) -> impl IntoView {
    let place = StoredValue::new(place);
    let body = move || {
        opened
            .get()
            .then(|| view! { <Later fetch=move || form(place.get_value(), environment.get_untracked()) /> })
    };
    view! { <Dialog id=ID title="New flag" wide=true>{body}</Dialog> }
}

later! { form_in_flags:
    fn form(place: PlaceView, environment: Option<EnvironmentKey>) {
        view! { <Form place environment /> }.into_any()
    }
}

#[component]
fn Form(place: PlaceView, environment: Option<EnvironmentKey>) -> impl IntoView {
    let of = place.of();
    let templates = Loaded::new(
        || (),
        move |()| {
            let of = of.clone();
            async move { load_templates(of.organization, of.project, None, None).await }
        },
    );
    let place = StoredValue::new(place);
    let drawn = move || {
        let asked = Asked { environment: environment.clone(), template: None };
        Suspend::new(async move {
            let templates = match templates.await {
                Ok(found) => found.templates,
                Err(error) => return view! { <Problem error aside=true /> }.into_any(),
            };
            let flash = Flash { form: FORM.to_owned(), ..Flash::default() };
            let cancel =
                view! { <button type="button" class="button" on:click=|_| close()>"Cancel"</button> };
            let (place, cancel) = (place.get_value(), cancel.into_any());
            Effect::new(|_| request_animation_frame(begin));
            view! { <NewFlagForm place templates asked flash cancel in_dialog=true /> }.into_any()
        })
    };
    view! { <Suspense fallback=Waiting>{drawn}</Suspense> }
}

/// Opens the dialog. In the browser only.
pub(in crate::flags) fn open(opened: RwSignal<bool>) {
    // Once: what is drawn stays.
    if !opened.get_untracked() {
        opened.set(true);
    }
    if let Some(dialog) = dialog().filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
        begin();
    }
}

/// Goes to the first field, once it is there.
fn begin() {
    let field =
        dialog().and_then(|dialog| dialog.query_selector("form input:not([type=hidden])").ok().flatten());
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

fn dialog() -> Option<web_sys::HtmlDialogElement> {
    by_id(ID)
}
