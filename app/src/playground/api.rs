//! Server functions.

use domain::history::Moment;
use domain::{EnvironmentKey, FlagKey, OrgSlug, ProjectKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Part};
use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(Evaluate, LoadChoices);

/// What flags serve to a context, and why: one with every step, or a page of those whose keys have a text in them.
#[server(endpoint = "playground/evaluate", input = Form, output = Json)]
pub(super) async fn evaluate(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
    flag: Option<FlagKey>,
    context: Option<String>,
    #[server(default)] moment: Moment,
    #[server(default)] part: Part,
) -> Result<Answer, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let context = context.map(serde_json::value::RawValue::from_string).transpose();
    let context = context.map_err(|error| domain::Error::invalid("context", error.to_string()));
    let context = context.map_err(|error| crate::server::reject(error.into()))?;
    let part = flag.is_none().then_some(part);
    let question = domain::history::Evaluate { environment, flag, context, moment, now: None };
    let explained = services.history().explain(&actor, &of, question).await.map_err(crate::server::reject)?;
    super::answer::read(explained, part).map_err(crate::server::reject)
}

/// What can be chosen in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Choices {
    /// What attributes of contexts are called.
    pub(super) attributes: Vec<String>,
    /// The flags, with their names; 100 at most.
    pub(super) flags: Vec<(FlagKey, String)>,
}

/// The attributes that contexts had lately, and the flags.
#[server(endpoint = "playground/choices", input = Form, output = Json)]
pub(super) async fn load_choices(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
) -> Result<Choices, UiError> {
    let (services, actor) = crate::server::request()?;
    let project = domain::orgs::ProjectRef { organization, project };
    let attributes = services.usage().attributes(&actor, &project, &environment).await;
    let attributes = attributes.map_err(crate::server::reject)?;
    let page = domain::Page { limit: 100, ..Default::default() };
    let command = domain::flags::ListFlags { project, filter: Default::default(), page };
    let list = services.flags().list(&actor, command).await.map_err(crate::server::reject)?;
    Ok(Choices {
        attributes: attributes.into_iter().map(|attribute| attribute.name).collect(),
        flags: list.flags.into_iter().map(|flag| (flag.key, flag.name)).collect(),
    })
}
