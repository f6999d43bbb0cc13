//! One thing to do to all flags that are chosen: a bar that is there while some are.

use domain::access::Action;
use domain::flags::{BulkAction, BulkStatus};
use domain::place::PlaceView;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlInputElement};

use super::api::{ChangeMany, change_many};
use super::row::Around;
use crate::place::dot;
use crate::ui::toast::toasts;

/// The form that the boxes of the rows belong to.
pub(super) const FORM: &str = "many";

#[component]
pub(super) fn Bulk(around: Around, place: PlaceView) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let Around { project, environment, refusals, is_protected, again, .. } = around;
    let archive = place.refusal_everywhere(Action::ArchiveFlag);
    let tag = place.refusal(Action::UpdateFlag);
    let all_protected = place.environments.iter().any(|place| place.environment.protected);
    let color = place.environment(Some(&environment)).map(|at| dot(at.environment.color));
    let (of, at) = (project.clone(), environment.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked() else { return };
        let Ok(sent) = FormData::new_with_form(&form) else { return };
        let pressed = event.submitter().and_then(|button| button.get_attribute("value"));
        let action = pressed.and_then(|name| serde_json::from_value(name.into()).ok());
        let Some(action) = action else { return };
        let keys = sent.get_all("keys[]").iter().filter_map(|key| key.as_string()?.parse().ok()).collect();
        let text = |name: &str| sent.get(name).as_string();
        let (tags, comment) = (text("tags"), text("comment"));
        let (of, at) = (of.clone(), at.clone());
        let toasts = toasts();
        spawn_local(async move {
            match change_many(of.organization, of.project, at, action, keys, tags, comment).await {
                Ok(result) => {
                    let of = |status| result.results.iter().filter(|it| it.status == status).count();
                    let (done, refused) = (of(BulkStatus::Done), of(BulkStatus::Refused));
                    let reason = result.results.iter().find_map(|it| it.reason.clone());
                    let flags = |count| if count == 1 { "flag" } else { "flags" };
                    toasts.done(format!("{done} {} {}", flags(done), word(action)), None);
                    if let Some(reason) = reason {
                        toasts.failed(format!("{refused} {} could not be: {reason}", flags(refused)));
                    }
                    // The rows are as they were before.
                    again.try_update(|again| *again = again.wrapping_add(1));
                }
                Err(error) => toasts.refused(&error),
            }
        });
    };
    let clear = move |_| {
        let Some(form) = form.get_untracked() else { return };
        form.reset();
        // Boxes of the rows belong to the form, wherever they stand.
        let boxes = form.elements();
        for place in 0..boxes.length() {
            let element = boxes.item(place).and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
            if let Some(element) = element.filter(|element| element.type_() == "checkbox") {
                element.set_checked(false);
            }
        }
    };
    let button = |action: &'static str, label: &'static str, class: &'static str, refusal: Option<String>| {
        let is_refused = refusal.is_some();
        view! {
            <button class=format!("button {class}") name="action" value=action disabled=is_refused title=refusal>
                {label}
            </button>
        }
    };
    let needs_reason = is_protected || all_protected;
    view! {
        <form
            node_ref=form
            id=FORM
            method="post"
            action=ChangeMany::url()
            aria-label="Chosen flags"
            class="sticky bottom-4 z-10 mx-auto mt-4 hidden w-fit max-w-full flex-wrap items-center gap-2 rounded-xl border border-line bg-surface p-2 shadow-lg group-has-[.chosen:checked]:flex"
            on:submit=submit
        >
            <input type="hidden" name="organization" value=project.organization.to_string() />
            <input type="hidden" name="project" value=project.project.to_string() />
            <input type="hidden" name="environment" value=environment.to_string() />
            <span class="flex min-w-0 items-center gap-1.5 px-1.5 text-sm font-medium max-sm:w-full">
                <span class=format!("size-2 shrink-0 rounded-full {}", color.unwrap_or_default()) aria-hidden="true"></span>
                <span class="min-w-0 truncate">{environment.to_string()}</span>
            </span>
            {button("enable", "Switch on", "", refusals.enable)}
            {button("disable", "Switch off", "", refusals.kill)}
            <span class="flex items-center gap-1">
                <input name="tags" class="input h-8 w-28" placeholder="Tags" aria-label="Tags, with commas between them" />
                {button("tag", "Add", "", tag.clone())}
                {button("untag", "Take away", "", tag)}
            </span>
            {button("archive", "Archive", "button-danger", archive)}
            {needs_reason.then(|| view! {
                <input name="comment" class="input h-8 w-40" maxlength="2000" placeholder="Why?" aria-label="Why?" />
            })}
            <button type="button" class="button" on:click=clear>"Choose none"</button>
        </form>
    }
}

const fn word(action: BulkAction) -> &'static str {
    match action {
        BulkAction::Tag => "tagged",
        BulkAction::Untag => "rid of tags",
        BulkAction::Enable => "switched on",
        BulkAction::Disable => "switched off",
        BulkAction::Archive => "archived",
    }
}
