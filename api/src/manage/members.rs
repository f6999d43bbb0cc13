//! `/api/v1/orgs/{org}/members`: who belongs to an organization.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::UserId;
use domain::access::Role;
use domain::orgs::{ChangeRole, MemberView, OrganizationView, RemoveMember};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use uuid::Uuid;
use validator::Validate;

use super::command::{Answer, Command, ok, part};
use crate::envelope::Result;

#[derive(Serialize)]
pub(super) struct Members {
    members: Vec<MemberView>,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    role: Role,
}

pub(super) async fn me(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<Answer<OrganizationView>> {
    Ok(ok(services.orgs().find(&actor, &org).await?))
}

pub(super) async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<Answer<Members>> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    Ok(ok(Members { members: services.orgs().members(&actor, &organization).await? }))
}

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

pub(super) async fn leave(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<StatusCode> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    services.orgs().leave(&actor, &organization).await?;
    Ok(StatusCode::NO_CONTENT)
}
