//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use domain::usage::{FlagInsights, UsageRange};
use domain::{EnvironmentKey, FlagKey, OrgSlug, ProjectKey};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadInsights);

/// How a flag is evaluated in one environment.
#[server(endpoint = "flag/insights", input = Form, output = Json)]
pub(super) async fn load_insights(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
    environment: EnvironmentKey,
    range: UsageRange,
) -> Result<FlagInsights, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    services.usage().insights(&actor, &of, &key, &environment, range).await.map_err(crate::server::reject)
}
