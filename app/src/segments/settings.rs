//! What a segment is called, and its end.

use domain::access::Action;
use domain::place::PlaceView;
use domain::segments::{SegmentUses, SegmentView};
use leptos::prelude::*;

use super::text_area::TextArea;
use super::{DELETE, UPDATE, uses};
use crate::flash::{Flash, Message};
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::guarded::{Guarded, Reason};

#[component]
pub(super) fn Settings(
    place: PlaceView,
    segment: SegmentView,
    uses: SegmentUses,
    base: String,
    /// The environment that is looked at, to come back to.
    environment: String,
    flash: Flash,
) -> impl IntoView {
    let (key, back) = (segment.key.to_string(), environment.clone());
    let (own, end) = (flash.of(UPDATE), flash.of(DELETE));
    let typed = own.typed("description");
    let description = if own.error.is_some() { typed } else { segment.description };
    let wrong = (flash.form == UPDATE && flash.error.is_some())
        .then(|| view! { <Message flash=flash.clone() form=UPDATE fields=&["name", "description"] /> });
    let kept = (flash.form == DELETE && flash.error.is_some())
        .then(|| view! { <Message flash=flash.clone() form=DELETE fields=&["confirm"] /> });
    let delete = match uses::reason(&uses) {
        Some(reason) => view! { <Reason refusal=Some(reason) /> }.into_any(),
        None => view! {
            <Guarded action=format!("{base}/delete") refusal=place.refusal_everywhere(Action::DeleteSegment)>
                <input type="hidden" name="environment" value=back />
                <p class="text-sm [overflow-wrap:anywhere]">
                    "Type " <code class="font-mono">{key}</code> " to confirm."
                </p>
                <Field flash=end name="confirm" label="Key" autocomplete="off" />
                <button class="button button-danger justify-self-start">"Delete segment"</button>
            </Guarded>
        }
        .into_any(),
    };
    view! {
        <div id="settings" class="scroll-mt-16">
            <Section title="Name and description" about="The key never changes: rules name it.">
                <Guarded action=format!("{base}/update") refusal=place.refusal(Action::UpdateSegment)>
                    <input type="hidden" name="environment" value=environment />
                    <input type="hidden" name="version" value=segment.version.to_string() />
                    <Field flash=own.clone() name="name" label="Name" autocomplete="off" value=segment.name />
                    <TextArea
                        id="description"
                        name="description"
                        label="Description"
                        value=Signal::stored(description)
                        hint="Who it is meant for."
                        wrong=own.wrong("description")
                    />
                    <button class="button justify-self-start">"Save changes"</button>
                </Guarded>
                {wrong}
            </Section>
        </div>
        <div id="delete" class="scroll-mt-16">
            <Section title="Delete" about="In every environment, with who is inside. History and audit log stay.">
                {delete} {kept}
            </Section>
        </div>
    }
    .into_any()
}
