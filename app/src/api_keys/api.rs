//! What the pages ask of the server.

use domain::api_keys::ApiKeyView;
use domain::{ApiKeyId, EnvironmentKey, Millis, OrgSlug, ProjectKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadApiKeys, LoadApiKey, LoadApiKeyName);

/// Some of a project's API keys, the newest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ApiKeys {
    /// When they were asked for.
    pub(super) now: Millis,
    pub(super) keys: Vec<ApiKeyView>,
    /// What the next ones are asked for with.
    pub(super) next: Option<String>,
    /// How many there are altogether.
    pub(super) total: u64,
}

/// An API key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ApiKey {
    /// When it was asked for.
    pub(super) now: Millis,
    pub(super) key: ApiKeyView,
    /// The one that is in its place.
    pub(super) successor: Option<ApiKeyView>,
}

/// Some API keys of a project, or of one environment.
#[server(endpoint = "keys", input = Form, output = Json)]
pub(super) async fn load_api_keys(
    organization: OrgSlug,
    project: ProjectKey,
    environment: Option<EnvironmentKey>,
    cursor: Option<String>,
) -> Result<ApiKeys, UiError> {
    let (services, actor) = crate::server::request()?;
    let project = domain::orgs::ProjectRef { organization, project };
    let page = domain::Page { cursor, ..domain::Page::default() };
    let command = domain::api_keys::ListApiKeys { project, environment, page };
    let found = services.api_keys().list(&actor, &command).await.map_err(crate::server::reject)?;
    Ok(ApiKeys { now: services.now(), keys: found.keys, next: found.next, total: found.total })
}

/// One API key.
#[server(endpoint = "keys/one", input = Form, output = Json)]
pub(super) async fn load_api_key(
    organization: OrgSlug,
    project: ProjectKey,
    id: ApiKeyId,
) -> Result<ApiKey, UiError> {
    let (services, actor) = crate::server::request()?;
    let project = domain::orgs::ProjectRef { organization, project };
    let load = async || {
        let keys = services.api_keys();
        let key = keys.find(&actor, &project, id).await?;
        let successor = match key.replaced_by {
            Some(id) => Some(keys.find(&actor, &project, id).await?),
            None => None,
        };
        Ok(ApiKey { now: services.now(), key, successor })
    };
    load().await.map_err(crate::server::reject)
}

/// What one API key is called.
#[server(endpoint = "keys/name", input = Form, output = Json)]
pub(crate) async fn load_api_key_name(
    organization: OrgSlug,
    project: ProjectKey,
    id: ApiKeyId,
) -> Result<String, UiError> {
    let (services, actor) = crate::server::request()?;
    let project = domain::orgs::ProjectRef { organization, project };
    let key = services.api_keys().find(&actor, &project, id).await.map_err(crate::server::reject)?;
    Ok(key.name)
}
