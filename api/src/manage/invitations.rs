//! `/api/v1/orgs/{org}/invitations`: inviting people; `/api/v1/invitations`: being invited.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::InvitationId;
use domain::access::Role;
use domain::orgs::{
    InvitationView, Invite, NewInvitation, OrganizationView, PendingInvitation, RevokeInvitation,
};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use uuid::Uuid;
use validator::Validate;

use super::command::{Answer, Command, created, ok, part};
use crate::envelope::Result;

#[derive(Serialize)]
pub(super) struct Invitations {
    invitations: Vec<InvitationView>,
}

#[derive(Serialize)]
pub(super) struct Mine {
    invitations: Vec<PendingInvitation>,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    email: String,
    role: Role,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    token: String,
}

pub(super) async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<Answer<Invitations>> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    Ok(ok(Invitations { invitations: services.orgs().invitations(&actor, &organization).await? }))
}

pub(super) async fn create(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
    Command(New { email, role }): Command<New>,
) -> Result<Answer<NewInvitation>> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    Ok(created(services.orgs().invite(&actor, Invite { organization, email, role }).await?))
}

pub(super) async fn revoke(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path((org, invitation)): Path<(String, String)>,
) -> Result<StatusCode> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    let invitation = InvitationId(part::<Uuid>(&invitation, "invitation")?);
    services.orgs().revoke_invitation(&actor, RevokeInvitation { organization, invitation }).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn mine(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<Mine>> {
    Ok(ok(Mine { invitations: services.orgs().my_invitations(&actor).await? }))
}

pub(super) async fn accept_link(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(Link { token }): Command<Link>,
) -> Result<Answer<OrganizationView>> {
    Ok(ok(services.orgs().accept_link(&actor, &token).await?))
}

pub(super) async fn accept_mine(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(invitation): Path<String>,
) -> Result<Answer<OrganizationView>> {
    let id = InvitationId(part::<Uuid>(&invitation, "invitation")?);
    Ok(ok(services.orgs().accept_mine(&actor, id).await?))
}
