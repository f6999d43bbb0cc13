//! `/api/v1/orgs`: organizations. `{org}` is a slug or an id.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::orgs::{
    CreateOrganization, DeleteOrganization, OrganizationView, RenameOrganization, suggest_slug,
};
use domain::{Error, OrgSlug};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use validator::Validate;

use super::command::{Answer, Command, created, ok};
use crate::envelope::Result;

#[derive(Serialize)]
pub(super) struct Organizations {
    organizations: Vec<OrganizationView>,
}

/// A new organization. Without a slug it gets one that says its name.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    name: String,
    #[serde(default)]
    slug: Option<OrgSlug>,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct Name {
    name: String,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirm {
    confirm: String,
}

pub(super) async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<Organizations>> {
    if actor.person().is_none() {
        return Err(Error::Unauthenticated.into());
    }
    Ok(ok(Organizations { organizations: services.orgs().list(&actor).await? }))
}

pub(super) async fn create(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Command(New { name, slug }): Command<New>,
) -> Result<Answer<OrganizationView>> {
    let owner = actor.person().ok_or(Error::Unauthenticated)?.id;
    let slug = match slug {
        Some(slug) => slug,
        None => suggest_slug(&name).parse().map_err(|_| Error::invalid("slug", "is needed"))?,
    };
    Ok(created(services.orgs().create(&actor, CreateOrganization { slug, name, owner }).await?))
}

pub(super) async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<Answer<OrganizationView>> {
    Ok(ok(services.orgs().find(&actor, &org).await?))
}

pub(super) async fn rename(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
    Command(Name { name }): Command<Name>,
) -> Result<StatusCode> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    services.orgs().rename(&actor, RenameOrganization { organization, name }).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn delete(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
    Command(Confirm { confirm }): Command<Confirm>,
) -> Result<StatusCode> {
    let organization = services.orgs().find(&actor, &org).await?.slug;
    services.orgs().delete(&actor, DeleteOrganization { organization, confirm }).await?;
    Ok(StatusCode::NO_CONTENT)
}
