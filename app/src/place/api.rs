//! Server functions about a project as a whole.

use domain::place::PlaceView;
use domain::{FlagKey, OrgSlug, ProjectKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadPlace, Find);

/// A project, what is beside it, and what the reader may do there.
#[server(endpoint = "place", input = Form, output = Json)]
pub(crate) async fn load_place(organization: OrgSlug, project: ProjectKey) -> Result<PlaceView, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    services.projects().place(&actor, &of).await.map_err(crate::server::reject)
}

/// A flag that was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) key: FlagKey,
    pub(crate) name: String,
}

/// The flags of a project whose key, name, description or tags contain a text.
#[server(endpoint = "place/find", input = Form, output = Json)]
pub(crate) async fn find(
    organization: OrgSlug,
    project: ProjectKey,
    text: String,
) -> Result<Vec<Found>, UiError> {
    let (services, actor) = crate::server::request()?;
    let filter = domain::flags::FlagFilter { q: Some(text), ..Default::default() };
    let page = domain::Page { limit: 8, ..Default::default() };
    let project = domain::orgs::ProjectRef { organization, project };
    let command = domain::flags::ListFlags { project, filter, page };
    let list = services.flags().list(&actor, command).await.map_err(crate::server::reject)?;
    Ok(list.flags.into_iter().map(|flag| Found { key: flag.key, name: flag.name }).collect())
}
