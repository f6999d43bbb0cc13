//! What the pages ask of the server.

use domain::environments::EnvironmentContents;
use domain::{EnvironmentKey, OrgSlug, ProjectKey};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadContents);

/// What is in an environment.
#[server(endpoint = "environments/contents", input = Form, output = Json)]
pub(super) async fn load_contents(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
) -> Result<EnvironmentContents, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    services.environments().contents(&actor, &of, &environment).await.map_err(crate::server::reject)
}
