//! The bar above the page: where one is, and who one is.

use domain::environments::{Color, EnvironmentView};
use domain::flags::FlagsPage;
use domain::orgs::PlaceRef;
use leptos::prelude::*;

use crate::ui::icon::{Icon, LOCK};
use crate::ui::live::Live;
use crate::ui::logo::Logo;
use crate::ui::theme::ThemeButton;

/// The bar at the top.
#[component]
pub(super) fn Header(page: FlagsPage) -> impl IntoView {
    let FlagsPage { person, organization, project, environment, role, .. } = page;
    let settings = format!("/o/{}/settings", organization.slug);
    let rendered_for = (organization.slug.clone(), role);
    let place = PlaceRef { project: project.key, environment: Some(environment.key) };
    view! {
        <Live organization=rendered_for place />
        <header class="border-b border-line bg-surface">
            <div class="mx-auto flex max-w-[1200px] flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-6">
                <Logo />
                <p class="min-w-0 grow truncate text-sm text-muted">
                    <a class="hover:underline" href=settings>{organization.name}</a> " / " {project.name}
                </p>
                <p class="text-sm">
                    <a class="hover:underline" href="/account">{person.name}</a> " "
                    <span class="text-muted">"(" {role.as_str()} ")"</span>
                </p>
                <ThemeButton />
                <form method="post" action="/sign-out">
                    <button class="button">"Sign out"</button>
                </form>
            </div>
        </header>
    }
}

/// The environments to choose from.
#[component]
pub(super) fn EnvironmentNav(environments: Vec<EnvironmentView>, current: EnvironmentView) -> impl IntoView {
    let tab = move |environment: EnvironmentView| {
        let is_current = environment.key == current.key;
        let class = match is_current {
            true => "border-line bg-surface font-medium text-ink",
            false => "border-transparent text-muted hover:text-ink",
        };
        let lock = environment
            .protected
            .then(|| view! { <Icon path=LOCK /><span class="sr-only">"protected"</span> });
        view! {
            <a
                href=format!("?env={}", environment.key)
                aria-current=is_current.then_some("page")
                title=environment.name
                class=format!("inline-flex h-8 items-center gap-2 rounded-md border px-3 {class}")
            >
                <span class=format!("size-2 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
                {environment.key.to_string()}
                {lock}
            </a>
        }
    };
    view! {
        <nav aria-label="Environment" class="inline-flex gap-1 rounded-lg bg-sunken p-1">
            {environments.into_iter().map(tab).collect_view()}
        </nav>
    }
}

/// The class of an environment's colour, written out so that the stylesheet has it.
pub(super) fn dot(color: Color) -> &'static str {
    match color {
        Color::Sky => "bg-sky",
        Color::Teal => "bg-teal",
        Color::Amber => "bg-amber",
        Color::Rose => "bg-rose",
        Color::Violet => "bg-violet",
        Color::Slate => "bg-slate",
    }
}
