//! An organization by itself, outside of any project: for whoever comes to it from elsewhere, or has just deleted one.

use domain::OrgSlug;
use domain::orgs::OrganizationView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::api::{Organization, load_members, load_organization};
use super::members::People;
use super::{Forms, OrganizationParts, article};
use crate::error::UiError;
use crate::flash::{Flash, Message, flash};
use crate::ui::frame::Bar;
use crate::ui::fresh;
use crate::ui::live::Live;
use crate::ui::loaded::Loaded;
use crate::ui::refused::{Problem, Refused};
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::waiting::{Waiting, awaited};

/// The form that deletes a project, which leads here.
const GONE: &str = "project/delete";

#[component]
pub(crate) fn OrganizationPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| {
        let slug = params.read().get_str("organization").and_then(|slug| slug.parse::<OrgSlug>().ok());
        slug.ok_or_else(|| UiError::Rejected(domain::Error::not_found("organization")))
    });
    let organization =
        Loaded::blocking(move || slug.get(), |slug| async move { load_organization(slug?).await });
    fresh::keep(organization, |news| matches!(news.kind.as_str(), "organization" | "project"));
    let flash = flash();
    view! {
        <Title text="Organization" />
        <Transition>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match organization.await {
                        Ok(organization) => view! { <Whole organization flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Whole(organization: Organization, flash: Flash) -> impl IntoView {
    let Organization { person, organization, projects, others } = organization;
    let OrganizationView { slug, name, role, .. } = organization.clone();
    let query = use_query_map();
    let is_of_people = Memo::new(move |_| query.read().get_str("tab") == Some("members"));
    let base = format!("/o/{slug}/settings");
    let tab = |name, query: &str, is_current| Tab {
        name,
        href: Signal::stored(format!("{base}{query}")),
        is_current,
    };
    let tabs = vec![
        tab("General", "", Signal::derive(move || !is_of_people.get())),
        tab("Members", "?tab=members", is_of_people.into()),
    ];
    // What a form had to say is said where it led to.
    let (first, said) = (is_of_people.get_untracked(), flash.clone());
    let flags = format!("/o/{slug}");
    let shown = organization.clone();
    let part = move || {
        let is_first = is_of_people.get() == first;
        let flash = if is_first { said.clone() } else { Flash::default() };
        let forms = Forms::new(&shown, None, flash);
        match is_of_people.get() {
            true => view! { <Members forms /> }.into_any(),
            false => {
                view! { <OrganizationParts organization=shown.clone() projects=projects.clone() forms /> }
                    .into_any()
            }
        }
    };
    view! {
        <Live organization=(slug.clone(), role) />
        <Bar name=person.name />
        <main class="page">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <div class="min-w-0">
                    <h1 class="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{name}</h1>
                    <p class="mt-1 text-muted">
                        <code class="font-mono text-sm">{slug.to_string()}</code> " · you are " {article(role)} " "
                        {role.as_str()}
                    </p>
                </div>
                <div class="flex min-w-0 flex-wrap gap-2">
                    <Others others current=slug />
                    <a class="button" href=flags rel="external">"Flags"</a>
                </div>
            </div>
            <Message flash=flash form=GONE fields=&[] />
            <Tabs label="Organization" tabs />
            <div class="[&>section:first-of-type]:border-t-0 [&>section:first-of-type]:pt-0">{awaited(part)}</div>
        </main>
    }
    .into_any()
}

/// The people, who are asked for where somebody looks at them.
#[component]
fn Members(forms: Forms) -> impl IntoView {
    let slug = forms.organization.clone();
    let members = Loaded::blocking(
        || (),
        move |()| {
            let slug = slug.clone();
            async move { load_members(slug).await }
        },
    );
    fresh::keep(members, |news| matches!(news.kind.as_str(), "member" | "invitation"));
    view! {
        <Transition fallback=Waiting>
            {awaited(move || {
                let forms = forms.clone();
                Suspend::new(async move {
                    match members.await {
                        Ok(all) => view! { <People all forms /> }.into_any(),
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Others(others: Vec<OrganizationView>, current: OrgSlug) -> impl IntoView {
    let links = others.into_iter().filter(|other| other.slug != current).map(|other| {
        view! { <a class="button max-w-full" href=format!("/o/{}/settings", other.slug)><span class="truncate">{other.name}</span></a> }
    });
    let links = links.collect_view();
    view! {
        <nav aria-label="Organizations" class="flex min-w-0 flex-wrap gap-2">
            {links} <a class="button" href="/welcome">"New organization"</a>
        </nav>
    }
}
