//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use domain::api_keys::ApiKeyView;
use domain::{EnvironmentKey, OrgSlug, ProjectKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadCode);

/// What code needs to know of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Reached {
    /// Where applications reach the instance.
    pub(super) url: String,
    /// The environment's keys that work, the newest first; 20 at most.
    pub(super) keys: Vec<ApiKeyView>,
}

/// Where applications ask, and with which keys.
#[server(endpoint = "flag/code", input = Form, output = Json)]
pub(super) async fn load_code(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
) -> Result<Reached, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let keys = crate::quickstart::working_keys(&services, &actor, of, environment).await?;
    let url = crate::server::address_of(&services.settings().public_url);
    Ok(Reached { url, keys })
}
