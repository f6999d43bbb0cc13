//! The whole project as a file, and such a file brought in.

use domain::access::Action;
use domain::place::PlaceView;
use domain::transfer::ImportPlan;
use leptos::prelude::*;
use web_sys::UrlSearchParams;

use super::outcome::Came;
use super::rest::{Kind, post};
use super::upload::{Sent, Upload, Words};
use super::{IMPORT, TRANSFER};
use crate::flash::Flash;
use crate::place::address;
use crate::ui::frame::Section;
use crate::ui::icon::Icon;

const WORDS: Words = Words {
    label: "Document",
    hint: "YAML or JSON, as the export has it.",
    accept: ".yaml,.yml,.json,application/yaml,application/json",
    why: "Required when a protected environment changes.",
    look: "Show what would change",
    import: "Import",
};

#[component]
pub(super) fn Export(place: PlaceView) -> impl IntoView {
    let base = address(&place.of(), "export", None);
    let file = move |format: &'static str, name: &'static str| {
        view! {
            <a class="button" href=format!("{base}?format={format}") rel="external" download>
                <Icon of=icondata_lu::LuDownload />
                {name}
            </a>
        }
    };
    view! {
        <Section
            id="export"
            title="Export"
            about="One document with all environments, segments, flags and templates, without ids, API keys and history. The same project is always the same document."
        >
            <div class="flex flex-wrap gap-2">{file("yaml", "Project as YAML")} {file("json", "Project as JSON")}</div>
        </Section>
    }
    .into_any()
}

#[component]
pub(super) fn Import(place: PlaceView, flash: Flash) -> impl IntoView {
    let refusal = place.refusal(Action::ImportProject);
    let action = address(&place.of(), TRANSFER, None);
    let chosen = flash.of(IMPORT).typed("mode");
    let mode = move |value: &'static str, name: &'static str, about: &'static str| {
        let is_chosen = chosen == value || (chosen.is_empty() && value == "merge");
        view! {
            <label class="flex items-start gap-2">
                <input type="radio" name="mode" value=value class="box mt-0.5" checked=is_chosen />
                <span>{name}<span class="block text-sm text-muted">{about}</span></span>
            </label>
        }
    };
    view! {
        <Section
            id="import"
            title="Import"
            about="What is not there is made, what is there becomes what the document says. All of it is imported, or nothing; nothing is deleted."
        >
            <Upload of=place.of() form=IMPORT words=WORDS action refusal flash send=|sent| Box::pin(send(sent))>
                <fieldset class="grid gap-2">
                    <legend class="mb-1 text-sm font-medium">"Flags that the document does not have"</legend>
                    {mode("merge", "Stay", "Merge: nothing else changes.")}
                    {mode("replace", "Are archived", "Replace: they are served no more, and can be restored.")}
                </fieldset>
            </Upload>
        </Section>
    }
    .into_any()
}

async fn send(sent: Sent) -> Came {
    let Ok(query) = UrlSearchParams::new() else { return Came::Refused(Vec::new()) };
    query.set("dry_run", if sent.dry_run { "true" } else { "false" });
    for field in ["mode", "comment"] {
        if let Some(value) = sent.field(field) {
            query.set(field, &value);
        }
    }
    let address = format!("/api/v1/manage/import?{}", String::from(query.to_string()));
    let kind = if sent.document.trim_start().starts_with('{') { Kind::Json } else { Kind::Yaml };
    let answer = post::<ImportPlan>(&sent.of, &address, kind, &sent.document).await;
    answer.map_or_else(Came::Refused, Came::Plan)
}
