//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use std::collections::BTreeMap;

use domain::flags::{BulkAction, BulkResult, FlagFilter, FlagRow, FlagTable, StartedFlag};
use domain::usage::RecentUse;
use domain::{EnvironmentKey, FlagKey, OrgSlug, ProjectKey};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadFlags, LoadRecentUse, CreateFlag, SwitchFlag, ChangeMany);

/// A page of a project's flags, for whoever looks at one environment.
#[server(endpoint = "flags/table", input = Form, output = Json)]
pub(crate) async fn load_flags(
    organization: OrgSlug,
    project: ProjectKey,
    #[server(default)] filter: FlagFilter,
    cursor: Option<String>,
) -> Result<FlagTable, UiError> {
    let (services, actor) = crate::server::request()?;
    let page = domain::Page { cursor, ..domain::Page::default() };
    let command = domain::flags::ListFlags {
        project: domain::orgs::ProjectRef { organization, project },
        filter,
        page,
    };
    services.flags().table(&actor, command).await.map_err(crate::server::reject)
}

/// How busy flags were lately.
#[server(endpoint = "flags/recent", input = Form, output = Json)]
pub(crate) async fn load_recent_use(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
    flags: Vec<FlagKey>,
) -> Result<Vec<RecentUse>, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    services.usage().recent(&actor, &of, &environment, &flags).await.map_err(crate::server::reject)
}

/// Creates the flag that a form describes, and begins to serve it where that says so.
#[server(endpoint = "flags/new", input = Form, output = Json)]
pub(crate) async fn create_flag(
    organization: OrgSlug,
    project: ProjectKey,
    fields: BTreeMap<String, String>,
) -> Result<StartedFlag, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let filled = super::filled::Filled::of(fields);
    let refuse = |refusal| crate::server::reject(service::Error::Refused(refusal));
    let command = filled.read().map_err(refuse)?;
    services.flags().start(&actor, &of, command).await.map_err(|error| refuse(filled.placed(error.expose())))
}

/// Switches a flag on or off in one environment.
#[server(endpoint = "flags/switch", input = Form, output = Json)]
pub(crate) async fn switch_flag(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
    key: FlagKey,
    enabled: bool,
    version: Option<i64>,
    comment: Option<String>,
) -> Result<FlagRow, UiError> {
    let (services, actor) = crate::server::request()?;
    let project = domain::orgs::ProjectRef { organization, project };
    let command = domain::flags::SwitchFlag { project, key, environment, enabled, version, comment };
    services.flags().switch(&actor, command).await.map_err(crate::server::reject)
}

/// Does one thing to many flags. The reasons are what is filled in for each thing that can be done: one of them counts.
#[server(endpoint = "flags/many", input = Form, output = Json)]
pub(crate) async fn change_many(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
    action: BulkAction,
    keys: Vec<FlagKey>,
    tags: Option<String>,
    #[server(default)] reasons: BTreeMap<String, String>,
) -> Result<BulkResult, UiError> {
    let (services, actor) = crate::server::request()?;
    let switches = matches!(action, BulkAction::Enable | BulkAction::Disable);
    let tags = tags.filter(|_| matches!(action, BulkAction::Tag | BulkAction::Untag)).unwrap_or_default();
    let tags = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    let action_of = |name: &str| serde_json::from_value::<BulkAction>(name.into()).ok();
    if let Some(name) = reasons.keys().find(|name| action_of(name.as_str()).is_none()) {
        let unknown = domain::Error::invalid(format!("reasons.{name}"), "there is no such field");
        return Err(crate::server::reject(service::Error::Refused(unknown)));
    }
    let comment = reasons.into_iter().find(|(name, _)| action_of(name.as_str()) == Some(action));
    let comment = comment.map(|(_, comment)| comment).filter(|comment| !comment.trim().is_empty());
    let change = domain::flags::FlagsChange {
        action,
        keys,
        environment: switches.then_some(environment),
        tags,
        comment,
    };
    let project = domain::orgs::ProjectRef { organization, project };
    services
        .flags()
        .change_many(&actor, domain::flags::ChangeFlags { project, change })
        .await
        .map_err(crate::server::reject)
}
