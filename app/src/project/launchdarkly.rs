//! What flags serve elsewhere, brought in.

use domain::access::Action;
use domain::place::PlaceView;
use domain::transfer::launchdarkly::ImportedFlags;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::LAUNCHDARKLY;
use super::outcome::Came;
use super::rest::{Kind, post};
use super::upload::{Sent, Upload, Words};
use crate::flash::Flash;
use crate::place::address;
use crate::told::plain;
use crate::ui::field::Choice;
use crate::ui::frame::Section;

const ADDRESS: &str = "/api/v1/manage/import/launchdarkly";

const WORDS: Words = Words {
    label: "Flags by their keys",
    hint: "JSON, such as {\"checkout\": {\"value\": true, \"variation\": 0, \"version\": 7}}.",
    accept: ".json,application/json",
    why: "Required when the environment is protected.",
    look: "Show what would become of them",
    import: "Import flags",
};

#[component]
pub(super) fn LaunchDarkly(place: PlaceView, flash: Flash) -> impl IntoView {
    let own = flash.of(LAUNCHDARKLY);
    let refusal = place.refusal(Action::ImportFlags);
    let action = address(&place.of(), super::TRANSFER, None);
    let typed = own.typed("environment");
    // Where none can be chosen the field would be empty.
    let is_none_open =
        place.environments.iter().all(|at| place.refusal_in(at, Action::ImportFlags).is_some());
    let environments = place.environments.iter().map(|at| {
        let key = at.environment.key.to_string();
        let reason = place.refusal_in(at, Action::ImportFlags);
        let is_closed = reason.is_some() && !is_none_open;
        view! {
            <option value=key.clone() selected=key == typed disabled=is_closed title=reason>{key.clone()}</option>
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
    let client_side = !own.typed("client_side").is_empty();
    view! {
        <Section
            id="launchdarkly"
            title="Import from LaunchDarkly"
            about="What flags serve, in the format that LaunchDarkly’s clients are sent. New flags serve it to everybody in one environment, and are off in the others."
        >
            <Upload of=place.of() form=LAUNCHDARKLY words=WORDS action refusal flash send=|sent| Box::pin(send(sent))>
                <Choice id="launchdarkly-environment" name="environment" label="Environment">{environments}</Choice>
                <Choice id="launchdarkly-conflict" name="conflict" label="Where flags are there already">{conflicts.collect_view()}</Choice>
                <label class="flex items-start gap-2">
                    <input type="checkbox" name="client_side" value="true" class="box mt-0.5" checked=client_side />
                    <span>
                        "Browsers may see new flags"
                        <span class="block text-sm text-muted">"Keys for browsers are public: their users can read the values."</span>
                    </span>
                </label>
            </Upload>
        </Section>
    }
    .into_any()
}

async fn send(sent: Sent) -> Came {
    let flags: Value = match serde_json::from_str(&sent.document) {
        Ok(flags) => flags,
        Err(error) => {
            return Came::Refused(vec![format!("The file is no JSON: {}.", plain(&error.to_string()))]);
        }
    };
    let body = json!({
        "environment": sent.field("environment"),
        "flags": flags,
        "conflict": sent.field("conflict").unwrap_or_else(|| "fail".to_owned()),
        "client_side": sent.field("client_side").is_some(),
        "dry_run": sent.dry_run,
        "comment": sent.field("comment"),
    });
    let answer = post::<ImportedFlags>(&sent.of, ADDRESS, Kind::Json, &body.to_string()).await;
    answer.map_or_else(Came::Refused, Came::Flags)
}
