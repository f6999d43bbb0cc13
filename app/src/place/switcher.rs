//! Which project, and of which organization.

use domain::place::PlaceView;
use leptos::prelude::*;

use super::known;
use crate::ui::icon::Icon;
use crate::ui::menu::Menu;
use crate::ui::waiting::awaited;

const ITEM: &str = "flex h-8 min-w-0 items-center gap-2 rounded-md px-2 hover:bg-sunken";

/// The way out of a project that is not there.
const ELSEWHERE: &str =
    "flex h-12 min-w-0 items-center gap-2.5 rounded-md border border-line px-2 font-medium hover:bg-sunken";

#[component]
pub(super) fn Switcher() -> impl IntoView {
    let known = known();
    view! {
        <div class="mt-3 min-h-12">
            <Transition>
                {awaited(move || Suspend::new(async move {
                    match known.await {
                        Ok(place) => view! { <Loaded place /> }.into_any(),
                        Err(_) => view! {
                            <a class=ELSEWHERE href="/" rel="external" title="Your projects">
                                <Icon of=icondata_lu::LuHouse />
                                <span class="sidebar-label">"Your projects"</span>
                            </a>
                        }
                        .into_any(),
                    }
                }))}
            </Transition>
        </div>
    }
}

#[component]
fn Loaded(place: PlaceView) -> impl IntoView {
    let PlaceView { organization, organizations, project, projects, .. } = place;
    let name = format!("Project {} of {}", project.name, organization.name);
    let slug = organization.slug.clone();
    let projects = projects.into_iter().map(|other| {
        let is_current = (other.id == project.id).then_some("page");
        let mark = is_current.map(|_| view! { <Icon of=icondata_lu::LuCheck /> });
        view! {
            <li>
                <a class=ITEM href=format!("/o/{slug}/{}/flags", other.key) aria-current=is_current>
                    <span class="min-w-0 grow truncate">{other.name}</span>
                    {mark}
                </a>
            </li>
        }
    });
    let projects = projects.collect_view();
    let current = organization.id;
    let others = organizations.into_iter().filter(|other| other.id != current).map(|other| {
        // By a full load: roles and names are another organization's.
        view! {
            <li>
                <a class=ITEM href=format!("/o/{}", other.slug) rel="external">
                    <Icon of=icondata_lu::LuBuilding2 />
                    <span class="min-w-0 truncate">{other.name}</span>
                </a>
            </li>
        }
    });
    let others: Vec<_> = others.collect();
    let heading = "px-2 pt-2 pb-1 text-xs text-muted";
    let at = |path: &str| format!("/o/{}/{}/{path}", organization.slug, project.key);
    let (settings, members, new_project) =
        (at("settings"), at("members"), at("settings?tab=organization#new-project"));
    let (organization_name, project_name) = (organization.name.clone(), project.name.clone());
    view! {
        <Menu
            name
            class="flex h-12 w-full min-w-0 items-center gap-2 rounded-md border border-line px-2 hover:bg-sunken"
            panel="inset-x-0 top-full mt-1 min-w-56"
            button=move || {
                view! {
                    <span class="sidebar-label min-w-0 grow text-left leading-tight">
                        <span class="block truncate text-xs text-muted">{organization_name.clone()}</span>
                        <span class="block truncate font-medium">{project_name.clone()}</span>
                    </span>
                    <Icon of=icondata_lu::LuChevronsUpDown />
                }
            }
        >
            <p class=heading>{organization.name}</p>
            <ul>{projects}</ul>
            // By a full load: the browser itself finds the part of the page.
            <a class=ITEM href=new_project rel="external">
                <Icon of=icondata_lu::LuPlus />
                "New project"
            </a>
            <a class=ITEM href=members>
                <Icon of=icondata_lu::LuUsers />
                "Members"
            </a>
            <a class=ITEM href=settings>
                <Icon of=icondata_lu::LuSettings />
                "Settings"
            </a>
            {(!others.is_empty()).then(|| view! { <p class=heading>"Other organizations"</p> })}
            <ul>{others}</ul>
            <a class=ITEM href="/welcome">
                <Icon of=icondata_lu::LuPlus />
                "New organization"
            </a>
        </Menu>
    }
}
