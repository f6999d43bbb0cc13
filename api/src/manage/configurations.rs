//! What flags do in each environment: `/api/v1/manage/flags/{key}/environments/{env}`.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::flags::{ChangeConfiguration, ConfigurationView, FlagAt, ReplaceConfiguration, SwitchNow};
use domain::orgs::ProjectRef;
use serde_json::{Value, json};
use service::{Actor, Services};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::command::{Answer, Command, Path, ok, part};
use super::organization::InProject;
use super::purge;
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Conflict, Forbidden, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(show, change, replace))
        .routes(routes!(kill))
        .routes(routes!(toggle))
        .merge(purge::routes())
}

/// What a flag does in an environment.
#[utoipa::path(
    get, path = "/flags/{key}/environments/{env}", operation_id = "getConfiguration", tag = "Targeting",
    params(InProject),
    responses(
        (status = OK, description = "The flag's configuration there.", body = ConfigurationView,
            example = json!(example())),
        NotModified, NotFound
    ),
)]
pub(super) async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((key, env)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let found = services.flags().configuration(&actor, &at(project, &key, &env)?).await?;
    Ok(etag::answer(&headers, &found))
}

/// Changes what a flag does in an environment, field by field.
///
/// What is left out stays as it is. `enabled` alone is a switch: to switch off heeds no version, and takes no more than a
/// developer and no comment where the environment is protected. In the simple form, `rollout_pct` is the share of the first
/// variation, and `rules` are tests that must all hold. What the form means depends on the flag's kind: the fallthrough's
/// share of boolean and percentage flags; whom the one rule lets through of segment and combined ones, and the rule's share
/// of combined ones.
#[utoipa::path(
    patch, path = "/flags/{key}/environments/{env}", operation_id = "changeConfiguration", tag = "Targeting",
    params(InProject),
    request_body(content = ChangeConfiguration, example = json!({"enabled": true, "rollout_pct": 25, "version": 3})),
    responses(
        (status = OK, description = "What the flag does there from now on.", body = ConfigurationView,
            example = json!(example())),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn change(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((key, env)): Path<(String, String)>,
    Command(command): Command<ChangeConfiguration>,
) -> Result<Answer<ConfigurationView>> {
    Ok(ok(services.flags().change(&actor, at(project, &key, &env)?, command).await?))
}

/// Replaces what a flag does in an environment.
///
/// What is left out is empty from then on. It works where what is stored cannot be read, too.
#[utoipa::path(
    put, path = "/flags/{key}/environments/{env}", operation_id = "replaceConfiguration", tag = "Targeting",
    params(InProject),
    request_body(
        content = ReplaceConfiguration,
        example = json!({"enabled": true, "off_variation": "off", "fallthrough": {"variation": "on"}, "version": 3}),
    ),
    responses(
        (status = OK, description = "What the flag does there from now on.", body = ConfigurationView,
            example = json!(example())),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn replace(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((key, env)): Path<(String, String)>,
    Command(command): Command<ReplaceConfiguration>,
) -> Result<Answer<ConfigurationView>> {
    Ok(ok(services.flags().replace(&actor, at(project, &key, &env)?, command).await?))
}

/// Switches a flag off in an environment, at once: the kill switch.
///
/// It heeds no version and needs no comment, in a protected environment neither, and it works where what is stored cannot be
/// read.
#[utoipa::path(
    post, path = "/flags/{key}/environments/{env}/kill", operation_id = "killFlag", tag = "Targeting",
    params(InProject), request_body = SwitchNow,
    responses(
        (status = OK, description = "The flag is off there.", body = ConfigurationView, example = json!(example())),
        Forbidden, NotFound
    ),
)]
pub(super) async fn kill(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((key, env)): Path<(String, String)>,
    Command(SwitchNow { comment }): Command<SwitchNow>,
) -> Result<Answer<ConfigurationView>> {
    Ok(ok(services.flags().kill(&actor, at(project, &key, &env)?, comment).await?))
}

/// Switches a flag in an environment from what it is to what it is not.
///
/// It takes the right to do what it then does: to switch on, or off. For scripts that do not want to ask first.
#[utoipa::path(
    post, path = "/flags/{key}/environments/{env}/toggle", operation_id = "toggleFlag", tag = "Targeting",
    params(InProject), request_body = SwitchNow,
    responses(
        (status = OK, description = "The flag is on there if it was off, and off if it was on.",
            body = ConfigurationView, example = json!(example())),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn toggle(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((key, env)): Path<(String, String)>,
    Command(SwitchNow { comment }): Command<SwitchNow>,
) -> Result<Answer<ConfigurationView>> {
    Ok(ok(services.flags().toggle(&actor, at(project, &key, &env)?, comment).await?))
}

fn at(project: ProjectRef, key: &str, env: &str) -> Result<FlagAt> {
    // An environment that does not exist is told before a flag that does not.
    let environment = part(env, &format!("environment `{env}`"))?;
    Ok(FlagAt { project, key: part(key, &format!("flag `{key}`"))?, environment })
}

/// A configuration that has everything.
fn example() -> Value {
    json!({
        "flag": "checkout-v2",
        "environment": "dev",
        "version": 4,
        "revision": 42,
        "updated_at": 1_767_225_600_000_i64,
        "kind": "combined",
        "enabled": true,
        "off_variation": "off",
        "track_events": false,
        "window": null,
        "prerequisites": [],
        "overrides": [],
        "rules": [{
            "id": "simple",
            "when": {"all": [{"attribute": "plan", "op": "in", "values": ["pro", "team"]}]},
            "serve": {"rollout": {
                "algorithm": "togglebit",
                "weights": [{"variation": "on", "weight": 25_000}, {"variation": "off", "weight": 75_000}],
            }},
        }],
        "fallthrough": {"variation": "off"},
        "simple": {
            "enabled": true,
            "rollout_pct": 25,
            "rules": [{"attribute": "plan", "op": "in", "values": ["pro", "team"]}],
        },
        "warnings": [],
    })
}
