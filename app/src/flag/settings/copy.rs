//! A copy of a flag, and a template of it.

use domain::access::Action;
use domain::flags::FlagView;
use domain::place::PlaceView;
use leptos::prelude::*;

use super::Forms;
use crate::flag::COPY;
use crate::flag::framed::said;
use crate::flash::Message;
use crate::place::address;
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::guarded::{Guarded, Reason};
use crate::ui::why::Why;

#[component]
pub(super) fn Copies(place: PlaceView, flag: FlagView, forms: Forms) -> impl IntoView {
    let flash = said();
    let own = flash.of(COPY);
    let refusal = place.refusal(Action::CreateFlag);
    let chosen = own.typed("project");
    let chosen = if chosen.is_empty() { place.project.key.to_string() } else { chosen };
    let projects = (place.projects.len() > 1).then(|| {
        let options = place.projects.iter().map(|project| {
            let key = project.key.to_string();
            let is_chosen = key == chosen;
            view! { <option value=key selected=is_chosen>{project.name.clone()}</option> }
        });
        view! {
            <div>
                <label class="block text-sm font-medium" for="copy-project">"Project"</label>
                <select id="copy-project" name="project" class="input mt-1">{options.collect_view()}</select>
            </div>
        }
    });
    let keeps = !own.typed("keep_state").is_empty();
    let template = match place.refusal(Action::ManageTemplates) {
        Some(reason) => view! { <Reason refusal=Some(reason) /> }.into_any(),
        None => {
            let href = format!("{}?from={}#new", address(&place.of(), "templates", None), flag.key);
            view! { <a class="button" href=href>"Save as template…"</a> }.into_any()
        }
    };
    // Where it was done, the copy's page says so.
    let refused =
        flash.error.is_some().then(|| view! { <Message flash=flash form=COPY fields=&["key", "name"] /> });
    let comment = own.typed("comment");
    view! {
        <div id="copy" class="scroll-mt-20">
            <Section title="Duplicate" about="The same rules, values and tags under another key.">
                {refused}
                <Guarded action=forms.action("copy") refusal>
                    <Field flash=own.clone() name="key" label="Key of the copy" autocomplete="off" hint="For code. It never changes." />
                    <Field flash=own name="name" label="Name" autocomplete="off" required=false value=flag.name.clone() />
                    {projects}
                    <label class="flex items-start gap-2">
                        <input class="box mt-0.5" type="checkbox" name="keep_state" value="true" checked=keeps />
                        <span>
                            "Switch it on where this one is on"
                            <span class="block text-sm text-muted">"Otherwise it starts switched off everywhere. On in a protected environment takes an admin, and a reason."</span>
                        </span>
                    </label>
                    <Why id="copy-comment" is_needed=false typed=comment />
                    <button class="button justify-self-start">"Duplicate"</button>
                </Guarded>
                <h3 class="mt-8 text-sm font-semibold">"As a template"</h3>
                <p class="mt-1 mb-3 max-w-md text-sm text-muted">"New flags can begin as this one is, without its key, name and owner."</p>
                {template}
            </Section>
        </div>
    }
    .into_any()
}
