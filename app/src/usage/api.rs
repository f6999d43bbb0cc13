//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use domain::usage::{UsageBy, UsageOverview, UsageRange};
use domain::{EnvironmentKey, FlagKey, OrgSlug, ProjectKey};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadUsage);

/// A project's usage at one look.
#[server(endpoint = "usage/overview", input = Form, output = Json)]
pub(crate) async fn load_usage(
    organization: OrgSlug,
    project: ProjectKey,
    range: UsageRange,
    by: UsageBy,
    environment: Option<EnvironmentKey>,
    flag: Option<FlagKey>,
) -> Result<UsageOverview, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let usage = services.usage();
    usage.overview(&actor, &of, range, by, environment, flag).await.map_err(crate::server::reject)
}
