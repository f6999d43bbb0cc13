//! What the page asks of the server.

use domain::OrgSlug;
use domain::accounts::Person;
use domain::orgs::{InvitationView, MemberView, OrganizationView, PlaceRef};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadOrganization);

/// An organization with everybody in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Organization {
    pub(crate) person: Person,
    pub(crate) organization: OrganizationView,
    pub(crate) members: Vec<MemberView>,
    /// Its projects and their environments.
    pub(crate) places: Vec<PlaceRef>,
    pub(crate) invitations: Vec<InvitationView>,
    /// All organizations of whoever asks.
    pub(crate) others: Vec<OrganizationView>,
}

/// An organization that the asker belongs to.
#[server(endpoint = "organization", input = Form, output = Json)]
pub(crate) async fn load_organization(organization: OrgSlug) -> Result<Organization, UiError> {
    let (services, actor) = crate::server::request()?;
    let load = async || {
        let orgs = services.orgs();
        Ok(Organization {
            organization: orgs.find(&actor, organization.as_str()).await?,
            members: orgs.members(&actor, &organization).await?,
            places: orgs.places(&actor, &organization).await?,
            invitations: orgs.invitations(&actor, &organization).await?,
            others: orgs.list(&actor).await?,
            person: actor.person().cloned().ok_or(domain::Error::Unauthenticated)?,
        })
    };
    load().await.map_err(crate::server::reject)
}
