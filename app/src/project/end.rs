//! The project's end.

use domain::access::Action;
use domain::place::PlaceView;
use domain::projects::ProjectContents;
use leptos::prelude::*;

use super::DELETE;
use crate::flash::{Flash, Message};
use crate::place::address;
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::guarded::{Guarded, Reason};
use crate::ui::time::{ago, exact, grouped};

#[component]
pub(super) fn End(place: PlaceView, contents: ProjectContents, flash: Flash) -> impl IntoView {
    let action = address(&place.of(), "settings/delete", None);
    let refusal =
        place.refusal(Action::ManageProjects).or_else(|| place.refusal_everywhere(Action::ManageProjects));
    let key = place.project.key.to_string();
    let own = flash.of(DELETE);
    let ProjectContents { now, flags, archived, segments, templates, keys, last_used_at, .. } = contents;
    let things = [(flags.saturating_add(archived), "flag"), (segments, "segment"), (templates, "template")];
    let things = things.into_iter().filter(|(count, _)| *count > 0).map(|(count, of)| counted(count, of));
    let things = things.collect::<Vec<_>>().join(", ");
    let history = (flags > 0 || archived > 0 || segments > 0).then_some(", and their history");
    let things = (!things.is_empty()).then(|| view! { <li>{things} {history}</li> });
    let keys = (keys > 0).then(|| {
        let used = match last_used_at {
            None => view! { ", never used" }.into_any(),
            Some(at) => view! { ", last used " <time title=exact(at)>{ago(now, at)}</time> }.into_any(),
        };
        view! { <li>{counted(keys, "working API key")} {used}</li> }
    });
    let lost = match things.is_none() && keys.is_none() {
        true => {
            view! { <p class="mb-4">"Nothing goes with it: it has no flags, segments or working keys."</p> }
                .into_any()
        }
        false => view! {
            <p>"With it goes:"</p>
            <ul class="mt-1 mb-4 list-disc space-y-1 pl-5">{things} {keys}</ul>
        }
        .into_any(),
    };
    let form = match place.projects.len() {
        ..=1 => {
            let reason = "It is the organization's only project, and an organization keeps its last one.";
            view! { <Reason refusal=Some(reason.to_owned()) /> }.into_any()
        }
        _ => view! {
            <Guarded action refusal>
                <p class="text-sm [overflow-wrap:anywhere]">
                    "Type " <code class="font-mono">{key.clone()}</code> " to confirm."
                </p>
                <Field flash=own.clone() name="confirm" label="Key of the project" autocomplete="off" />
                <button class="button button-danger justify-self-start">"Delete project"</button>
            </Guarded>
        }
        .into_any(),
    };
    view! {
        <Section
            id="delete-project"
            title="Delete project"
            about="Applications get their defaults at once. There is no way back. The audit log stays."
        >
            {lost}
            {form}
            <Message flash form=DELETE fields=&["confirm"] />
        </Section>
    }
    .into_any()
}

/// Such as "1 flag" and "1 200 flags".
fn counted(count: u64, of: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {of}{s}", grouped(count))
}
