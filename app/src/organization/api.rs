//! What the pages ask of the server.

use std::collections::BTreeMap;

use domain::access::Role;
use domain::accounts::Person;
use domain::orgs::{InvitationView, MemberView, OrganizationView, PlaceRef, ProjectView};
use domain::{Millis, OrgSlug, UserId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadOrganization, LoadMembers, ChangeRole);

/// An organization as it is seen from none of its projects.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Organization {
    pub(crate) person: Person,
    pub(crate) organization: OrganizationView,
    pub(crate) projects: Vec<ProjectView>,
    /// All organizations of whoever asks.
    pub(crate) others: Vec<OrganizationView>,
}

/// Everybody in an organization.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Members {
    pub(crate) now: Millis,
    pub(crate) members: Vec<MemberView>,
    /// When they were last there, as far as that is known.
    pub(crate) seen: BTreeMap<UserId, Millis>,
    /// The projects and their environments.
    pub(crate) places: Vec<PlaceRef>,
    pub(crate) invitations: Vec<InvitationView>,
    /// Whether whoever is invited gets a letter.
    pub(crate) letters: bool,
}

/// An organization that the asker belongs to.
#[server(endpoint = "organization", input = Form, output = Json)]
pub(crate) async fn load_organization(organization: OrgSlug) -> Result<Organization, UiError> {
    let (services, actor) = crate::server::request()?;
    let load = async || {
        let orgs = services.orgs();
        Ok(Organization {
            organization: orgs.find(&actor, organization.as_str()).await?,
            projects: services.projects().list(&actor, &organization).await?,
            others: orgs.list(&actor).await?,
            person: actor.person().cloned().ok_or(domain::Error::Unauthenticated)?,
        })
    };
    load().await.map_err(crate::server::reject)
}

/// The people of an organization that the asker belongs to.
#[server(endpoint = "members", input = Form, output = Json)]
pub(crate) async fn load_members(organization: OrgSlug) -> Result<Members, UiError> {
    let (services, actor) = crate::server::request()?;
    let load = async || {
        let orgs = services.orgs();
        Ok(Members {
            members: orgs.members(&actor, &organization).await?,
            seen: orgs.last_seen(&actor, &organization).await?,
            places: orgs.places(&actor, &organization).await?,
            invitations: orgs.invitations(&actor, &organization).await?,
            letters: crate::server::entrance().letters,
            now: services.now(),
        })
    };
    load().await.map_err(crate::server::reject)
}

/// Gives a member another role.
#[server(endpoint = "members/role", input = Form, output = Json)]
pub(crate) async fn change_role(organization: OrgSlug, user: UserId, role: Role) -> Result<(), UiError> {
    let (services, actor) = crate::server::request()?;
    let command = domain::orgs::ChangeRole { organization, user, role };
    services.orgs().change_role(&actor, command).await.map_err(crate::server::reject)
}
