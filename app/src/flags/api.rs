//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use domain::flags::{FlagRow, FlagsPage};
use domain::{EnvironmentKey, FlagKey, OrgSlug, ProjectKey};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, arguments};

arguments!(LoadFlags, SwitchFlag);

/// The flags of a project in one environment.
#[server(endpoint = "flags/page", input = Form)]
pub(crate) async fn load_flags(
    organization: OrgSlug,
    project: ProjectKey,
    environment: Option<EnvironmentKey>,
) -> Result<FlagsPage, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    services.flags().page(&actor, &of, environment.as_ref()).await.map_err(crate::server::reject)
}

/// Switches a flag on or off in one environment.
#[server(endpoint = "flags/switch", input = Form)]
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
