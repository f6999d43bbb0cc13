//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use domain::templates::TemplatesPage;
use domain::{OrgSlug, ProjectKey, TemplateKey};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadTemplates);

/// A part of the templates that a flag can be made from, in the order of their keys.
#[server(endpoint = "templates", input = Form, output = Json)]
pub(crate) async fn load_templates(
    organization: OrgSlug,
    project: ProjectKey,
    cursor: Option<String>,
    /// One that is there in any case, last unless it is in its place.
    also: Option<TemplateKey>,
) -> Result<TemplatesPage, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let page = domain::Page { cursor, limit: 100 };
    let load = async || {
        let mut found = services.templates().list(&actor, &of, &page).await?;
        let missing = also.filter(|key| !found.templates.iter().any(|template| template.key == *key));
        if let Some(key) = missing {
            match services.templates().find(&actor, &of, &key).await.map_err(service::Error::expose) {
                Ok(template) => found.templates.push(template),
                Err(domain::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found)
    };
    load().await.map_err(crate::server::reject)
}
