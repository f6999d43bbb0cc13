//! The page: the project first, then the organization that it belongs to.

use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_meta::Title;

use super::CREATE;
use super::api::{self, load_contents};
use super::contents::InIt;
use super::end::End;
use super::import::{Export, Import};
use super::launchdarkly::LaunchDarkly;
use super::name::Name;
use super::templates::Templates;
use crate::flash::{Flash, Message, flash};
use crate::organization::{Forms, OrganizationParts, PARTS};
use crate::place::{known, project};
use crate::ui::frame::Contents;
use crate::ui::fresh;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Refused;
use crate::ui::waiting::{Waiting, awaited};

/// The ids and the names of what is about the project.
const OF_PROJECT: [(&str, &str); 7] = [
    ("project", "Name and key"),
    ("contents", "What is in it"),
    ("export", "Export"),
    ("import", "Import"),
    ("launchdarkly", "From LaunchDarkly"),
    ("templates", "Templates"),
    ("delete-project", "Delete"),
];

#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let (known, flash, project) = (known(), flash(), project());
    // Blocking: the answer waits for it, so that it has the right status.
    let contents = Loaded::blocking(
        move || project.get(),
        |project| async move {
            let project = project?;
            load_contents(project.organization, project.project).await
        },
    );
    fresh::keep(contents, |news| matches!(news.kind.as_str(), "project" | "template"));
    view! {
        <Title text="Settings" />
        <Transition fallback=Waiting>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    let (place, contents) = (known.await, contents.await);
                    match place.and_then(|place| Ok((place, contents?))) {
                        Ok((place, contents)) => view! { <Settings place contents flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Settings(place: PlaceView, contents: api::Contents, flash: Flash) -> impl IntoView {
    let forms = Forms::new(&place.organization, Some(place.project.key.clone()), flash.clone());
    let current = place.project.key.clone();
    let (project, organization) = (place.project.name.clone(), place.organization.name.clone());
    let made =
        flash.notice.is_some().then(|| view! { <Message flash=flash.clone() form=CREATE fields=&[] /> });
    let group = "grid gap-x-4 gap-y-1 py-2 sm:grid-cols-[13rem_minmax(0,1fr)] sm:items-baseline";
    let label = "min-w-0 text-sm font-medium [overflow-wrap:anywhere]";
    view! {
        <main class="page">
            <h1 class="text-xl font-semibold tracking-tight">"Settings"</h1>
            {made}
            <div class="mt-4 mb-6 divide-y divide-line rounded-lg border border-line bg-surface px-4 py-1">
                <div class=group>
                    <p class=label title=project.clone()>"Project " {project.clone()}</p>
                    <Contents label="The project's settings" parts=OF_PROJECT.to_vec() />
                </div>
                <div class=group>
                    <p class=label title=organization.clone()>"Organization " {organization.clone()}</p>
                    <Contents label="The organization's settings" parts=PARTS.to_vec() />
                </div>
            </div>
            <OfProject place=place.clone() contents flash />
            <OrganizationParts organization=place.organization projects=place.projects current forms />
        </main>
    }
    .into_any()
}

#[component]
fn OfProject(place: PlaceView, contents: api::Contents, flash: Flash) -> impl IntoView {
    let api::Contents { contents, templates } = contents;
    let (created_at, now, more) =
        (contents.created_at, contents.now, contents.templates > templates.len() as u64);
    view! {
        <Name place=place.clone() created_at flash=flash.clone() />
        <InIt place=place.clone() contents=contents.clone() />
        <Export place=place.clone() />
        <Import place=place.clone() flash=flash.clone() />
        <LaunchDarkly place=place.clone() flash=flash.clone() />
        <Templates place=place.clone() templates more now flash=flash.clone() />
        <End place contents flash />
    }
    .into_any()
}
