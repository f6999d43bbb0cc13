//! `/api/v1/orgs/{org}/members`: who belongs to an organization.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Role;
use domain::orgs::{ChangeRole, MemberView, NarrowRole, OrganizationView, PlaceRef, RemoveMember};
use domain::{EnvironmentKey, ProjectKey, UserId};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::command::{Answer, Command, Path, ok, part};
use crate::envelope::Result;
use crate::openapi::{Conflict, Done, Forbidden, NotFound};

/// The members of an organization.
#[derive(Serialize, ToSchema)]
pub(super) struct Members {
    /// The members: owners first, then by name.
    members: Vec<MemberView>,
}

/// Another role for a member.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    /// What they may do from now on.
    role: Role,
}

/// What a member may do at most in one project, or in one environment of it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Narrowing {
    /// The project's key.
    project: ProjectKey,
    /// The environment's key; the whole project without it.
    #[serde(default)]
    environment: Option<EnvironmentKey>,
    /// The role there, which is less than the member's role; with `null` they may do what they may elsewhere.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    role: Option<Role>,
}

/// An organization, with one's role in it.
#[utoipa::path(
    get, path = "/{org}/me", operation_id = "getMembership", tag = "Members",
    responses(
        (status = OK, description = "The organization, with one's role in it.", body = OrganizationView),
        NotFound
    ),
)]
pub(super) async fn me(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<Answer<OrganizationView>> {
    Ok(ok(services.orgs().find(&actor, &org).await?))
}

/// The members of an organization: owners first, then by name.
#[utoipa::path(
    get, path = "/{org}/members", operation_id = "listMembers", tag = "Members",
    responses((status = OK, description = "The members.", body = Members), NotFound),
)]
pub(super) async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<Answer<Members>> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    Ok(ok(Members { members: services.orgs().members(&actor, &organization).await? }))
}

/// Gives a member another role.
///
/// Owners are made and demoted by owners alone, and one always remains.
#[utoipa::path(
    patch, path = "/{org}/members/{user}", operation_id = "changeRole", tag = "Members", request_body = NewRole,
    responses(Done, Forbidden, NotFound, Conflict),
)]
pub(super) async fn change_role(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path((org, user)): Path<(String, String)>,
    Command(NewRole { role }): Command<NewRole>,
) -> Result<StatusCode> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    let user = UserId(part::<Uuid>(&user, "member")?);
    services.orgs().change_role(&actor, ChangeRole { organization, user, role }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Narrows what a member may do in one project or environment, or lifts that.
///
/// With `null` as the role they may do there what they may elsewhere. Owners may do everything everywhere, and nobody
/// changes their own rights.
#[utoipa::path(
    put, path = "/{org}/members/{user}/narrowed", operation_id = "narrowRole", tag = "Members",
    request_body = Narrowing, responses(Done, Forbidden, NotFound, Conflict),
)]
pub(super) async fn narrow(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path((org, user)): Path<(String, String)>,
    Command(Narrowing { project, environment, role }): Command<Narrowing>,
) -> Result<StatusCode> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    let user = UserId(part::<Uuid>(&user, "member")?);
    let place = PlaceRef { project, environment };
    services.orgs().narrow(&actor, NarrowRole { organization, user, place, role }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a member out of an organization. Their access ends at once.
///
/// Owners are removed by owners alone, and one always remains.
#[utoipa::path(
    delete,
    path = "/{org}/members/{user}",
    operation_id = "removeMember",
    tag = "Members",
    responses(Done, Forbidden, NotFound, Conflict)
)]
pub(super) async fn remove(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path((org, user)): Path<(String, String)>,
) -> Result<StatusCode> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    let user = UserId(part::<Uuid>(&user, "member")?);
    services.orgs().remove_member(&actor, RemoveMember { organization, user }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves an organization.
///
/// The last owner cannot.
#[utoipa::path(
    post,
    path = "/{org}/leave",
    operation_id = "leaveOrganization",
    tag = "Members",
    responses(Done, Forbidden, NotFound, Conflict)
)]
pub(super) async fn leave(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<StatusCode> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    services.orgs().leave(&actor, &organization).await?;
    Ok(StatusCode::NO_CONTENT)
}
