//! Whose keys are listed: those of one environment, or all.

use domain::EnvironmentKey;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::place::{address, dot};
use crate::ui::icon::Icon;

/// Links, so that each view has an address.
#[component]
pub(super) fn Filter(place: PlaceView) -> impl IntoView {
    let of = place.of();
    let all = view! { <Tab href=address(&of, "keys", None) key=None><span>"All"</span></Tab> };
    let tabs = place.environments.into_iter().map(|place| {
        let environment = place.environment;
        let dot = format!("size-2 rounded-full {}", dot(environment.color));
        let lock = environment.protected.then(|| {
            view! { <Icon of=icondata_lu::LuLock /><span class="sr-only">"protected"</span> }
        });
        view! {
            <Tab href=address(&of, "keys", Some(&environment.key)) key=Some(environment.key.clone())>
                <span class=dot aria-hidden="true"></span>
                <span>{environment.key.to_string()}</span>
                {lock}
            </Tab>
        }
    });
    view! {
        <nav aria-label="Environment" class="relative flex max-w-full gap-1 overflow-x-auto rounded-lg bg-sunken p-0.5">
            {all} {tabs.collect_view()}
        </nav>
    }
}

#[component]
fn Tab(href: String, key: Option<EnvironmentKey>, children: Children) -> impl IntoView {
    let query = use_query_map();
    let key = key.map(|key| key.to_string());
    let is_current = Memo::new(move |_| {
        let asked = query.read().get_str("env").map(str::to_owned).filter(|asked| !asked.is_empty());
        asked == key
    });
    let class = move || {
        let state = match is_current.get() {
            true => "border-line bg-surface font-medium text-ink",
            false => "border-transparent text-muted hover:text-ink",
        };
        format!("inline-flex h-7 shrink-0 items-center gap-2 rounded-md border px-2.5 {state}")
    };
    view! {
        <a href=href class=class aria-current=move || is_current.get().then_some("page")>
            {children()}
        </a>
    }
}
