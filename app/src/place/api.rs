//! Server functions about a project as a whole.

use domain::place::PlaceView;
use domain::{OrgSlug, ProjectKey};
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

/// A flag or a segment that was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) is_segment: bool,
}

/// The flags of a project whose key, name, description or tags contain a text, and the segments that are called by it.
#[server(endpoint = "place/find", input = Form, output = Json)]
pub(crate) async fn find(
    organization: OrgSlug,
    project: ProjectKey,
    text: String,
) -> Result<Vec<Found>, UiError> {
    let (services, actor) = crate::server::request()?;
    let filter = domain::flags::FlagFilter { q: Some(text.clone()), ..Default::default() };
    let page = domain::Page { limit: 8, ..Default::default() };
    let project = domain::orgs::ProjectRef { organization, project };
    let query = domain::segments::ListSegments { q: Some(text), ..Default::default() };
    let command = domain::flags::ListFlags { project: project.clone(), filter, page };
    let flags = services.flags().list(&actor, command).await.map_err(crate::server::reject)?;
    let page = domain::Page { limit: 4, ..Default::default() };
    let segments = services.segments().list(&actor, &project, &query, &page).await;
    let segments = segments.map_err(crate::server::reject)?;
    let found = |key: String, name: String, is_segment: bool| Found { key, name, is_segment };
    let flags = flags.flags.into_iter().map(|flag| found(flag.key.into(), flag.name, false));
    let segments = segments.segments.into_iter().map(|segment| found(segment.key.into(), segment.name, true));
    Ok(flags.chain(segments).collect())
}
