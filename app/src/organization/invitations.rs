//! Who is invited and has not come yet, and the form that invites.

use domain::Millis;
use domain::access::{Action, Role, may_manage};
use domain::orgs::InvitationView;
use leptos::prelude::*;

use super::Forms;
use crate::flash::Message;
use crate::ui::field::{Choice, Field};
use crate::ui::frame::{Once, Section};
use crate::ui::guarded::Guarded;
use crate::ui::time::{ago, exact, until};

/// The forms' name, as their handlers know it.
const FORM: &str = "invitations";

#[component]
pub(super) fn Invitations(
    invitations: Vec<InvitationView>,
    now: Millis,
    /// Whether whoever is invited gets a letter.
    letters: bool,
    forms: Forms,
) -> impl IntoView {
    let own = forms.flash.of(FORM);
    let may = forms.refusal(Action::ManageMembers).is_none();
    let none = invitations.is_empty().then(|| {
        view! { <p class="mb-4 text-muted">"Nobody is invited right now."</p> }
    });
    let row = |invitation| row(invitation, now, letters, &forms, may);
    let rows = invitations.into_iter().map(row).collect_view();
    let secret = own
        .secret
        .clone()
        .map(|secret| view! { <Once label="The link, to send to whom you invited" secret /> });
    let chosen = Role::from_name(&own.typed("role")).unwrap_or(Role::Developer);
    let role = |role: Role| {
        view! { <option value=role.as_str() selected=role == chosen>{role.as_str()}</option> }
    };
    let roles = Role::ALL.into_iter().filter(|role| may_manage(forms.role, *role).is_ok()).map(role);
    let roles = roles.collect_view();
    let hint = match letters {
        true => "They get an e-mail, and you a link to hand over yourself.",
        false => "You get a link to send to them: this server does not send e-mail.",
    };
    let (action, back, flash) = (forms.action("invitations"), forms.back(), forms.flash.clone());
    // Why not is said above the members.
    let form = may.then(|| {
        view! {
            <div id="invite" class="scroll-mt-16">
                <Guarded action refusal=None>
                    {back}
                    <Field flash=own.clone() name="email" label="E-mail of whom to invite" kind="email" autocomplete="off" hint />
                    <Choice id="invitation-role" name="role" label="Role">{roles}</Choice>
                    <button class="button button-primary justify-self-start">"Invite"</button>
                </Guarded>
            </div>
        }
    });
    view! {
        <Section
            id="invitations"
            title="Invitations"
            about="Good for seven days. Inviting an address again makes a new link, and the one before ends."
        >
            {none}
            <ul class="mb-6 divide-y divide-line empty:hidden">{rows}</ul>
            {secret}
            {form}
            <Message flash form=FORM fields=&["email"] />
        </Section>
    }
    .into_any()
}

fn row(invitation: InvitationView, now: Millis, letters: bool, forms: &Forms, may: bool) -> AnyView {
    let InvitationView { id, email, role, invited_by, created_at, expires_at, is_expired } = invitation;
    let may = may && may_manage(forms.role, role).is_ok();
    let actions = may.then(|| {
        let again = if letters { "Send again" } else { "New link" };
        view! {
            <div class="flex gap-2">
                <form method="post" action=forms.action("invitations")>
                    {forms.back()}
                    <input type="hidden" name="email" value=email.clone() />
                    <button class="button" name="role" value=role.as_str()>
                        {again}<span class="sr-only">" for " {email.clone()}</span>
                    </button>
                </form>
                <form method="post" action=forms.action("invitations/revoke")>
                    {forms.back()}
                    <button class="button" name="invitation" value=id.to_string()>
                        "Revoke"<span class="sr-only">" the invitation of " {email.clone()}</span>
                    </button>
                </form>
            </div>
        }
    });
    let end = match is_expired {
        true => view! { <span class="badge border-rollout">"expired"</span> }.into_any(),
        false => view! { "ends " <time title=exact(expires_at)>{until(now, expires_at)}</time> }.into_any(),
    };
    let by = invited_by.map(|name| format!(" by {name}"));
    view! {
        <li class="flex flex-wrap items-center justify-between gap-2 py-2">
            <span class="min-w-0 [overflow-wrap:anywhere]">
                {email.clone()} " " <span class="badge">{role.as_str()}</span>
                <span class="block text-sm text-muted">
                    "Invited " <time title=exact(created_at)>{ago(now, created_at)}</time> {by} " · " {end}
                </span>
            </span>
            {actions}
        </li>
    }
    .into_any()
}
