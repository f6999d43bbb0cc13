//! What is around the pages of a project.

use domain::EnvironmentKey;
use domain::orgs::PlaceRef;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_query_map;

use super::api::load_place;
use super::notes::Notes;
use super::palette::Palette;
use super::shortcuts::Shortcuts;
use super::sidebar::Sidebar;
use super::topbar::Topbar;
use super::{Known, project};
use crate::ui::fresh;
use crate::ui::live::Live;
use crate::ui::loaded::Loaded;
use crate::ui::waiting::awaited;

/// The frame: the sidebar, the bar at the top, and the page.
#[component]
pub(crate) fn PlaceFrame() -> impl IntoView {
    let project = project();
    // Blocking: pages wait for it, so that their answers have the right status.
    let known: Known = Loaded::blocking(
        move || project.get(),
        |project| async move {
            let project = project?;
            load_place(project.organization, project.project).await
        },
    );
    let query = use_query_map();
    let environment =
        Memo::new(move |_| query.read().get_str("env").and_then(|key| key.parse::<EnvironmentKey>().ok()));
    provide_context(known);
    fresh::keep(known, |news| matches!(news.kind.as_str(), "environment" | "project" | "organization"));
    view! {
        <a class="skip button" href="#content">"Skip to the page"</a>
        <div class="min-h-dvh lg:flex">
            <Sidebar />
            <div class="flex min-w-0 grow flex-col">
                <Topbar />
                <div id="content" class="min-w-0 grow">
                    <Outlet />
                </div>
            </div>
        </div>
        <Transition>
            {awaited(move || {
                let environment = environment.get();
                Suspend::new(async move {
                    let place = known.await.ok()?;
                    let here = place.environment(environment.as_ref());
                    let role = here.map_or(place.role, |here| here.role);
                    let environment = here.map(|here| here.environment.key.clone());
                    let at = PlaceRef { project: place.project.key.clone(), environment };
                    Some(view! {
                        <Live organization=(place.organization.slug.clone(), role) place=at seq=place.seq />
                        <Notes me=place.person.id project=place.project.key />
                    })
                })
            })}
        </Transition>
        <Palette />
        <Shortcuts />
    }
    .into_any()
}
