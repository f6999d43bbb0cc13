use domain::OrgSlug;
use domain::access::{Action, NARROWED_MANAGES_NOBODY, Role, allowed, may_manage};
use domain::orgs::{InvitationView, MemberView, OrganizationView, PlaceRef};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{Organization, load_organization};
use super::narrowed;
use crate::error::UiError;
use crate::flash::{Flash, Message, flash};
use crate::ui::field::{Choice, Field};
use crate::ui::frame::{Bar, Once, Section};
use crate::ui::fresh;
use crate::ui::live::Live;
use crate::ui::refused::Refused;
use crate::ui::time::date;

// The forms' addresses end like this; they begin with the page's own.
const RENAME: &str = "rename";
const MEMBERS: &str = "members";
const INVITATIONS: &str = "invitations";
const DELETE: &str = "delete";

#[component]
pub(crate) fn OrganizationPage() -> impl IntoView {
    let params = use_params_map();
    let slug = move || params.read().get_str("organization").and_then(|slug| slug.parse::<OrgSlug>().ok());
    let organization = Resource::new_blocking(slug, |slug| async move {
        let slug = slug.ok_or_else(|| UiError::Rejected(domain::Error::not_found("organization")))?;
        load_organization(slug).await
    });
    fresh::keep(organization, |news| {
        matches!(news.kind.as_str(), "organization" | "member" | "invitation" | "project")
    });
    let flash = flash();
    view! {
        <Title text="Organization" />
        <Transition>
            {move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match organization.await {
                        Ok(organization) => page(organization, flash).into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

fn page(organization: Organization, flash: Flash) -> impl IntoView {
    let Organization { person, organization, members, places, invitations, others } = organization;
    let base = format!("/o/{}/settings", organization.slug);
    let is_narrowed = members.iter().any(|member| member.is_you && !member.narrowed.is_empty());
    let forms = Forms { base, flash, role: organization.role, is_narrowed };
    let flags = format!("/o/{}/default/flags", organization.slug);
    view! {
        <Live organization=(organization.slug.clone(), organization.role) />
        <Bar name=person.name />
        <main class="mx-auto max-w-[1000px] px-4 py-8 sm:px-6">
            <div class="mb-6 flex flex-wrap items-center justify-between gap-3">
                <div class="min-w-0">
                    <h1 class="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{organization.name.clone()}</h1>
                    <p class="mt-1 text-muted">
                        <code class="font-mono text-sm">{organization.slug.to_string()}</code> " · you are "
                        {article(organization.role)} " " {organization.role.as_str()}
                    </p>
                </div>
                <a class="button" href=flags>"Flags"</a>
            </div>
            {others_of(others, organization.slug.clone())} {details(organization.clone(), forms.clone())}
            {members_of(members, &places, forms.clone())}
            {invitations_of(invitations, forms.clone())} {danger(organization, forms)}
        </main>
    }
}

fn article(role: Role) -> &'static str {
    match role {
        Role::Member | Role::Developer => "a",
        Role::Admin | Role::Owner => "an",
    }
}

/// What the page's forms share.
#[derive(Clone)]
pub(super) struct Forms {
    base: String,
    flash: Flash,
    role: Role,
    /// Whether the reader may do less somewhere.
    is_narrowed: bool,
}

impl Forms {
    /// The address of a form.
    pub(super) fn action(&self, name: &str) -> String {
        format!("{}/{name}", self.base)
    }

    /// What was said of a form; of the others nothing.
    fn flash(&self, name: &'static str) -> Flash {
        match self.flash.form == name {
            true => self.flash.clone(),
            false => Flash { form: name.to_owned(), ..Flash::default() },
        }
    }

    /// Why the person may not do something, if so.
    fn refusal(&self, action: Action) -> Option<String> {
        let refused = allowed(self.role, action, false).err();
        let manages_nobody = self.is_narrowed && action == Action::ManageMembers;
        refused.or_else(|| manages_nobody.then(|| NARROWED_MANAGES_NOBODY.to_owned()))
    }
}

fn others_of(others: Vec<OrganizationView>, current: OrgSlug) -> impl IntoView {
    let links = others.into_iter().filter(|other| other.slug != current).map(|other| {
        view! { <a class="button" href=format!("/o/{}/settings", other.slug)>{other.name}</a> }
    });
    let links = links.collect_view();
    view! {
        <nav aria-label="Organizations" class="mb-6 flex flex-wrap gap-2">
            {links} <a class="button" href="/welcome">"New organization"</a>
        </nav>
    }
}

fn details(organization: OrganizationView, forms: Forms) -> impl IntoView {
    let body = match forms.refusal(Action::RenameOrganization) {
        Some(reason) => view! { <p class="text-muted">{reason}</p> }.into_any(),
        None => view! {
            <form method="post" action=forms.action(RENAME) class="grid max-w-sm gap-4">
                <Field flash=forms.flash(RENAME) name="name" label="Name" value=organization.name.clone() />
                <button class="button justify-self-start">"Save name"</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <Section title="Details">{body} <Message flash=forms.flash.clone() form=RENAME fields=&["name"] /></Section>
    }
}

fn members_of(members: Vec<MemberView>, places: &[PlaceRef], forms: Forms) -> impl IntoView + use<> {
    let owners = members.iter().filter(|member| member.role == Role::Owner).count();
    let rows = members.into_iter().map(|member| member_row(member, owners, places, &forms)).collect_view();
    let note = forms
        .refusal(Action::ManageMembers)
        .map(|reason| view! { <p class="mb-2 text-sm text-muted">{reason}</p> });
    view! {
        <Section title="Members" about="A member looks on. A developer changes flags. An admin manages people, keys and environments.">
            {note} <ul class="divide-y divide-line">{rows}</ul>
            <Message flash=forms.flash.clone() form=MEMBERS fields=&[] />
        </Section>
    }
}

fn member_row(member: MemberView, owners: usize, places: &[PlaceRef], forms: &Forms) -> AnyView {
    let refusal = forms.refusal(Action::ManageMembers).or_else(|| may_manage(forms.role, member.role).err());
    let id = member.person.id.to_string();
    let name = member.person.name.clone();
    let is_last_owner = member.role == Role::Owner && owners == 1;
    let narrowed = narrowed::of(&member, places, forms, refusal.is_none());
    let controls = match (member.is_you, refusal) {
        (true, _) if is_last_owner => {
            view! { <span class="text-sm text-muted">"owner · the only one, so you cannot leave"</span> }
                .into_any()
        }
        (true, _) => view! {
            <form method="post" action=forms.action("leave")>
                <span class="mr-3 text-sm text-muted">{member.role.as_str()}</span>
                <button class="button">"Leave"</button>
            </form>
        }
        .into_any(),
        (false, Some(reason)) => {
            view! { <span class="text-sm text-muted" title=reason>{member.role.as_str()}</span> }.into_any()
        }
        (false, None) => {
            let options = roles(forms.role, member.role);
            view! {
                <div class="flex flex-wrap gap-2">
                    <form method="post" action=forms.action("members/role") class="flex gap-2">
                        <input type="hidden" name="user" value=id.clone() />
                        <select name="role" class="input h-8 w-auto" aria-label=format!("Role of {name}")>{options}</select>
                        <button class="button">"Change"<span class="sr-only">" the role of " {name.clone()}</span></button>
                    </form>
                    <form method="post" action=forms.action("members/remove")>
                        <button class="button" name="user" value=id>
                            "Remove"<span class="sr-only">" " {name.clone()}</span>
                        </button>
                    </form>
                </div>
            }
            .into_any()
        }
    };
    let you = member.is_you.then(
        || view! { <span class="ml-2 rounded border border-line px-1.5 text-xs text-muted">"you"</span> },
    );
    view! {
        <li class="flex flex-wrap items-center justify-between gap-2 py-2">
            <span class="min-w-0 [overflow-wrap:anywhere]">
                {name} {you}
                <span class="block text-sm text-muted">{member.person.email} " · since " {date(member.joined_at)}</span>
            </span>
            {controls}
            {narrowed}
        </li>
    }
    .into_any()
}

/// The roles that somebody may give, the chosen one first in mind.
fn roles(own: Role, chosen: Role) -> impl IntoView {
    let option =
        |role: Role| view! { <option value=role.as_str() selected=role == chosen>{role.as_str()}</option> };
    Role::ALL.into_iter().filter(|role| may_manage(own, *role).is_ok()).map(option).collect_view()
}

fn invitations_of(invitations: Vec<InvitationView>, forms: Forms) -> impl IntoView {
    let flash = forms.flash(INVITATIONS);
    let rows = invitations.into_iter().map(|invitation| invitation_row(invitation, &forms)).collect_view();
    let secret = flash
        .secret
        .clone()
        .map(|secret| view! { <Once label="The link, to send to whom you invited" secret /> });
    let form = forms.refusal(Action::ManageMembers).is_none().then(|| {
        view! {
            <form method="post" action=forms.action(INVITATIONS) class="grid max-w-sm gap-4">
                <Field flash=flash.clone() name="email" label="E-mail of whom to invite" kind="email" autocomplete="off" />
                <Choice id="invitation-role" name="role" label="Role">{roles(forms.role, Role::Developer)}</Choice>
                <button class="button justify-self-start">"Invite"</button>
            </form>
        }
    });
    view! {
        <Section title="Invitations" about="Good for seven days. Inviting an address again makes a new link.">
            <ul class="mb-4 divide-y divide-line empty:hidden">{rows}</ul>
            {secret} {form} <Message flash=forms.flash.clone() form=INVITATIONS fields=&["email"] />
        </Section>
    }
}

fn invitation_row(invitation: InvitationView, forms: &Forms) -> AnyView {
    let may =
        forms.refusal(Action::ManageMembers).is_none() && may_manage(forms.role, invitation.role).is_ok();
    let revoke = may.then(|| {
        view! {
            <form method="post" action=forms.action("invitations/revoke")>
                <button class="button" name="invitation" value=invitation.id.to_string()>
                    "Revoke"<span class="sr-only">" the invitation of " {invitation.email.clone()}</span>
                </button>
            </form>
        }
    });
    let ends = if invitation.is_expired { "expired" } else { "until" };
    let by = invitation.invited_by.map(|name| format!(" · by {name}"));
    view! {
        <li class="flex flex-wrap items-center justify-between gap-2 py-2">
            <span class="min-w-0 [overflow-wrap:anywhere]">
                {invitation.email}
                <span class="block text-sm text-muted">
                    {invitation.role.as_str()} " · " {ends} " " {date(invitation.expires_at)} {by}
                </span>
            </span>
            {revoke}
        </li>
    }
    .into_any()
}

fn danger(organization: OrganizationView, forms: Forms) -> impl IntoView {
    forms.refusal(Action::DeleteOrganization).is_none().then(|| {
        view! {
            <Section title="Delete" about="Flags, keys, members and the log go with it. Applications get their defaults at once.">
                <form method="post" action=forms.action(DELETE) class="grid max-w-sm gap-4">
                    <div>
                        <p class="text-sm">"Type " <code class="font-mono">{organization.slug.to_string()}</code> " to confirm."</p>
                        <Field flash=forms.flash(DELETE) name="confirm" label="Slug" autocomplete="off" />
                    </div>
                    <button class="button button-danger justify-self-start">"Delete organization"</button>
                </form>
                <Message flash=forms.flash.clone() form=DELETE fields=&["confirm"] />
            </Section>
        }
    })
}
