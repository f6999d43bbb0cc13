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
    let ProjectContents { now, flags, archived, segments, keys, last_used_at, .. } = contents;
    let used = match last_used_at {
        None => view! { "none of its keys was ever used" }.into_any(),
        Some(at) => {
            view! { "an application asked with one " <time title=exact(at)>{ago(now, at)}</time> }.into_any()
        }
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
            <p>"With it goes:"</p>
            <ul class="mt-1 mb-4 list-disc space-y-1 pl-5">
                <li>{counted(flags.saturating_add(archived), "flag")} ", " {counted(segments, "segment")} ", and their history"</li>
                <li>{counted(keys, "API key")} " that work" {(keys == 1).then_some("s")} "; " {used}</li>
            </ul>
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
