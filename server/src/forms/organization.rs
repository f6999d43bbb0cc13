//! An organization's settings.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Role;
use domain::orgs::{
    ChangeRole, DeleteOrganization, Invite, NarrowRole, RemoveMember, RenameOrganization, RevokeInvitation,
};
use domain::{Error, InvitationId, OrgSlug, ProjectKey, UserId};
use service::Actor;

use super::{Answer, Forms, Sent};

/// The page that a form was on, where it says how it went: a page of a project, or the organization's own.
#[derive(Clone, Copy)]
enum Page {
    Members,
    Settings,
}

impl Page {
    /// The address of one of its parts. What cannot be a name is not put into one.
    fn of(self, organization: &str, sent: &mut Sent, part: &str) -> String {
        let project = sent.take("project").and_then(|key| key.parse::<ProjectKey>().ok());
        let Ok(slug) = slug(organization) else { return "/".to_owned() };
        match (project, self) {
            (Some(project), Self::Members) => format!("/o/{slug}/{project}/members#{part}"),
            (Some(project), Self::Settings) => {
                format!("/o/{slug}/{project}/settings?tab=organization#{part}")
            }
            (None, Self::Members) => format!("/o/{slug}/settings?tab=members#{part}"),
            (None, Self::Settings) => format!("/o/{slug}/settings#{part}"),
        }
    }
}

fn answer(
    forms: &Forms,
    page: String,
    (form, notice): (&str, &str),
    sent: Sent,
    outcome: Result<(), Error>,
) -> Response {
    match outcome {
        Ok(()) => Answer::done(page, form, notice),
        Err(error) => Answer::refused(page, form, sent, error),
    }
    .respond(forms)
}

fn slug(organization: &str) -> Result<OrgSlug, Error> {
    organization.parse().map_err(|_| Error::not_found("organization"))
}

fn user(sent: &mut Sent) -> Result<UserId, Error> {
    let id = sent.take("user").and_then(|id| id.parse().ok());
    id.map(UserId).ok_or_else(|| Error::not_found("member"))
}

fn role(sent: &mut Sent) -> Result<Role, Error> {
    let role = sent.take("role").and_then(|role| Role::from_name(&role));
    role.ok_or_else(|| Error::invalid("role", "is no role"))
}

pub(crate) async fn rename(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let page = Page::Settings.of(&organization, &mut sent, "organization");
    let outcome = async {
        let name = sent.text("name").unwrap_or_default().to_owned();
        let command = RenameOrganization { organization: slug(&organization)?, name };
        forms.services.orgs().rename(&actor, command).await.map_err(service::Error::expose)
    };
    let outcome = outcome.await;
    answer(&forms, page, ("rename", "The name is changed."), sent, outcome)
}

pub(crate) async fn change_role(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let page = Page::Members.of(&organization, &mut sent, "members");
    let outcome = async {
        let (user, role) = (user(&mut sent)?, role(&mut sent)?);
        let command = ChangeRole { organization: slug(&organization)?, user, role };
        forms.services.orgs().change_role(&actor, command).await.map_err(service::Error::expose)
    };
    let outcome = outcome.await;
    answer(&forms, page, ("members", "The role is changed."), sent, outcome)
}

/// Narrows a role in one place; without a role it is what it is elsewhere again.
pub(crate) async fn narrow_role(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let page = Page::Members.of(&organization, &mut sent, "members");
    let mut notice = "The role is limited.";
    let outcome = async {
        let user = user(&mut sent)?;
        let place = sent.take("place").and_then(|place| place.parse().ok());
        let place = place.ok_or_else(|| Error::not_found("place"))?;
        let role = match sent.take("role") {
            None => None,
            Some(role) => Some(Role::from_name(&role).ok_or_else(|| Error::invalid("role", "is no role"))?),
        };
        if role.is_none() {
            notice = "The role is what it is elsewhere again.";
        }
        let command = NarrowRole { organization: slug(&organization)?, user, place, role };
        forms.services.orgs().narrow(&actor, command).await.map_err(service::Error::expose)
    };
    let outcome = outcome.await;
    answer(&forms, page, ("members", notice), sent, outcome)
}

pub(crate) async fn remove_member(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let page = Page::Members.of(&organization, &mut sent, "members");
    let outcome = async {
        let command = RemoveMember { organization: slug(&organization)?, user: user(&mut sent)? };
        forms.services.orgs().remove_member(&actor, command).await.map_err(service::Error::expose)
    };
    let outcome = outcome.await;
    answer(&forms, page, ("members", "The member is removed."), sent, outcome)
}

pub(crate) async fn leave(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let page = Page::Members.of(&organization, &mut sent, "members");
    let left = async {
        let organization = slug(&organization)?;
        forms.services.orgs().leave(&actor, &organization).await.map_err(service::Error::expose)
    };
    match left.await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(error) => Answer::refused(page, "members", sent, error).respond(&forms),
    }
}

pub(crate) async fn invite(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let page = Page::Members.of(&organization, &mut sent, "invitations");
    let email = sent.text("email").unwrap_or_default().to_owned();
    let invited = async {
        let role = sent.text("role").and_then(Role::from_name);
        let role = role.ok_or_else(|| Error::invalid("role", "is no role"))?;
        let command = Invite { organization: slug(&organization)?, email: email.clone(), role };
        forms.services.orgs().invite(&actor, command).await.map_err(service::Error::expose)
    };
    match invited.await {
        Ok(invited) => {
            let notice = match invited.mailed {
                None => "The invitation is made.".to_owned(),
                Some(true) => format!("The invitation is made, and an e-mail is on its way to {email}."),
                Some(false) => {
                    format!("The invitation is made, but the e-mail to {email} could not be sent.")
                }
            };
            let link = invited.token.map(|token| forms.services.link("invitation", &token));
            Answer::done(page, "invitations", &notice).with_secret(link)
        }
        Err(error) => Answer::refused(page, "invitations", sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn revoke_invitation(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let page = Page::Members.of(&organization, &mut sent, "invitations");
    let outcome = async {
        let id = sent.take("invitation").and_then(|id| id.parse().ok()).map(InvitationId);
        let invitation = id.ok_or_else(|| Error::not_found("invitation"))?;
        let command = RevokeInvitation { organization: slug(&organization)?, invitation };
        forms.services.orgs().revoke_invitation(&actor, command).await.map_err(service::Error::expose)
    };
    let outcome = outcome.await;
    answer(&forms, page, ("invitations", "The invitation is taken back."), sent, outcome)
}

pub(crate) async fn delete(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let page = Page::Settings.of(&organization, &mut sent, "delete-organization");
    let deleted = async {
        let confirm = sent.take("confirm").unwrap_or_default();
        let command = DeleteOrganization { organization: slug(&organization)?, confirm };
        forms.services.orgs().delete(&actor, command).await.map_err(service::Error::expose)
    };
    match deleted.await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(error) => Answer::refused(page, "delete", sent, error).respond(&forms),
    }
}
