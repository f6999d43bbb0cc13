//! The sidebar: a column on a desk, a drawer on a phone, the same markup for both.

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::{use_location, use_query_map};

use super::navigation::Section;
use super::person::PersonMenu;
use super::switcher::Switcher;
use super::{address, project};
use crate::ui::icon::Icon;
use crate::ui::logo::Logo;

/// The id that the button of the drawer names.
pub(super) const ID: &str = "sidebar";

#[component]
pub(super) fn Sidebar() -> impl IntoView {
    let (location, drawer) = (use_location(), NodeRef::<html::Aside>::new());
    // It is an error only where it is no drawer, or not open.
    let close = move || {
        if let Some(drawer) = drawer.get_untracked() {
            let _ = drawer.hide_popover();
        }
    };
    // What a link of the drawer leads to is not to be behind it.
    Effect::new(move |before: Option<()>| {
        location.pathname.track();
        location.search.track();
        if before.is_some() {
            close();
        }
    });
    // The link of the page that one is on changes nothing else.
    let chosen = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| target.closest("a").ok().flatten().is_some()) {
            close();
        }
    };
    // A popover is opened, closed by Escape or a click beside it, and kept above everything by the browser itself: without
    // script, too. Wide windows show it where it stands.
    // Browsers cut off what sticks out of a popover, which menus of the column do.
    view! {
        <aside
            node_ref=drawer
            id=ID
            popover="auto"
            aria-label="Sidebar"
            class="sidebar fixed inset-y-0 left-0 m-0 h-dvh max-h-none w-64 flex-col border-r border-line bg-surface p-3 text-ink open:flex lg:sticky lg:top-0 lg:z-20 lg:flex lg:w-56 lg:shrink-0 lg:overflow-visible"
            on:click=chosen
        >
            <div class="flex h-8 items-center px-2">
                <Logo />
            </div>
            <Switcher />
            <nav aria-label="Project" class="mt-3 grow overflow-y-auto">
                <ul class="space-y-0.5">{Section::all().into_iter().map(|section| view! { <Item section /> }).collect_view()}</ul>
            </nav>
            <PersonMenu />
        </aside>
    }
}

#[component]
fn Item(section: Section) -> impl IntoView {
    let (project, location, query) = (project(), use_location(), use_query_map());
    let href = move || {
        let environment = query.read().get_str("env").and_then(|key| key.parse().ok());
        project.get().map(|of| address(&of, section.path, environment.as_ref())).ok()
    };
    let is_current = move || {
        let path = location.pathname.read();
        let is_at = |below: &str| {
            project.get().map(|of| address(&of, below, None)).is_ok_and(|base| {
                path.strip_prefix(&base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        // A part of the settings with an address of its own.
        is_at(section.path) || (section.path == "settings" && is_at("templates"))
    };
    let line = if section.begins_group { "mt-3 border-t border-line pt-3" } else { "" };
    view! {
        <li class=line>
            <a
                href=href
                aria-current=move || is_current().then_some("page")
                title=section.name
                class="sidebar-link flex h-8 items-center gap-2.5 rounded-md px-2 text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
                <Icon of=section.icon />
                <span class="sidebar-label">{section.name}</span>
            </a>
        </li>
    }
}
