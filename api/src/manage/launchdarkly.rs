//! LaunchDarkly's format.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{FromRequest, Request, State};
use domain::transfer::OnConflict;
use domain::transfer::launchdarkly::{ImportLaunchDarkly, ImportedFlags, LaunchDarklyFlag};
use domain::{EnvironmentKey, FlagKey};
use serde::Deserialize;
use serde_json::json;
use service::{Actor, Services};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use validator::Validate;

use super::command::{Answer, Import, ok};
use super::organization::InProject;
use crate::envelope::Result;
use crate::openapi::{Conflict, Forbidden, NotFound, TooLargeImport};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(import))
}

/// What flags serve, in LaunchDarkly's format, and where they are to serve it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LaunchDarklyImport)]
pub(super) struct New {
    /// The environment's key.
    environment: EnvironmentKey,
    /// The flags by key: at most 10 000.
    #[serde(deserialize_with = "domain::unique_map")]
    #[schema(example = flags)]
    flags: BTreeMap<FlagKey, LaunchDarklyFlag>,
    /// What happens to flags that are there already.
    #[serde(default)]
    conflict: OnConflict,
    /// Whether browser keys may see the flags that are created.
    #[serde(default)]
    #[schema(examples(false))]
    client_side: bool,
    /// Whether to tell what would happen, and change nothing.
    #[serde(default)]
    #[schema(examples(false))]
    dry_run: bool,
    /// Why, for the audit log. Needed where a protected environment changes.
    #[serde(default)]
    #[schema(max_length = 2000, examples("moving over"))]
    comment: Option<String>,
}

fn flags() -> serde_json::Value {
    json!({
        "quick-search": {
            "flagVersion": 1, "trackEvents": false, "value": true, "variation": 0, "version": 1
        },
        "export-limits": {
            "flagVersion": 9, "trackEvents": false, "value": {"megabytes": 500, "resumable": true},
            "variation": 1, "version": 435
        },
    })
}

/// Imports what flags serve into an environment, in LaunchDarkly's format.
///
/// The format is what LaunchDarkly's clients are sent, and what `/api/v1/environments/{env}/flags` answers. Flags that are
/// not there are created: with the variations that their values tell of, and something in the place of those that the file
/// does not show; on, and serving the value to everybody, in the environment, and off in the others. With `overwrite`
/// those that are there serve the value to everybody in the environment, in the place of what they did there. Versions
/// are taken over where they are greater than what is there. Everything is imported or nothing.
#[utoipa::path(
    post, path = "/import/launchdarkly", operation_id = "importLaunchDarkly", tag = "Moving", params(InProject),
    request_body = New,
    responses(
        (status = OK, description = "What became of each flag.", body = ImportedFlags),
        Forbidden, NotFound, Conflict, TooLargeImport
    ),
)]
pub(super) async fn import(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    request: Request,
) -> Result<Answer<ImportedFlags>> {
    let import = services.transfer().import_launchdarkly(&actor, &project).await?;
    let Import(New { environment, flags, conflict, client_side, dry_run, comment }) =
        Import::from_request(request, &()).await?;
    let command = ImportLaunchDarkly { environment, flags, conflict, client_side, dry_run, comment };
    Ok(ok(import.apply(command).await?))
}
