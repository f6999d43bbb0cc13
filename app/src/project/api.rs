//! What the page asks of the server.

use domain::projects::ProjectContents;
use domain::{OrgSlug, ProjectKey};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadContents);

/// What is in a project, in numbers.
#[server(endpoint = "project/contents", input = Form, output = Json)]
pub(super) async fn load_contents(
    organization: OrgSlug,
    project: ProjectKey,
) -> Result<ProjectContents, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    services.projects().contents(&actor, &of).await.map_err(crate::server::reject)
}
