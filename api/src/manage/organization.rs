//! `/api/v1/manage`: what is managed within one organization, which a header names.

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use domain::Error;
use domain::orgs::{OrganizationView, ProjectRef};
use service::{Actor, Services};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::command::{Answer, ok};
use crate::envelope::{Rejection, Result};
use crate::openapi::{NotFound, part};

/// The header that names the organization that a request is about: its slug or its id.
pub(super) const ORGANIZATION: &str = "x-org-id";

/// The header that names the project that a request is about: its key or its id.
pub(super) const PROJECT: &str = "x-project";

/// The organization that a request is about: the one that its header names, or the asker's oldest one.
pub(super) struct InOrganization(pub(super) OrganizationView);

impl FromRequestParts<Services> for InOrganization {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, services: &Services) -> Result<Self> {
        let named = name(request, ORGANIZATION, "organization")?;
        Ok(Self(services.orgs().named(&actor(request), named).await?))
    }
}

/// The project that a request is about: the one that its header names, or `default`.
pub(super) struct InProject(pub(super) ProjectRef);

impl FromRequestParts<Services> for InProject {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, services: &Services) -> Result<Self> {
        let InOrganization(organization) = InOrganization::from_request_parts(request, services).await?;
        Ok(Self(project_named(request, services, &organization).await?))
    }
}

/// The project of an organization that the header names, or `default`.
pub(super) async fn project_named(
    request: &Parts,
    services: &Services,
    organization: &OrganizationView,
) -> Result<ProjectRef> {
    project_called(request, services, organization, name(request, PROJECT, "project")?).await
}

/// The project of an organization with this key or id, or `default`.
pub(super) async fn project_called(
    request: &Parts,
    services: &Services,
    organization: &OrganizationView,
    name: Option<&str>,
) -> Result<ProjectRef> {
    let actor = actor(request);
    Ok(services.projects().named(&actor, &organization.slug, name).await?)
}

/// Who asks.
fn actor(request: &Parts) -> Actor {
    request.extensions.get::<Actor>().cloned().unwrap_or(Actor::anonymous())
}

/// What a header names. What is no text names nothing.
fn name<'r>(request: &'r Parts, header: &str, what: &str) -> Result<Option<&'r str>> {
    let read = |name: &'r HeaderValue| name.to_str().map_err(|_| Error::not_found(what));
    Ok(request.headers.get(header).map(read).transpose()?)
}

impl IntoParams for InOrganization {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let (description, schema) = part("org");
        let header = Parameter::builder().name(ORGANIZATION).parameter_in(ParameterIn::Header);
        vec![header.required(Required::False).description(description).schema(Some(schema)).build()]
    }
}

impl IntoParams for InProject {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let (description, schema) = part("project");
        let header = Parameter::builder().name(PROJECT).parameter_in(ParameterIn::Header);
        let header = header.required(Required::False).description(description).schema(Some(schema)).build();
        let mut headers = InOrganization::into_params(place);
        headers.push(header);
        headers
    }
}

/// The organization that requests to manage are about.
///
/// It is the one that the header `X-Org-Id` names, and without it the oldest one that one belongs to.
#[utoipa::path(
    get, path = "/organization", operation_id = "getManagedOrganization", tag = "Organizations",
    params(InOrganization),
    responses(
        (status = OK, description = "The organization, with one's role in it.", body = OrganizationView),
        NotFound
    ),
)]
pub(super) async fn show(InOrganization(organization): InOrganization) -> Answer<OrganizationView> {
    ok(organization)
}
