//! What flags serve elsewhere, brought in.

use domain::access::Action;
use domain::place::PlaceView;
use domain::transfer::launchdarkly::ImportedFlags;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use web_sys::FormData;

use super::LAUNCHDARKLY;
use super::document::Document;
use super::outcome::{Came, Told};
use super::rest::{Kind, post};
use crate::flash::{Flash, Message};
use crate::place::address;
use crate::ui::field::Choice;
use crate::ui::frame::Section;
use crate::ui::guarded::Reason;
use crate::ui::toast::toasts;

const ADDRESS: &str = "/api/v1/manage/import/launchdarkly";

#[component]
pub(super) fn LaunchDarkly(place: PlaceView, flash: Flash) -> impl IntoView {
    let own = flash.of(LAUNCHDARKLY);
    let of = StoredValue::new(place.of());
    let refusal = place.refusal(Action::ImportFlags);
    let action = address(&place.of(), "settings/import/launchdarkly", None);
    let is_refused = refusal.is_some();
    let (form, text) = (NodeRef::<Form>::new(), RwSignal::new(String::new()));
    let (pending, came) = (RwSignal::new(false), RwSignal::new(None::<Came>));
    let toasts = toasts();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let sent = form.get_untracked().and_then(|form| FormData::new_with_form(&form).ok());
        let (Some(sent), false) = (sent, pending.get_untracked()) else { return };
        let dry_run = event.submitter().is_some_and(|button| button.has_attribute("value"));
        let flags: Value = match text.with_untracked(|text| serde_json::from_str(text)) {
            Ok(flags) => flags,
            Err(error) => {
                return came.set(Some(Came::Refused(vec![format!("The file is no JSON: {error}.")])));
            }
        };
        let field = |name: &str| sent.get(name).as_string().filter(|value| !value.trim().is_empty());
        let body = json!({
            "environment": field("environment"),
            "flags": flags,
            "conflict": field("conflict").unwrap_or_else(|| "fail".to_owned()),
            "client_side": field("client_side").is_some(),
            "dry_run": dry_run,
            "comment": field("comment"),
        });
        let body = body.to_string();
        pending.set(true);
        came.set(None);
        spawn_local(async move {
            let answer = post::<ImportedFlags>(&of.get_value(), ADDRESS, Kind::Json, &body).await;
            pending.try_set(false);
            if let (Ok(flags), false) = (&answer, dry_run) {
                toasts.done(format!("Imported: {}", flags.summary()), None);
            }
            came.try_set(Some(answer.map_or_else(Came::Refused, Came::Flags)));
        });
    };
    let typed = own.typed("environment");
    let environments = place.environments.iter().map(|at| {
        let key = at.environment.key.to_string();
        let reason = place.refusal_in(at, Action::ImportFlags);
        view! {
            <option value=key.clone() selected=key == typed disabled=reason.is_some() title=reason>{key.clone()}</option>
        }
    });
    let environments = environments.collect_view();
    let typed = own.typed("conflict");
    let conflicts = [
        ("fail", "nothing is imported"),
        ("skip", "they stay as they are"),
        ("overwrite", "they serve what the file says"),
    ];
    let conflicts = conflicts.map(|(value, name)| {
        view! { <option value=value selected=value == typed>{name}</option> }
    });
    let (comment, client_side) = (own.typed("comment"), !own.typed("client_side").is_empty());
    view! {
        <Section
            id="launchdarkly"
            title="Import from LaunchDarkly"
            about="What flags serve, in the format that LaunchDarkly’s clients are sent. New flags serve it to everybody in one environment, and are off in the others."
        >
            <Reason refusal />
            <form node_ref=form method="post" action=action on:submit=submit>
                <fieldset disabled=is_refused class="grid max-w-xl min-w-0 gap-4">
                    <Document
                        id="launchdarkly-document"
                        label="Flags by their keys"
                        hint="JSON, such as {\"checkout\": {\"value\": true, \"variation\": 0, \"version\": 7}}."
                        accept=".json,application/json"
                        text
                    />
                    <Choice id="launchdarkly-environment" name="environment" label="Environment">{environments}</Choice>
                    <Choice id="launchdarkly-conflict" name="conflict" label="Where flags are there already">{conflicts.collect_view()}</Choice>
                    <label class="flex items-start gap-2">
                        <input type="checkbox" name="client_side" value="true" class="mt-1 accent-accent" checked=client_side />
                        <span>
                            "Browsers may see new flags"
                            <span class="block text-sm text-muted">"Keys for browsers are public: their users can read the values."</span>
                        </span>
                    </label>
                    <div>
                        <label class="block text-sm font-medium" for="launchdarkly-comment">"Why, for the log"</label>
                        <input id="launchdarkly-comment" class="input mt-1" name="comment" maxlength="2000" autocomplete="off" value=comment />
                    </div>
                    <div class="flex flex-wrap gap-2">
                        <button class="button aria-disabled:opacity-55" name="dry_run" value="true" aria-disabled=move || pending.get().then_some("true")>
                            "Show what would become of them"
                        </button>
                        <button class="button aria-disabled:opacity-55" aria-disabled=move || pending.get().then_some("true")>"Import flags"</button>
                    </div>
                </fieldset>
            </form>
            <Message flash=flash.clone() form=LAUNCHDARKLY fields=&[] />
            <Told came />
        </Section>
    }
    .into_any()
}
