//! `/api/v1/orgs/{org}/invitations`: inviting people; `/api/v1/invitations`: being invited.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use domain::InvitationId;
use domain::access::Role;
use domain::orgs::{
    InvitationView, Invite, NewInvitation, OrganizationView, PendingInvitation, RevokeInvitation,
};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::command::{Answer, Command, Create, Path, created, ok, part};
use crate::envelope::Result;
use crate::openapi::{Conflict, Done, Forbidden, NotFound};

/// The invitations of an organization.
#[derive(Serialize, ToSchema)]
pub(super) struct Invitations {
    /// The invitations, the newest first.
    invitations: Vec<InvitationView>,
}

/// The invitations for whoever asks.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnInvitations)]
pub(super) struct Mine {
    /// The invitations, the newest first.
    invitations: Vec<PendingInvitation>,
}

/// Whom to invite.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Invitee)]
pub(super) struct New {
    /// Their e-mail address.
    #[schema(format = Email, max_length = 254, examples("grace@example.com"))]
    email: String,
    /// What they will be allowed to do.
    role: Role,
}

/// The link of an invitation.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvitationLink)]
pub(super) struct Link {
    /// The token, which is part of the link.
    #[schema(examples("Zk3nWq8sTf0aYx1LcV7uRb"))]
    token: String,
}

/// The invitations of an organization that were neither accepted nor taken back, the newest first.
#[utoipa::path(
    get, path = "/{org}/invitations", operation_id = "listInvitations", tag = "Invitations",
    responses(
        (status = OK, description = "The invitations; those too that have ended.", body = Invitations),
        NotFound
    ),
)]
pub(super) async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<Answer<Invitations>> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    Ok(ok(Invitations { invitations: services.orgs().invitations(&actor, &organization).await? }))
}

/// Invites somebody by their e-mail address, for seven days.
///
/// Inviting an address again makes a new link and ends the one from before. The answer is the only time that the token is
/// seen. Owners are invited by owners alone.
#[utoipa::path(
    post, path = "/{org}/invitations", operation_id = "invite", tag = "Invitations",
    params(Create<New>), request_body = New,
    responses(
        (status = CREATED, description = "The invitation and its token.", body = NewInvitation),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn create(
    State(services): State<Services>,
    Path(org): Path<String>,
    Create(actor, New { email, role }): Create<New>,
) -> Result<Answer<NewInvitation>> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    Ok(created(services.orgs().invite(&actor, Invite { organization, email, role }).await?))
}

/// Takes an invitation back.
#[utoipa::path(
    delete,
    path = "/{org}/invitations/{invitation}",
    operation_id = "revokeInvitation",
    tag = "Invitations",
    responses(Done, Forbidden, NotFound)
)]
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

/// The invitations for one's e-mail address.
///
/// None as long as the address is not proven.
#[utoipa::path(
    get, path = "/", operation_id = "listOwnInvitations", tag = "Invitations",
    responses((status = OK, description = "The invitations that are good, the newest first.", body = Mine)),
)]
pub(super) async fn mine(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<Mine>> {
    Ok(ok(Mine { invitations: services.orgs().my_invitations(&actor).await? }))
}

/// Accepts an invitation by its link's token.
#[utoipa::path(
    post, path = "/accept", operation_id = "acceptInvitationByToken", tag = "Invitations", request_body = Link,
    responses(
        (status = OK, description = "The organization that one belongs to from now on.", body = OrganizationView),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn accept_link(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(Link { token }): Command<Link>,
) -> Result<Answer<OrganizationView>> {
    Ok(ok(services.orgs().accept_link(&actor, &token).await?))
}

/// Accepts one of the invitations for one's proven e-mail address.
#[utoipa::path(
    post, path = "/{invitation}/accept", operation_id = "acceptInvitation", tag = "Invitations",
    responses(
        (status = OK, description = "The organization that one belongs to from now on.", body = OrganizationView),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn accept_mine(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(invitation): Path<String>,
) -> Result<Answer<OrganizationView>> {
    let id = InvitationId(part::<Uuid>(&invitation, "invitation")?);
    Ok(ok(services.orgs().accept_mine(&actor, id).await?))
}
