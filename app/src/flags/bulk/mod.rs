//! One thing to do to all flags that are chosen: a bar that is there while some are.

mod question;

use domain::access::Action;
use domain::flags::{BulkAction, BulkStatus};
use domain::place::PlaceView;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlElement, HtmlInputElement, HtmlTextAreaElement, NodeList};

use question::{Question, cancel, listed, many, named, reason, switching};

use super::api::{ChangeMany, change_many};
use super::row::Around;
use crate::place::dot;
use crate::ui::later::later;
use crate::ui::time::grouped;
use crate::ui::toast::toasts;

/// The form that the boxes of the rows belong to.
pub(super) const FORM: &str = "many";

// What is asked for when it is needed.
const ON: &str = "many-on";
const OFF: &str = "many-off";
const TAGS: &str = "many-tags";
const ARCHIVE: &str = "many-archive";

/// The keys of the flags that are chosen. In the browser only.
pub(super) fn chosen() -> Vec<String> {
    boxes().filter(HtmlInputElement::checked).map(|input| input.value()).collect()
}

/// Chooses every flag that is shown, or none. In the browser only.
pub(super) fn choose_all(is_chosen: bool) {
    boxes().for_each(|input| input.set_checked(is_chosen));
}

fn boxes() -> impl Iterator<Item = HtmlInputElement> {
    let boxes = document().query_selector_all(".chosen").ok();
    let count = boxes.as_ref().map(NodeList::length).unwrap_or_default();
    (0..count).filter_map(move |place| boxes.as_ref()?.item(place)?.dyn_into::<HtmlInputElement>().ok())
}

// Few choose many.
later! { bulk_in_flags:
    pub(super) fn bulk(around: Around, place: PlaceView, chosen: RwSignal<Vec<String>>) {
        view! { <Bulk around place chosen /> }.into_any()
    }
}

#[component]
fn Bulk(
    around: Around,
    place: PlaceView,
    /// The keys of the flags that are chosen.
    chosen: RwSignal<Vec<String>>,
) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    // The server draws it with none.
    let (boxes, chosen) = (chosen, RwSignal::new(Vec::new()));
    Effect::new(move |_| chosen.set(boxes.get()));
    let Around { project, environment, refusals, is_protected, again, .. } = around.clone();
    let archive = place.refusal_everywhere(Action::ArchiveFlag);
    let tag = place.refusal(Action::UpdateFlag);
    let any_protected = place.environments.iter().any(|place| place.environment.protected);
    let here = place.environment(Some(&environment)).map(|at| at.environment.clone());
    let color = here.as_ref().map(|here| dot(here.color));
    let (of, at) = (project.clone(), environment.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked() else { return };
        let Ok(sent) = FormData::new_with_form(&form) else { return };
        let pressed = event.submitter().and_then(|button| button.get_attribute("value"));
        let Some(pressed) = pressed else { return };
        let Ok(action) = serde_json::from_value::<BulkAction>(pressed.clone().into()) else { return };
        // Only the question that is open is answered: another keeps what was typed when it is cancelled.
        let open = form.query_selector(":popover-open").ok().flatten();
        let reason = form.query_selector(":popover-open textarea").ok().flatten();
        let reason = reason.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
        if let Some(reason) = &reason {
            // Blanks are no reason.
            if reason.value().trim().is_empty() {
                reason.set_value("");
            }
            if !reason.report_validity() {
                return;
            }
        }
        if let Some(open) = open {
            let _ = open.unchecked_into::<HtmlElement>().hide_popover();
        }
        let reasons = reason.map(|reason| (pressed, reason.value().trim().to_owned())).into_iter().collect();
        let keys = sent.get_all("keys[]").iter().filter_map(|key| key.as_string()?.parse().ok()).collect();
        let tags = sent.get("tags").as_string();
        let has_one_tag = !tags.as_deref().unwrap_or_default().trim_matches([',', ' ']).contains(',');
        let (of, at) = (of.clone(), at.clone());
        let toasts = toasts();
        spawn_local(async move {
            match change_many(of.organization, of.project, at, action, keys, tags, reasons).await {
                Ok(result) => {
                    let of = |status| result.results.iter().filter(|it| it.status == status).count();
                    let (done, refused) = (of(BulkStatus::Done), of(BulkStatus::Refused));
                    let reason = result.results.iter().find_map(|it| it.reason.clone());
                    let flags = |count| if count == 1 { "flag" } else { "flags" };
                    if done > 0 {
                        let said = said(action, done == 1, has_one_tag);
                        toasts.done(format!("{done} {} {said}", flags(done)), None);
                    } else if reason.is_none() {
                        toasts.done("Nothing had to be changed".to_owned(), None);
                    }
                    if let Some(reason) = reason {
                        toasts.failed(format!("{refused} {} could not be changed: {reason}", flags(refused)));
                    }
                    // The rows are as they were before.
                    again.try_update(|again| *again = again.wrapping_add(1));
                }
                Err(error) => toasts.refused(&error),
            }
        });
    };
    let button = |action: &'static str, label: &'static str, class: &'static str, refusal: Option<String>| {
        let is_refused = refusal.is_some();
        view! {
            <button class=format!("button {class}") name="action" value=action disabled=is_refused title=refusal>
                {label}
            </button>
        }
    };
    let opener = |id: &'static str, label: &'static str, refusal: Option<String>| {
        let is_refused = refusal.is_some();
        view! {
            <button type="button" class="button max-sm:px-1.5" popovertarget=id disabled=is_refused title=refusal>
                {label}
            </button>
        }
    };
    let counted = move || match chosen.read().len() {
        0 => "Chosen".to_owned(),
        count => format!("{} chosen", grouped(count as u64)),
    };
    // Where the environment is protected, what is about to change is shown first.
    let switch = |enabled: bool| {
        let (id, action, label, asks, refusal) = match enabled {
            true => (ON, "enable", "Switch on", "Switch on…", refusals.enable.clone()),
            false => (OFF, "disable", "Switch off", "Switch off…", refusals.kill.clone()),
        };
        match is_protected {
            true => opener(id, asks, refusal).into_any(),
            false => button(action, label, "max-sm:px-1.5", refusal).into_any(),
        }
    };
    let question = |enabled: bool| {
        let refusal = if enabled { &refusals.enable } else { &refusals.kill };
        let here = here.as_ref().filter(|_| is_protected && refusal.is_none())?;
        Some(switching(&around, here, chosen, enabled))
    };
    let questions = (question(true), question(false));
    let archived = listed(&around, chosen, None);
    let everywhere = place.environments.iter().map(|at| view! { <li>{named(&at.environment)}</li> });
    let everywhere = everywhere.collect_view();
    view! {
        <form
            node_ref=form
            id=FORM
            method="post"
            action=ChangeMany::url()
            aria-label="Chosen flags"
            // What is left empty in a question that is not open keeps no other from being answered.
            novalidate=true
            class="sticky bottom-4 z-10 mx-auto mt-4 hidden w-fit max-w-full flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-line bg-surface p-2 shadow-lg group-has-[.chosen:checked]:flex max-sm:w-full"
            on:submit=submit
        >
            // Enter in a field and on the box of a row presses the first button: one that sends nothing.
            <button hidden=true formmethod="dialog"></button>
            <input type="hidden" name="organization" value=project.organization.to_string() />
            <input type="hidden" name="project" value=project.project.to_string() />
            <input type="hidden" name="environment" value=environment.to_string() />
            <p class="flex min-w-0 items-center gap-1.5 pl-2 text-sm max-sm:order-1 max-sm:flex-1">
                <span class="shrink-0 font-medium tabular-nums" role="status">{counted}</span>
                <span class="shrink-0 text-muted">"in"</span>
                <span class=format!("size-2 shrink-0 rounded-full {}", color.unwrap_or_default()) aria-hidden="true"></span>
                <span class="min-w-0 truncate font-medium">{environment.to_string()}</span>
            </p>
            <div class="flex min-w-0 flex-wrap items-center gap-1.5 max-sm:order-3 max-sm:w-full max-sm:[&>*]:flex-1 max-sm:[&>*]:justify-center">
                {switch(true)}
                {switch(false)}
                {opener(TAGS, "Tags…", tag.clone())}
                {opener(ARCHIVE, "Archive…", archive.clone())}
            </div>
            <button type="reset" class="button max-sm:order-2">"Clear"</button>
            {questions}
            <Question id=TAGS title=Signal::derive(move || format!("Tags of {}", many(chosen)))>
                <label class="grid min-w-0 gap-1 text-sm font-medium">
                    "Tags"
                    <input name="tags" class="input" autocomplete="off" autofocus=true aria-describedby="many-tags-hint" />
                </label>
                <p id="many-tags-hint" class="-mt-3 text-sm text-muted">"Separate them by commas."</p>
                <div class="flex flex-wrap justify-end gap-2">
                    {cancel(TAGS)}
                    {button("untag", "Remove", "", tag.clone())}
                    {button("tag", "Add", "button-primary", tag)}
                </div>
            </Question>
            <Question id=ARCHIVE title=Signal::derive(move || format!("Archive {}", many(chosen)))>
                {archived}
                <div class="grid gap-1 text-sm">
                    <p>"No longer served in any environment:"</p>
                    <ul class="flex flex-wrap gap-x-4 gap-y-1">{everywhere}</ul>
                    <p class="text-muted">"Applications get their defaults. Archived flags can be restored."</p>
                </div>
                {reason("archive", any_protected)}
                <div class="flex flex-wrap justify-end gap-2">
                    {cancel(ARCHIVE)}
                    {button("archive", "Archive", "button-danger", archive)}
                </div>
            </Question>
        </form>
    }
    .into_any()
}

/// What was done to flags, as the end of a sentence.
const fn said(action: BulkAction, is_one: bool, has_one_tag: bool) -> &'static str {
    match action {
        BulkAction::Tag => "tagged",
        BulkAction::Untag => match (is_one, has_one_tag) {
            (true, true) => "no longer has this tag",
            (true, false) => "no longer has these tags",
            (false, true) => "no longer have this tag",
            (false, false) => "no longer have these tags",
        },
        BulkAction::Enable => "switched on",
        BulkAction::Disable => "switched off",
        BulkAction::Archive => "archived",
    }
}
