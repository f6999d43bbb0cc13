//! What the page asks of the server.

use domain::projects::ProjectContents;
use domain::{Millis, OrgSlug, ProjectKey, TemplateKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadContents);

/// What is in a project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Contents {
    pub(super) contents: ProjectContents,
    /// Its first templates.
    pub(super) templates: Vec<Template>,
}

/// A template, as a list has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Template {
    pub(super) key: TemplateKey,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) updated_at: Millis,
}

/// What is in a project.
#[server(endpoint = "project/contents", input = Form, output = Json)]
pub(super) async fn load_contents(organization: OrgSlug, project: ProjectKey) -> Result<Contents, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let load = async || {
        let page = domain::Page { limit: 100, ..domain::Page::default() };
        let list = services.templates().list(&actor, &of, &page).await?;
        let templates = list.templates.into_iter().map(|template| Template {
            key: template.key,
            name: template.name,
            description: template.description,
            updated_at: template.updated_at,
        });
        let templates = templates.collect();
        Ok(Contents { contents: services.projects().contents(&actor, &of).await?, templates })
    };
    load().await.map_err(crate::server::reject)
}
