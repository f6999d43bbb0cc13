//! An organization's settings, wherever they stand: its name, its projects, its log, its end.

use domain::ProjectKey;
use domain::access::Action;
use domain::orgs::{OrganizationView, ProjectView};
use leptos::prelude::*;

use super::Forms;
use super::new_project::NewProject;
use crate::flash::Message;
use crate::ui::copy::Copy;
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;
use crate::ui::icon::Icon;

// The forms' names, as their handlers know them.
const RENAME: &str = "rename";
const DELETE: &str = "delete";

#[component]
pub(crate) fn OrganizationParts(
    organization: OrganizationView,
    projects: Vec<ProjectView>,
    /// The project that is looked at.
    #[prop(optional)]
    current: Option<ProjectKey>,
    forms: Forms,
) -> impl IntoView {
    let first = projects.first().map(|project| project.key.clone());
    view! {
        <Details organization=organization.clone() forms=forms.clone() />
        <Projects projects=projects.clone() current forms=forms.clone() />
        <NewProject projects forms=forms.clone() />
        {first.map(|project| view! { <Records log=forms.in_project(&project, "audit/export") /> })}
        <End organization forms />
    }
    .into_any()
}

#[component]
fn Details(organization: OrganizationView, forms: Forms) -> impl IntoView {
    let OrganizationView { slug, name, .. } = organization;
    let (action, refusal) = (forms.action("rename"), forms.refusal(Action::RenameOrganization));
    let (slug, back, own, flash) =
        (slug.to_string(), forms.back(), forms.flash.of(RENAME), forms.flash.clone());
    view! {
        <Section id="organization" title="Organization" about="The name is for people. The slug is in addresses that others have kept, and stays.">
            <Guarded action refusal>
                {back}
                <Field flash=own.clone() name="name" label="Name of the organization" autocomplete="off" value=name.clone() />
                <button class="button justify-self-start">"Save the organization's name"</button>
            </Guarded>
            <Message flash form=RENAME fields=&["name"] />
            <div class="mt-4 flex flex-wrap items-center gap-3">
                <span class="text-sm font-medium">"Slug"</span>
                <code class="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{slug.clone()}</code>
                <Copy text=slug.clone() what="the organization's slug" small=true />
            </div>
        </Section>
    }
}

#[component]
fn Projects(projects: Vec<ProjectView>, current: Option<ProjectKey>, forms: Forms) -> impl IntoView {
    let row = |project: ProjectView| {
        let is_current = current.as_ref() == Some(&project.key);
        let (flags, settings) =
            (forms.in_project(&project.key, "flags"), forms.in_project(&project.key, "settings"));
        let here = is_current.then(|| view! { <span class="badge">"this one"</span> });
        view! {
            <li class="flex flex-wrap items-center justify-between gap-2 py-2">
                <span class="min-w-0">
                    <a class="link font-medium [overflow-wrap:anywhere]" href=flags>{project.name.clone()}</a>
                    " " {here}
                    <code class="block font-mono text-xs text-muted [overflow-wrap:anywhere]">{project.key.to_string()}</code>
                </span>
                <a class="link text-sm" href=settings>"Settings"<span class="sr-only">" of " {project.name}</span></a>
            </li>
        }
    };
    let rows = projects.into_iter().map(row).collect_view();
    view! {
        <Section id="projects" title="Projects" about="Everybody in the organization sees all of them.">
            <ul class="-mt-2 divide-y divide-line">{rows}</ul>
        </Section>
    }
}

/// What is kept of what was done.
#[component]
fn Records(log: String) -> impl IntoView {
    let file = move |format: &'static str, name: &'static str| {
        view! {
            <a class="button" href=format!("{log}?format={format}") rel="external" download>
                <Icon of=icondata_lu::LuDownload />
                {name}
            </a>
        }
    };
    view! {
        <Section
            id="records"
            title="Audit log"
            about="It is kept whole as long as the organization is there."
        >
            <div class="flex flex-wrap gap-2">{file("csv", "Log as CSV")} {file("jsonl", "Log as JSON Lines")}</div>
        </Section>
    }
}

#[component]
fn End(organization: OrganizationView, forms: Forms) -> impl IntoView {
    let (action, refusal) = (forms.action("delete"), forms.refusal(Action::DeleteOrganization));
    let (slug, back, own, flash) =
        (organization.slug.to_string(), forms.back(), forms.flash.of(DELETE), forms.flash.clone());
    view! {
        <Section
            id="delete-organization"
            title="Delete organization"
            about="Projects, flags, keys, members and the log go with it. Applications get their defaults at once. There is no way back."
        >
            <Guarded action refusal>
                {back}
                <p class="text-sm [overflow-wrap:anywhere]">
                    "Type " <code class="font-mono">{slug.clone()}</code> " to confirm."
                </p>
                <Field flash=own.clone() name="confirm" label="Slug" autocomplete="off" />
                <button class="button button-danger justify-self-start">"Delete organization"</button>
            </Guarded>
            <Message flash form=DELETE fields=&["confirm"] />
        </Section>
    }
}
