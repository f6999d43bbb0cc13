//! The form above the list. Without script, in a new tab and for links from elsewhere it is a page.

use domain::EnvironmentKey;
use domain::place::PlaceView;
use domain::templates::TemplateView;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::{Asked, NewFlagForm};
use crate::error::UiError;
use crate::flags::filled::FORM;
use crate::flash::Flash;
use crate::templates::load_templates;
use crate::ui::by_id;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::refused::Problem;
use crate::ui::waiting::Waiting;

const ID: &str = "new-flag";

/// The templates, once somebody wants a flag. What was typed stays until then, so it is asked for once.
pub(in crate::flags) type Opened = RwSignal<Option<Result<Vec<TemplateView>, UiError>>>;

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
        Some(reason) => view! {
            <span class="button cursor-not-allowed bg-sunken text-muted" aria-disabled="true" title=reason>
                <Icon of=icondata_lu::LuPlus />
                "New flag"
            </span>
        }
        .into_any(),
    }
}

/// The dialog. Its form is made when it is opened first, and kept: Escape loses nothing that was typed.
#[component]
pub(in crate::flags) fn NewDialog(
    place: PlaceView,
    #[prop(into)] environment: Signal<Option<EnvironmentKey>>,
    opened: Opened,
) -> impl IntoView {
    let place = StoredValue::new(place);
    let form = move || {
        let templates = match opened.get()? {
            Ok(templates) => templates,
            Err(error) => return Some(view! { <Problem error aside=true /> }.into_any()),
        };
        let asked = Asked { environment: environment.get_untracked(), template: None };
        let flash = Flash { form: FORM.to_owned(), ..Flash::default() };
        let cancel = view! { <button type="button" class="button" on:click=|_| close()>"Cancel"</button> };
        let (place, cancel) = (place.get_value(), cancel.into_any());
        Some(view! { <NewFlagForm place templates asked flash cancel in_dialog=true /> }.into_any())
    };
    view! {
        <Dialog id=ID title="New flag" wide=true>
            {move || form().unwrap_or_else(|| view! { <Waiting /> }.into_any())}
        </Dialog>
    }
}

/// Opens the dialog, and asks for what it needs. In the browser only.
pub(in crate::flags) fn open(place: &PlaceView, opened: Opened) {
    let show = || {
        // Once the form is there, so that its first field gets the focus.
        request_animation_frame(|| {
            if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(ID).filter(|dialog| !dialog.open()) {
                let _ = dialog.show_modal();
            }
        });
    };
    if opened.with_untracked(|opened| matches!(opened, Some(Ok(_)))) {
        return show();
    }
    let of = place.of();
    spawn_local(async move {
        let found = load_templates(of.organization, of.project, None, None).await;
        opened.try_set(Some(found.map(|found| found.templates)));
        show();
    });
}

fn close() {
    if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(ID) {
        dialog.close();
    }
}
