//! What the project is called, what is in it, and its end.

use domain::audit::News;
use domain::place::PlaceView;
use domain::projects::ProjectContents;
use leptos::prelude::*;

use super::CREATE;
use super::api::load_contents;
use super::contents::InIt;
use super::end::End;
use super::name::Name;
use crate::flash::{Flash, Message};
use crate::ui::fresh;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Problem;
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(super) fn General(place: PlaceView, flash: Flash) -> impl IntoView {
    let of = place.of();
    // Blocking: the answer waits for it, so that it has the right status.
    let contents = Loaded::blocking(
        || (),
        move |()| {
            let of = of.clone();
            async move { load_contents(of.organization, of.project).await }
        },
    );
    fresh::keep(contents, is_counted);
    let place = StoredValue::new(place);
    view! {
        <Transition fallback=Waiting>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match contents.await {
                        Ok(contents) => view! { <Whole place=place.get_value() contents flash /> }.into_any(),
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

/// Whether there is more or less of something than before.
fn is_counted(news: &News) -> bool {
    let happened = news.action.rsplit('.').next().unwrap_or_default();
    matches!(happened, "created" | "deleted" | "archived" | "restored" | "revoked" | "rotated" | "imported")
}

#[component]
fn Whole(place: PlaceView, contents: ProjectContents, flash: Flash) -> impl IntoView {
    // What a new project had to say leads here.
    let made = (flash.form == CREATE && flash.notice.is_some()).then(|| {
        view! { <div class="-mt-4 mb-6"><Message flash=flash.clone() form=CREATE fields=&[] /></div> }
    });
    let created_at = contents.created_at;
    view! {
        {made}
        <Name place=place.clone() created_at flash=flash.clone() />
        <InIt place=place.clone() contents=contents.clone() />
        <End place contents flash />
    }
    .into_any()
}
