//! An organization by itself, outside of any project: for whoever comes to it from elsewhere, or has just deleted one.

use domain::OrgSlug;
use domain::orgs::OrganizationView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{Members, Organization, load_members, load_organization};
use super::members::People;
use super::{Forms, OrganizationParts, PARTS, article};
use crate::error::UiError;
use crate::flash::{Flash, Message, flash};
use crate::ui::frame::{Bar, Contents};
use crate::ui::fresh;
use crate::ui::live::Live;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Refused;
use crate::ui::waiting::awaited;

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
    let members = Loaded::blocking(move || slug.get(), |slug| async move { load_members(slug?).await });
    fresh::keep(organization, |news| matches!(news.kind.as_str(), "organization" | "project"));
    fresh::keep(members, |news| matches!(news.kind.as_str(), "member" | "invitation"));
    let flash = flash();
    view! {
        <Title text="Organization" />
        <Transition>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    let (organization, members) = (organization.await, members.await);
                    match organization.and_then(|organization| Ok((organization, members?))) {
                        Ok((organization, members)) => {
                            view! { <Whole organization members flash /> }.into_any()
                        }
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Whole(organization: Organization, members: Members, flash: Flash) -> impl IntoView {
    let Organization { person, organization, projects, others } = organization;
    let forms = Forms::new(&organization, None, flash.clone());
    let OrganizationView { slug, name, role, .. } = organization.clone();
    let flags = format!("/o/{slug}");
    let mut parts = vec![("members", "Members"), ("invitations", "Invitations")];
    parts.extend(PARTS);
    view! {
        <Live organization=(slug.clone(), role) />
        <Bar name=person.name />
        <main class="page">
            <div class="mb-4 flex flex-wrap items-center justify-between gap-3">
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
            <div class="mb-6">
                <Contents label="On this page" parts />
            </div>
            <h2 class="mb-2 text-lg font-semibold">"Members"</h2>
            <People all=members forms=forms.clone() />
            <OrganizationParts organization projects forms />
        </main>
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
