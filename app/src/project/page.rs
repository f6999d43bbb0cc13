//! The page: a part of the settings at a time.

use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::general::General;
use super::import::{Export, Import};
use super::launchdarkly::LaunchDarkly;
use super::tabs::{Head, Tab};
use crate::flash::{Flash, flash};
use crate::organization::{Forms, OrganizationParts};
use crate::place::Placed;
use crate::ui::waiting::awaited;

#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    provide_context(flash());
    view! { <Placed title="Settings" page=|place| view! { <Settings place /> }.into_any() /> }
}

#[component]
fn Settings(place: PlaceView) -> impl IntoView {
    let (query, of) = (use_query_map(), place.of());
    let tab = Memo::new(move |_| Tab::asked(query.read().get_str("tab")));
    // What a form had to say is said where it led to.
    let (first, said) = (tab.get_untracked(), use_context::<Flash>().unwrap_or_default());
    let place = StoredValue::new(place);
    let part = move || {
        let (tab, place) = (tab.get(), place.get_value());
        let flash = if tab == first { said.clone() } else { Flash::default() };
        match tab {
            Tab::General | Tab::Templates => view! { <General place flash /> }.into_any(),
            Tab::Transfer => view! {
                <Export place=place.clone() />
                <Import place=place.clone() flash=flash.clone() />
                <LaunchDarkly place flash />
            }
            .into_any(),
            Tab::Organization => view! { <OfOrganization place flash /> }.into_any(),
        }
    };
    view! {
        <main class="page">
            <Head of current=tab />
            <div class="[&>section:first-of-type]:border-t-0 [&>section:first-of-type]:pt-0">{awaited(part)}</div>
        </main>
    }
    .into_any()
}

#[component]
fn OfOrganization(place: PlaceView, flash: Flash) -> impl IntoView {
    let PlaceView { organization, project, projects, .. } = place;
    let forms = Forms::new(&organization, Some(project.key.clone()), flash);
    view! { <OrganizationParts organization projects current=project.key forms /> }
}
