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
use web_sys::{FormData, HtmlElement, HtmlInputElement};

use super::api::{ChangeMany, change_many};
use super::row::Around;
use crate::place::dot;
use crate::ui::time::grouped;
use crate::ui::toast::toasts;

/// The form that the boxes of the rows belong to.
pub(super) const FORM: &str = "many";

// What is asked for when it is needed.
const TAGS: &str = "many-tags";
const ARCHIVE: &str = "many-archive";

/// How many flags are chosen. In the browser only.
pub(super) fn chosen() -> u32 {
    document().query_selector_all(".chosen:checked").map(|boxes| boxes.length()).unwrap_or_default()
}

/// Chooses every flag that is shown, or none. In the browser only.
pub(super) fn choose_all(is_chosen: bool) {
    let Ok(boxes) = document().query_selector_all(".chosen") else { return };
    let boxes =
        (0..boxes.length()).filter_map(|place| boxes.item(place)?.dyn_into::<HtmlInputElement>().ok());
    boxes.for_each(|input| input.set_checked(is_chosen));
}

#[component]
pub(super) fn Bulk(
    around: Around,
    place: PlaceView,
    /// How many flags are chosen.
    count: RwSignal<u32>,
) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let Around { project, environment, refusals, is_protected, again, .. } = around;
    let archive = place.refusal_everywhere(Action::ArchiveFlag);
    let tag = place.refusal(Action::UpdateFlag);
    let any_protected = place.environments.iter().any(|place| place.environment.protected);
    let color = place.environment(Some(&environment)).map(|at| dot(at.environment.color));
    let (of, at) = (project.clone(), environment.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked() else { return };
        let Ok(sent) = FormData::new_with_form(&form) else { return };
        let pressed = event.submitter().and_then(|button| button.get_attribute("value"));
        let action = pressed.and_then(|name| serde_json::from_value(name.into()).ok());
        let Some(action) = action else { return };
        // What was asked is answered.
        if let Some(open) = form.query_selector(":popover-open").ok().flatten() {
            let _ = open.unchecked_into::<HtmlElement>().hide_popover();
        }
        let keys = sent.get_all("keys[]").iter().filter_map(|key| key.as_string()?.parse().ok()).collect();
        let text = |name: &str| sent.get(name).as_string();
        // The question about archiving keeps what was typed when it is cancelled.
        let asks_why = is_protected || action == BulkAction::Archive;
        let (tags, comment) = (text("tags"), text("comment").filter(|_| asks_why));
        let has_one_tag = !tags.as_deref().unwrap_or_default().trim_matches([',', ' ']).contains(',');
        let (of, at) = (of.clone(), at.clone());
        let toasts = toasts();
        spawn_local(async move {
            match change_many(of.organization, of.project, at, action, keys, tags, comment).await {
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
    let chosen = move || match count.get() {
        0 => "Chosen".to_owned(),
        count => format!("{} chosen", grouped(u64::from(count))),
    };
    // There is one field for it: where switching needs a reason, it is in the bar.
    let why_archived = match (is_protected, any_protected) {
        (true, _) => view! { <p class="text-sm text-muted">"The audit log keeps the reason that the bar asks for."</p> }.into_any(),
        (false, any_protected) => view! {
            <label class="grid min-w-0 gap-1 text-sm font-medium">
                {if any_protected { "Why? The audit log keeps it." } else { "Why? (optional)" }}
                <input name="comment" class="input" maxlength="2000" autocomplete="off" />
            </label>
        }
        .into_any(),
    };
    let why_switched = is_protected.then(|| {
        view! {
            <input
                name="comment"
                class="input h-8 min-w-0 max-sm:order-last max-sm:basis-full! sm:w-28"
                maxlength="2000"
                autocomplete="off"
                placeholder="Why?"
                aria-label="Why?"
            />
        }
    });
    view! {
        <form
            node_ref=form
            id=FORM
            method="post"
            action=ChangeMany::url()
            aria-label="Chosen flags"
            class="sticky bottom-4 z-10 mx-auto mt-4 hidden w-fit max-w-full flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-line bg-surface p-2 shadow-lg group-has-[.chosen:checked]:flex max-sm:w-full"
            on:submit=submit
            on:reset=move |_| count.set(0)
        >
            // Enter in a field and on the box of a row presses the first button: one that sends nothing.
            <button hidden=true formmethod="dialog"></button>
            <input type="hidden" name="organization" value=project.organization.to_string() />
            <input type="hidden" name="project" value=project.project.to_string() />
            <input type="hidden" name="environment" value=environment.to_string() />
            <p class="flex min-w-0 items-center gap-1.5 pl-2 text-sm max-sm:order-1 max-sm:flex-1">
                <span class="shrink-0 font-medium tabular-nums" role="status">{chosen}</span>
                <span class="shrink-0 text-muted">"in"</span>
                <span class=format!("size-2 shrink-0 rounded-full {}", color.unwrap_or_default()) aria-hidden="true"></span>
                <span class="min-w-0 truncate font-medium">{environment.to_string()}</span>
            </p>
            <div class="flex min-w-0 flex-wrap items-center gap-1.5 max-sm:order-3 max-sm:w-full max-sm:[&>*]:flex-1 max-sm:[&>*]:justify-center">
                {button("enable", "Switch on", "max-sm:px-1.5", refusals.enable)}
                {button("disable", "Switch off", "max-sm:px-1.5", refusals.kill)}
                {opener(TAGS, "Tags…", tag.clone())}
                {opener(ARCHIVE, "Archive…", archive.clone())}
                {why_switched}
            </div>
            <button type="reset" class="button max-sm:order-2">"Clear"</button>
            <Question id=TAGS title="Tags">
                <label class="grid min-w-0 gap-1 text-sm font-medium">
                    "With commas between them"
                    <input name="tags" class="input" autocomplete="off" autofocus=true />
                </label>
                <div class="flex flex-wrap justify-end gap-2">
                    {cancel(TAGS)}
                    {button("untag", "Take away", "", tag.clone())}
                    {button("tag", "Add", "button-primary", tag)}
                </div>
            </Question>
            <Question id=ARCHIVE title="Archive what is chosen">
                <p class="text-sm text-muted">
                    "In every environment: none serves it any more, and applications get their defaults. It can be restored."
                </p>
                {why_archived}
                <div class="flex flex-wrap justify-end gap-2">
                    {cancel(ARCHIVE)}
                    {button("archive", "Archive", "button-danger", archive)}
                </div>
            </Question>
        </form>
    }
    .into_any()
}

/// A part of the form that is asked for when it is needed: a popover, which opens without script.
#[component]
fn Question(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    let heading = format!("{id}-title");
    view! {
        <div
            id=id
            popover="auto"
            role="dialog"
            aria-labelledby=heading.clone()
            class="m-auto max-h-[90dvh] w-[min(26rem,calc(100vw-2rem))] overflow-y-auto rounded-xl border border-line bg-surface p-5 text-left text-ink shadow-lg backdrop:bg-black/50"
        >
            <div class="grid min-w-0 gap-4">
                <h2 id=heading.clone() class="text-lg font-semibold">{title}</h2>
                {children()}
            </div>
        </div>
    }
}

fn cancel(id: &'static str) -> impl IntoView {
    view! { <button type="button" class="button" popovertarget=id popovertargetaction="hide">"Cancel"</button> }
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
