//! `/api/v1/manage/environments`: the environments of a project.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::environments::{
    Color, CreateEnvironment, DeleteEnvironment, EnvironmentChanges, EnvironmentView, OrderEnvironments,
    UpdateEnvironment,
};
use domain::projects::suggest_key;
use domain::{EnvironmentKey, Error};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use validator::Validate;

use super::command::{Answer, Command, Create, Path, created, ok, part};
use super::organization::InProject;
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Conflict, Done, Forbidden, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(order))
        .routes(routes!(show, update, delete))
}

/// A project's environments.
#[derive(Serialize, ToSchema)]
struct Environments {
    /// The environments in their order.
    environments: Vec<EnvironmentView>,
}

/// A new environment. Without a key it gets one that says its name.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EnvironmentToCreate)]
struct New {
    /// The name for people.
    #[schema(min_length = 1, max_length = 100, examples("Preview"))]
    name: String,
    /// The key, which never changes.
    #[serde(default)]
    key: Option<EnvironmentKey>,
    /// The colour that it is told from others by.
    color: Color,
    /// Whether changes need an admin.
    #[serde(default)]
    #[schema(examples(false))]
    protected: bool,
    /// The environment that flags and segments do here at first what they do there. Without one, flags are off and
    /// segments are empty.
    #[serde(default)]
    copy_from: Option<EnvironmentKey>,
}

/// An order of a project's environments.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EnvironmentOrder)]
struct Order {
    /// The keys of all of them.
    order: Vec<EnvironmentKey>,
}

/// What is typed so that nothing is deleted by mistake.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EnvironmentConfirmation)]
struct Confirm {
    /// The environment's key.
    #[schema(examples("preview"))]
    confirm: String,
}

/// The environments of a project in their order.
#[utoipa::path(
    get, path = "/environments", operation_id = "listEnvironments", tag = "Projects", params(InProject),
    responses((status = OK, description = "The environments.", body = Environments), NotModified, NotFound),
)]
async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    headers: HeaderMap,
) -> Result<Response> {
    let environments = services.environments().list(&actor, &project).await?;
    Ok(etag::answer(&headers, &Environments { environments }))
}

/// Creates an environment, the last in its project's order.
///
/// Every flag and segment of the project is there at once: as it is in the environment that `copy_from` names, else off
/// and empty.
#[utoipa::path(
    post, path = "/environments", operation_id = "createEnvironment", tag = "Projects",
    params(InProject, Create<New>), request_body = New,
    responses(
        (status = CREATED, description = "The environment.", body = EnvironmentView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn create(
    State(services): State<Services>,
    InProject(project): InProject,
    Create(actor, New { name, key, color, protected, copy_from }): Create<New>,
) -> Result<Answer<EnvironmentView>> {
    let key = match key {
        Some(key) => key,
        None => suggest_key(&name, "environment").parse().map_err(|_| Error::invalid("key", "is needed"))?,
    };
    let command = CreateEnvironment { project, key, name, color, protected, copy_from };
    Ok(created(services.environments().create(&actor, command).await?))
}

/// Puts the environments of a project into another order.
#[utoipa::path(
    post, path = "/environments/order", operation_id = "orderEnvironments", tag = "Projects",
    params(InProject), request_body = Order,
    responses(
        (status = OK, description = "The environments in their new order.", body = Environments),
        Forbidden, NotFound
    ),
)]
async fn order(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Command(Order { order }): Command<Order>,
) -> Result<Answer<Environments>> {
    let environments = services.environments().order(&actor, OrderEnvironments { project, order }).await?;
    Ok(ok(Environments { environments }))
}

/// An environment.
#[utoipa::path(
    get, path = "/environments/{env}", operation_id = "getEnvironment", tag = "Projects", params(InProject),
    responses((status = OK, description = "The environment.", body = EnvironmentView), NotModified, NotFound),
)]
async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(env): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let environment = services.environments().find(&actor, &project, &part(&env, "environment")?).await?;
    Ok(etag::answer(&headers, &environment))
}

/// Changes an environment's name, its colour, or whether it is protected.
///
/// What is not sent stays as it is. What the environment serves stays the same, and so does its revision.
#[utoipa::path(
    patch, path = "/environments/{env}", operation_id = "updateEnvironment", tag = "Projects",
    params(InProject), request_body = EnvironmentChanges,
    responses((status = OK, description = "The environment.", body = EnvironmentView), Forbidden, NotFound),
)]
async fn update(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(env): Path<String>,
    Command(changes): Command<EnvironmentChanges>,
) -> Result<Answer<EnvironmentView>> {
    let command = UpdateEnvironment { project, environment: part(&env, "environment")?, changes };
    Ok(ok(services.environments().update(&actor, command).await?))
}

/// Deletes an environment.
///
/// What flags and segments do there, its history and its API keys are gone; applications that ask with those are refused
/// from then on. The audit log stays. The last environment of a project cannot be deleted.
#[utoipa::path(
    delete, path = "/environments/{env}", operation_id = "deleteEnvironment", tag = "Projects",
    params(InProject), request_body = Confirm,
    responses(Done, Forbidden, NotFound, Conflict),
)]
async fn delete(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(env): Path<String>,
    Command(Confirm { confirm }): Command<Confirm>,
) -> Result<StatusCode> {
    let command = DeleteEnvironment { project, environment: part(&env, "environment")?, confirm };
    services.environments().delete(&actor, command).await?;
    Ok(StatusCode::NO_CONTENT)
}
