//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use domain::templates::TemplateView;
use domain::{OrgSlug, ProjectKey};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadTemplates);

/// The templates that a flag can be made from, a hundred at most.
#[server(endpoint = "templates", input = Form, output = Json)]
pub(crate) async fn load_templates(
    organization: OrgSlug,
    project: ProjectKey,
) -> Result<Vec<TemplateView>, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let page = domain::Page { limit: 100, ..Default::default() };
    let found = services.templates().list(&actor, &of, &page).await.map_err(crate::server::reject)?;
    Ok(found.templates)
}
