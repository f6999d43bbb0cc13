//! What the project is called.

use domain::Millis;
use domain::access::Action;
use domain::place::PlaceView;
use leptos::prelude::*;

use super::RENAME;
use crate::flash::{Flash, Message};
use crate::place::address;
use crate::ui::copy::Copy;
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;
use crate::ui::time::{date, exact};

#[component]
pub(super) fn Name(place: PlaceView, created_at: Millis, flash: Flash) -> impl IntoView {
    let (refusal, action) =
        (place.refusal(Action::ManageProjects), address(&place.of(), "settings/rename", None));
    let own = flash.of(RENAME);
    let name = place.project.name.clone();
    let key = place.project.key.to_string();
    view! {
        <Section id="project" title="Project" about="The name is for people. The key is in addresses that others have kept, and stays.">
            <Guarded action refusal>
                <Field flash=own.clone() name="name" label="Name of the project" autocomplete="off" value=name.clone() />
                <button class="button justify-self-start">"Save the project's name"</button>
            </Guarded>
            <Message flash form=RENAME fields=&["name"] />
            <div class="mt-4 flex flex-wrap items-center gap-3">
                <span class="text-sm font-medium">"Key"</span>
                <code class="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{key.clone()}</code>
                <Copy text=key.clone() what="the project's key" small=true />
            </div>
            <p class="mt-3 text-sm text-muted">
                "Made on " <time title=exact(created_at)>{date(created_at)}</time> "."
            </p>
        </Section>
    }
    .into_any()
}
