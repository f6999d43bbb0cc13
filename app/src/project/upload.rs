//! A form that brings a document in: what it would do is looked at first, as often as somebody likes.

use std::pin::Pin;

use domain::orgs::ProjectRef;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::FormData;

use super::document::Document;
use super::outcome::{Came, Told};
use crate::flash::{Flash, Message};
use crate::place::known;
use crate::ui::guarded::Reason;
use crate::ui::toast::toasts;
use crate::ui::why::Why;

/// What is sent.
pub(super) struct Sent {
    pub(super) of: ProjectRef,
    pub(super) document: String,
    /// Whether it is looked at only.
    pub(super) dry_run: bool,
    form: FormData,
}

impl Sent {
    /// What a field says; nothing where it is empty.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let value = self.form.get(name).as_string()?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

/// Sends it to the API. In the browser only.
pub(super) type Send = fn(Sent) -> Pin<Box<dyn Future<Output = Came>>>;

/// What is said around the field for the document.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// The names that files end with.
    pub(super) accept: &'static str,
    pub(super) why: &'static str,
    /// On the button that looks.
    pub(super) look: &'static str,
    /// On the button that does it.
    pub(super) import: &'static str,
}

#[component]
pub(super) fn Upload(
    of: ProjectRef,
    /// What its handler knows it by.
    form: &'static str,
    words: Words,
    action: String,
    refusal: Option<String>,
    flash: Flash,
    send: Send,
    /// The fields below the document.
    children: Children,
) -> impl IntoView {
    let own = flash.of(form);
    let is_refused = refusal.is_some();
    let (node, text) = (NodeRef::<Form>::new(), RwSignal::new(own.typed("document")));
    let (pending, came) = (RwSignal::new(false), RwSignal::new(None::<Came>));
    let (toasts, known, of) = (toasts(), known(), StoredValue::new(of));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = node.get_untracked().and_then(|form| FormData::new_with_form(&form).ok());
        let (Some(form), false) = (form, pending.get_untracked()) else { return };
        let dry_run = event.submitter().is_some_and(|button| button.has_attribute("value"));
        let sent = Sent { of: of.get_value(), document: text.get_untracked(), dry_run, form };
        pending.set(true);
        came.set(None);
        spawn_local(async move {
            let answer = send(sent).await;
            pending.try_set(false);
            if let (Some(summary), false) = (answer.summary(), dry_run) {
                toasts.done(format!("Imported: {summary}"), None);
                // What the frame shows is asked for anew, and with it this page.
                if answer.is_around() {
                    return known.refetch();
                }
            }
            came.try_set(Some(answer));
        });
    };
    let Words { label, hint, accept, why, look, import } = words;
    let id = |field: &str| format!("{}-{field}", form.replace('/', "-"));
    let wait = move || pending.get().then_some("true");
    view! {
        <Reason refusal />
        <form node_ref=node method="post" action=action on:submit=submit>
            <fieldset disabled=is_refused class="grid max-w-xl min-w-0 gap-4">
                <input type="hidden" name="import" value=form />
                <Document id=id("document") label hint accept text />
                {children()}
                <Why id=id("comment") is_needed=false hint=why typed=own.typed("comment") />
                <div class="flex flex-wrap gap-2">
                    <button class="button button-primary aria-disabled:opacity-55" name="dry_run" value="true" aria-disabled=wait>
                        {look}
                    </button>
                    <button class="button aria-disabled:opacity-55" aria-disabled=wait>{import}</button>
                </div>
            </fieldset>
        </form>
        <Message flash form fields=&[] />
        <Told came />
    }
    .into_any()
}
