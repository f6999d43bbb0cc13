//! `/api/v1/manage`: what is managed within one organization, which a header names.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::Error;
use domain::orgs::OrganizationView;
use service::{Actor, Services};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::command::{Answer, ok};
use crate::envelope::{Rejection, Result};
use crate::openapi::{NotFound, part};

/// The header that names the organization that a request is about: its slug or its id.
const HEADER: &str = "x-org-id";

/// The organization that a request is about: the one that its header names, or the asker's oldest one.
pub(super) struct InOrganization(pub(super) OrganizationView);

impl FromRequestParts<Services> for InOrganization {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, services: &Services) -> Result<Self> {
        let actor = request.extensions.get::<Actor>().cloned().unwrap_or(Actor::anonymous());
        let named = match request.headers.get(HEADER) {
            None => None,
            // What is no text names nothing.
            Some(name) => Some(name.to_str().map_err(|_| Error::not_found("organization"))?),
        };
        Ok(Self(services.orgs().named(&actor, named).await?))
    }
}

impl IntoParams for InOrganization {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let (description, schema) = part("org");
        let header = Parameter::builder().name(HEADER).parameter_in(ParameterIn::Header);
        vec![header.required(Required::False).description(description).schema(Some(schema)).build()]
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
