//! Making a flag do in one environment what it does in another.

use domain::access::Action;
use domain::flags::{ComparedFlag, PromotedFields};
use domain::place::{EnvironmentPlace, PlaceView};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::api::{PromoteFlag, Promoting, promote_flag};
use super::around::around;
use super::saving::undoing;
use crate::error::UiError;
use crate::told::plain;
use crate::ui::guarded::Reason;
use crate::ui::toast::toasts;
use crate::ui::why::Why;

/// What can be taken over: its name, and what it is called.
const FIELDS: [(PromotedFields, &str, &str); 3] = [
    (PromotedFields::Targeting, "targeting", "What it serves to whom: all but whether it is on"),
    (PromotedFields::All, "all", "That, and whether it is on"),
    (PromotedFields::Enabled, "enabled", "Only whether it is on"),
];

/// What to do where somebody changed something meanwhile.
const AGAIN: &str = "Close this and open it again to see what is there now.";

/// The form: a plain one, whose answer is the page that it stands on.
#[component]
pub(super) fn PromoteForm(
    place: PlaceView,
    /// From where to where.
    asked: (EnvironmentPlace, EnvironmentPlace),
    compared: ComparedFlag,
    /// Whether more differs than whether it is on.
    has_targeting: bool,
    /// The address of the page without it.
    page: String,
) -> impl IntoView {
    let (from, to) = asked;
    let refusal = place.refusal_in(&to, Action::ConfigureFlag);
    let is_refused = refusal.is_some();
    let is_protected = to.environment.protected;
    let (from, to) = (from.environment.key, to.environment.key);
    let of = place.of();
    let ComparedFlag { flag: key, from_version, to_version, .. } = compared;
    let first = if has_targeting { PromotedFields::Targeting } else { PromotedFields::Enabled };
    let (fields, comment, pending) =
        (RwSignal::new(first), RwSignal::new(String::new()), RwSignal::new(false));
    let wrong = RwSignal::new(refused());
    let (arrived, toasts, navigate) = (around().arrived, toasts(), use_navigate());
    let names = [
        ("organization", of.organization.to_string()),
        ("project", of.project.to_string()),
        ("key", key.to_string()),
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("what[version]", to_version.to_string()),
        ("what[source]", from_version.to_string()),
    ];
    let hidden = names.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let (label, back) = (format!("Promote to {to}"), page.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        wrong.set(None);
        let (of, key, from, to) = (of.clone(), key.clone(), from.clone(), to.clone());
        let (page, navigate) = (page.clone(), navigate.clone());
        let comment = Some(comment.get_untracked()).filter(|text| !text.trim().is_empty());
        let fields = fields.get_untracked();
        spawn_local(async move {
            let (organization, project) = (of.organization.clone(), of.project.clone());
            let (origin, target) = (from.clone(), to.clone());
            let (version, source) = (Some(to_version), Some(from_version));
            let what = Promoting { fields, version, source, comment };
            let answer = promote_flag(organization, project, key.clone(), origin, target, what).await;
            pending.try_set(false);
            match answer {
                Ok(view) => {
                    let text = format!("{key} does in {to} what it does in {from}");
                    let versions = (to_version, view.version);
                    let undo = (view.version == to_version + 1).then(|| {
                        undoing(of, key, to, versions, toasts, move |view| {
                            arrived.try_set(Some(view.clone()));
                        })
                    });
                    arrived.try_set(Some(view));
                    toasts.done(text, undo);
                    navigate(&page, NavigateOptions { scroll: false, replace: true, ..Default::default() });
                }
                Err(error) => {
                    wrong.try_set(Some(explained(&error, AGAIN)));
                }
            }
        });
    };
    let choices = FIELDS.map(|(choice, value, words)| {
        let is_idle = !has_targeting && choice != PromotedFields::Enabled;
        view! {
            <label class="flex cursor-pointer items-start gap-2 has-disabled:cursor-default has-disabled:text-muted">
                <input
                    type="radio"
                    class="box mt-0.5"
                    name="what[fields]"
                    value=value
                    checked=choice == first
                    disabled=is_idle
                    on:change=move |_| fields.set(choice)
                />
                <span>{words}</span>
            </label>
        }
    });
    let said = move || {
        wrong.get().map(|text| {
            view! { <p role="alert" class="text-sm text-danger [overflow-wrap:anywhere]">{text}</p> }
        })
    };
    view! {
        <div class="mt-4 border-t border-line pt-3">
            <Reason refusal />
            <form method="post" action=PromoteFlag::url() on:submit=submit>
                <fieldset disabled=is_refused class="grid min-w-0 gap-3 text-sm">
                    {hidden}
                    <fieldset class="grid gap-1.5">
                        <legend class="mb-1 font-medium">"What is taken over?"</legend>
                        {choices}
                    </fieldset>
                    <Why id="promote-comment" name="what[comment]" is_needed=is_protected text=comment />
                    {said}
                    <div class="flex flex-wrap justify-end gap-2">
                        <a class="button" href=back data-stays="" data-noscroll="">"Cancel"</a>
                        <button class="button button-primary" disabled=move || pending.get()>{label}</button>
                    </div>
                </fieldset>
            </form>
        </div>
    }
    .into_any()
}

/// Why the form was refused when it was sent without script: it comes back with its error in the address, where a new
/// action finds it.
fn refused() -> Option<String> {
    let error = ServerAction::<PromoteFlag>::new().value().get_untracked()?.err()?;
    Some(explained(&error, "This is what differs now."))
}

/// What the server says, and what to do about it.
fn explained(error: &UiError, what_to_do: &str) -> String {
    match error {
        UiError::Rejected(domain::Error::Conflict { message, .. }) => {
            format!("{}. {what_to_do}", plain(message))
        }
        error => error.to_string(),
    }
}
