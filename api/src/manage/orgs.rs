//! `/api/v1/orgs`: organizations. `{org}` is a slug or an id.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use domain::orgs::{
    CreateOrganization, DeleteOrganization, OrganizationView, RenameOrganization, suggest_slug,
};
use domain::{Error, OrgSlug};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use utoipa::ToSchema;
use validator::Validate;

use super::command::{Answer, Command, Create, Path, created, ok};
use crate::envelope::Result;
use crate::openapi::{Conflict, Done, Forbidden, NotFound};

/// A person's organizations.
#[derive(Serialize, ToSchema)]
pub(super) struct Organizations {
    /// The organizations, the oldest first.
    organizations: Vec<OrganizationView>,
}

/// A new organization. Without a slug it gets one that says its name.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOrganization)]
pub(super) struct New {
    /// The name for people.
    #[schema(min_length = 1, max_length = 100, examples("Acme Inc."))]
    name: String,
    /// The name in addresses.
    #[serde(default)]
    slug: Option<OrgSlug>,
}

/// Another name for an organization.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrganizationName)]
pub(super) struct Name {
    /// The name for people.
    #[schema(min_length = 1, max_length = 100, examples("Acme Inc."))]
    name: String,
}

/// What is typed so that nothing is deleted by mistake.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrganizationConfirmation)]
pub(super) struct Confirm {
    /// The organization's slug.
    #[schema(examples("acme"))]
    confirm: String,
}

/// The organizations that one belongs to, the oldest first.
#[utoipa::path(
    get, path = "/", operation_id = "listOrganizations", tag = "Organizations",
    responses(
        (status = OK, description = "The organizations, each with one's role in it.", body = Organizations),
    ),
)]
pub(super) async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
) -> Result<Answer<Organizations>> {
    if actor.person().is_none() {
        return Err(Error::Unauthenticated.into());
    }
    Ok(ok(Organizations { organizations: services.orgs().list(&actor).await? }))
}

/// Creates an organization, which one owns.
///
/// It has the project `default` with the environments `dev`, `staging` and `prod`.
#[utoipa::path(
    post, path = "/", operation_id = "createOrganization", tag = "Organizations",
    params(Create<New>), request_body = New,
    responses(
        (status = CREATED, description = "The organization.", body = OrganizationView),
        Forbidden, Conflict
    ),
)]
pub(super) async fn create(
    State(services): State<Services>,
    Create(actor, New { name, slug }): Create<New>,
) -> Result<Answer<OrganizationView>> {
    let owner = actor.person().ok_or(Error::Unauthenticated)?.id;
    let slug = match slug {
        Some(slug) => slug,
        None => suggest_slug(&name).parse().map_err(|_| Error::invalid("slug", "is needed"))?,
    };
    Ok(created(services.orgs().create(&actor, CreateOrganization { slug, name, owner }).await?))
}

/// An organization.
#[utoipa::path(
    get, path = "/{org}", operation_id = "getOrganization", tag = "Organizations",
    responses(
        (status = OK, description = "The organization, with one's role in it.", body = OrganizationView),
        NotFound
    ),
)]
pub(super) async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path(org): Path<String>,
) -> Result<Answer<OrganizationView>> {
    Ok(ok(services.orgs().find(&actor, &org).await?))
}

/// Changes an organization's name for people.
///
/// The slug stays: it is in addresses that others have kept.
#[utoipa::path(
    patch, path = "/{org}", operation_id = "renameOrganization", tag = "Organizations", request_body = Name,
    responses(Done, Forbidden, NotFound),
)]
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

/// Deletes an organization with everything in it.
///
/// Applications that ask with its keys are refused from then on. Takes a session: a personal token may not.
#[utoipa::path(
    delete, path = "/{org}", operation_id = "deleteOrganization", tag = "Organizations", request_body = Confirm,
    responses(Done, Forbidden, NotFound),
)]
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
