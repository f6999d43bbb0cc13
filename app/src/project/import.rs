//! The whole project as a file, and such a file brought in.

use domain::access::Action;
use domain::place::PlaceView;
use domain::transfer::{ImportPlan, Outcome, PlannedThing, ThingKind};
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{FormData, UrlSearchParams};

use super::IMPORT;
use super::document::Document;
use super::outcome::{Came, Told};
use super::rest::{Kind, post};
use crate::flash::{Flash, Message};
use crate::place::{address, known};
use crate::ui::frame::Section;
use crate::ui::guarded::Reason;
use crate::ui::icon::Icon;
use crate::ui::toast::toasts;

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
    let own = flash.of(IMPORT);
    let of = StoredValue::new(place.of());
    let refusal = place.refusal(Action::ImportProject);
    let action = address(&place.of(), "settings/import", None);
    let is_refused = refusal.is_some();
    let (form, text) = (NodeRef::<Form>::new(), RwSignal::new(String::new()));
    let (pending, came) = (RwSignal::new(false), RwSignal::new(None::<Came>));
    let (toasts, known) = (toasts(), known());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let sent = form.get_untracked().and_then(|form| FormData::new_with_form(&form).ok());
        let (Some(sent), false) = (sent, pending.get_untracked()) else { return };
        let dry_run = event.submitter().is_some_and(|button| button.has_attribute("value"));
        let Ok(query) = UrlSearchParams::new() else { return };
        query.set("dry_run", if dry_run { "true" } else { "false" });
        for field in ["mode", "comment"] {
            if let Some(value) = sent.get(field).as_string().filter(|value| !value.trim().is_empty()) {
                query.set(field, value.trim());
            }
        }
        let address = format!("/api/v1/manage/import?{}", String::from(query.to_string()));
        let document = text.get_untracked();
        let kind = if document.trim_start().starts_with('{') { Kind::Json } else { Kind::Yaml };
        pending.set(true);
        came.set(None);
        spawn_local(async move {
            let answer = post::<ImportPlan>(&of.get_value(), &address, kind, &document).await;
            pending.try_set(false);
            if let (Ok(plan), false) = (&answer, dry_run) {
                toasts.done(format!("Imported: {}", plan.summary()), None);
                // What the frame shows is asked for anew, and with it this page.
                let is_around = |thing: &PlannedThing| {
                    thing.outcome != Outcome::Unchanged
                        && matches!(thing.kind, ThingKind::Project | ThingKind::Environment)
                };
                if plan.things.iter().any(is_around) {
                    return known.refetch();
                }
            }
            came.try_set(Some(answer.map_or_else(Came::Refused, Came::Plan)));
        });
    };
    let chosen = own.typed("mode");
    let mode = move |value: &'static str, name: &'static str, about: &'static str| {
        let is_chosen = chosen == value || (chosen.is_empty() && value == "merge");
        view! {
            <label class="flex items-start gap-2">
                <input type="radio" name="mode" value=value class="mt-1 accent-accent" checked=is_chosen />
                <span>{name}<span class="block text-sm text-muted">{about}</span></span>
            </label>
        }
    };
    let comment = own.typed("comment");
    view! {
        <Section
            id="import"
            title="Import"
            about="What is not there is made, what is there becomes what the document says. All of it is imported, or nothing; nothing is deleted."
        >
            <Reason refusal />
            <form node_ref=form method="post" action=action on:submit=submit>
                <fieldset disabled=is_refused class="grid max-w-xl min-w-0 gap-4">
                    <Document
                        id="import-document"
                        label="Document"
                        hint="YAML or JSON, as the export has it."
                        accept=".yaml,.yml,.json,application/yaml,application/json"
                        text
                    />
                    <fieldset class="grid gap-2">
                        <legend class="mb-1 text-sm font-medium">"Flags that the document does not have"</legend>
                        {mode("merge", "Stay", "Merge: nothing else changes.")}
                        {mode("replace", "Are archived", "Replace: they are served no more, and can be restored.")}
                    </fieldset>
                    <div>
                        <label class="block text-sm font-medium" for="import-comment">"Why, for the audit log"</label>
                        <input id="import-comment" class="input mt-1" name="comment" maxlength="2000" autocomplete="off" value=comment />
                        <p class="mt-1 text-sm text-muted">"Needed where a protected environment changes."</p>
                    </div>
                    <div class="flex flex-wrap gap-2">
                        <button class="button button-primary aria-disabled:opacity-55" name="dry_run" value="true" aria-disabled=move || pending.get().then_some("true")>
                            "Show what would change"
                        </button>
                        <button class="button aria-disabled:opacity-55" aria-disabled=move || pending.get().then_some("true")>"Import"</button>
                    </div>
                </fieldset>
            </form>
            <Message flash=flash.clone() form=IMPORT fields=&[] />
            <Told came />
        </Section>
    }
    .into_any()
}
