//! Server functions.

use domain::api_keys::ApiKeyView;
use domain::flags::FlagView;
use domain::ruleset::ValueType;
use domain::usage::LastEvaluation;
use domain::{EnvironmentKey, OrgSlug, ProjectKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadStart, LoadLast);

/// What somebody begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Start {
    /// Where applications reach the instance.
    pub(super) url: String,
    /// The environment's keys that work, the newest first; 20 at most.
    pub(super) keys: Vec<ApiKeyView>,
    /// A flag to ask for.
    pub(super) flag: Option<FlagView>,
    pub(super) last: LastEvaluation,
}

/// What is there already: keys, a flag, evaluations.
#[server(endpoint = "quickstart", input = Form, output = Json)]
pub(super) async fn load_start(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
) -> Result<Start, UiError> {
    let (services, actor) = crate::server::request()?;
    let project = domain::orgs::ProjectRef { organization, project };
    let keys = working_keys(&services, &actor, project.clone(), environment.clone()).await?;
    let last = services.usage().last(&actor, &project, &environment).await.map_err(crate::server::reject)?;
    let page = domain::Page { limit: 100, ..Default::default() };
    let command = domain::flags::ListFlags { project, filter: Default::default(), page };
    let flags = services.flags().list(&actor, command).await.map_err(crate::server::reject)?.flags;
    let url = crate::server::address_of(&services.settings().public_url);
    Ok(Start { url, keys, flag: good_example(flags, &environment), last })
}

/// What was evaluated last, for whoever waits for it.
#[server(endpoint = "quickstart/last", input = Form, output = Json)]
pub(super) async fn load_last(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
) -> Result<LastEvaluation, UiError> {
    let (services, actor) = crate::server::request()?;
    let project = domain::orgs::ProjectRef { organization, project };
    services.usage().last(&actor, &project, &environment).await.map_err(crate::server::reject)
}

/// An environment's keys that work, the newest first; 20 at most.
#[cfg(feature = "ssr")]
pub(crate) async fn working_keys(
    services: &service::Services,
    actor: &service::Actor,
    project: domain::orgs::ProjectRef,
    environment: EnvironmentKey,
) -> Result<Vec<ApiKeyView>, UiError> {
    let page = domain::Page { limit: 100, ..Default::default() };
    let command = domain::api_keys::ListApiKeys { project, environment: Some(environment), page };
    let keys = services.api_keys().list(actor, &command).await.map_err(crate::server::reject)?.keys;
    let works = |key: &ApiKeyView| key.status == domain::api_keys::KeyStatus::Active;
    Ok(keys.into_iter().filter(works).take(20).collect())
}

/// The flag that says most: one for browsers too, that is on, of the simplest type.
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "the server chooses"))]
fn good_example(flags: Vec<FlagView>, environment: &EnvironmentKey) -> Option<FlagView> {
    flags.into_iter().min_by_key(|flag| {
        let is_on = flag.environments.get(environment).is_some_and(|here| here.enabled);
        (flag.value_type != ValueType::Boolean, !flag.client_side, !is_on)
    })
}
