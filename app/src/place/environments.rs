//! Which environment is looked at: links, so that each view has an address.

use domain::EnvironmentKey;
use domain::environments::{Color, EnvironmentView};
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::ui::icon::Icon;

/// The environments to choose from. What else the address says stays.
#[component]
pub(crate) fn Environments(place: PlaceView, current: EnvironmentKey) -> impl IntoView {
    let tab = move |environment: EnvironmentView| {
        let is_current = environment.key == current;
        let class = match is_current {
            true => "border-line bg-surface font-medium text-ink",
            false => "border-transparent text-muted hover:text-ink",
        };
        let lock = environment.protected.then(|| {
            view! { <Icon of=icondata_lu::LuLock /><span class="sr-only">"protected"</span> }
        });
        view! {
            <a
                href=link_to(environment.key.clone())
                aria-current=is_current.then_some("page")
                title=environment.name
                class=format!("inline-flex h-7 shrink-0 items-center gap-2 rounded-md border px-2.5 {class}")
            >
                <span class=format!("size-2 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
                {environment.key.to_string()}
                {lock}
            </a>
        }
    };
    let tabs = place.environments.into_iter().map(|place| tab(place.environment)).collect_view();
    view! {
        <nav aria-label="Environment" class="relative flex max-w-full gap-1 overflow-x-auto rounded-lg bg-sunken p-0.5">
            {tabs}
        </nav>
    }
}

/// This page in another environment. How far one has come in a list is another list's matter, and so are versions.
fn link_to(key: EnvironmentKey) -> impl Fn() -> String {
    let query = use_query_map();
    move || {
        let mut query = query.get();
        for name in ["cursor", "version", "against"] {
            query.remove(name);
        }
        query.replace("env", key.to_string());
        query.to_query_string()
    }
}

/// The class of an environment's colour, written out so that the stylesheet has it.
pub(crate) fn dot(color: Color) -> &'static str {
    match color {
        Color::Sky => "bg-sky",
        Color::Teal => "bg-teal",
        Color::Amber => "bg-amber",
        Color::Rose => "bg-rose",
        Color::Violet => "bg-violet",
        Color::Slate => "bg-slate",
    }
}
