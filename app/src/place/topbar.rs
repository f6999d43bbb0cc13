//! The bar above each page: where one is, and what is always at hand.

use domain::ApiKeyId;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use super::navigation::Section;
use super::{address, known, palette, project, sidebar};
use crate::api_keys::load_api_key_name;
use crate::ui::fresh;
use crate::ui::icon::Icon;
use crate::ui::live::LiveMark;
use crate::ui::loaded::Loaded;
use crate::ui::theme::ThemeButton;
use crate::ui::waiting::awaited;

#[component]
pub(super) fn Topbar() -> impl IntoView {
    view! {
        <header class="sticky top-0 z-10 border-b border-line bg-page/90 backdrop-blur">
            <div class="flex h-14 items-center gap-2 px-4 sm:px-6">
                <button
                    type="button"
                    class="button w-8 shrink-0 justify-center px-0 lg:hidden"
                    popovertarget=sidebar::ID
                    aria-label="Menu"
                >
                    <Icon of=icondata_lu::LuMenu />
                </button>
                <CollapseButton />
                <Crumbs />
                <LiveMark />
                <button type="button" class="button shrink-0 px-2 sm:px-3" on:click=|_| palette::open()>
                    <Icon of=icondata_lu::LuSearch />
                    <span class="sr-only sm:not-sr-only">"Search"</span>
                    <kbd class="hidden font-mono text-xs text-muted sm:inline">"Ctrl K"</kbd>
                </button>
                <ThemeButton />
            </div>
        </header>
    }
}

/// Makes the sidebar narrow and wide again, on a desk.
#[component]
fn CollapseButton() -> impl IntoView {
    view! {
        <button
            type="button"
            class="hidden size-8 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken lg:inline-flex"
            aria-label="Collapse or expand the sidebar"
            title="Sidebar (Ctrl B)"
            on:click=|_| crate::ui::sidebar::toggle()
        >
            <Icon of=icondata_lu::LuPanelLeft />
        </button>
    }
}

/// Where one is.
#[component]
fn Crumbs() -> impl IntoView {
    let (known, project, location, params) = (known(), project(), use_location(), use_params_map());
    let link = "min-w-0 truncate text-muted hover:text-ink hover:underline";
    let part = move |place: usize| location.pathname.read().split('/').nth(place).map(str::to_owned);
    let last =
        |name: String| view! { <li class="shrink-0 truncate font-medium" aria-current="page">{name}</li> };
    // An API key's address says nothing that people know it by.
    let named: Loaded<Option<String>> = Loaded::new(
        move || (project.get(), params.read().get_str("id").and_then(|id| id.parse().ok()).map(ApiKeyId)),
        |(project, id)| async move {
            let (project, id) = (project.ok()?, id?);
            load_api_key_name(project.organization, project.project, id).await.ok()
        },
    );
    fresh::keep(named, |news| news.kind == "api_key");
    let current = move || {
        let name = part(4)?;
        // Templates are a part of the settings, with an address of their own.
        let name = if name == "templates" { "settings".to_owned() } else { name };
        let Some(section) = Section::all().into_iter().find(|section| section.path == name) else {
            // A page that the sidebar does not name.
            return Some(last(crate::ui::capital(&name)).into_any());
        };
        let key = params.read().get_str("key").map(str::to_owned);
        let href = project.get().ok().map(|of| address(&of, section.path, None));
        Some(match key {
            None if part(5).as_deref() == Some("new") => view! {
                <li class="shrink-0"><a class=link href=href>{section.name}</a></li>
                <li aria-hidden="true" class="text-muted">"/"</li>
                {last("New".to_owned())}
            }
            .into_any(),
            None if params.read().get_str("id").is_some() => view! {
                <li class="shrink-0"><a class=link href=href>{section.name}</a></li>
                <Transition>
                    {awaited(move || Suspend::new(async move {
                        let name = named.await?;
                        Some(view! {
                            <li aria-hidden="true" class="text-muted">"/"</li>
                            <li class="min-w-0 truncate font-medium" aria-current="page">{name}</li>
                        })
                    }))}
                </Transition>
            }
            .into_any(),
            None => last(section.name.to_owned()).into_any(),
            Some(key) => {
                // A page below it, such as a tab.
                let below = part(6).as_deref().map(crate::ui::capital);
                let own = href.as_ref().map(|href| format!("{href}/{key}")).filter(|_| below.is_some());
                let key = match own {
                    None => view! { <li class="min-w-0 truncate font-mono text-sm font-medium" aria-current="page">{key}</li> }
                        .into_any(),
                    Some(own) => view! {
                        <li class="min-w-0 truncate font-mono text-sm"><a class=link href=own>{key}</a></li>
                        <li aria-hidden="true" class="text-muted">"/"</li>
                        {last(below.unwrap_or_default())}
                    }
                    .into_any(),
                };
                view! {
                    <li class="shrink-0"><a class=link href=href>{section.name}</a></li>
                    <li aria-hidden="true" class="text-muted">"/"</li>
                    {key}
                }
                .into_any()
            }
        })
    };
    view! {
        <nav aria-label="Breadcrumb" class="min-w-0 grow">
            <ol class="flex min-w-0 items-center gap-1.5">
                <Transition>
                    {awaited(move || Suspend::new(async move {
                        let place = known.await.ok()?;
                        let flags = address(&place.of(), "flags", None);
                        Some(
                            view! {
                                <li class="hidden max-w-48 shrink-0 truncate md:block">
                                    <a class=link href=flags>{place.project.name}</a>
                                </li>
                                <li aria-hidden="true" class="hidden text-muted md:block">"/"</li>
                            },
                        )
                    }))}
                </Transition>
                {current}
            </ol>
        </nav>
    }
}
