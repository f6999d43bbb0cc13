//! A page of a project, which waits for what is known of the project.

use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_meta::Title;

use super::known;
use crate::ui::refused::Refused;
use crate::ui::waiting::{Waiting, awaited};

/// The page of a project that is there; of others, why it is not shown.
#[component]
pub(crate) fn Placed(title: &'static str, page: fn(PlaceView) -> AnyView) -> impl IntoView {
    let known = known();
    view! {
        <Title text=title />
        <Transition fallback=Waiting>
            {awaited(move || Suspend::new(async move {
                match known.await {
                    Ok(place) => page(place),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            }))}
        </Transition>
    }
    .into_any()
}
