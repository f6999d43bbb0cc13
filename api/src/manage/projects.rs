//! `/api/v1/manage/projects`: the projects of an organization. `{project}` is a key or an id.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::orgs::{OrganizationView, ProjectRef, ProjectView};
use domain::projects::{CreateProject, DeleteProject, NewEnvironment, RenameProject, suggest_key};
use domain::{Error, ProjectKey};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use validator::Validate;

use super::command::{Answer, Command, Create, Path, created, ok};
use super::organization::InOrganization;
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Conflict, Done, Forbidden, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, rename, delete))
}

/// An organization's projects.
#[derive(Serialize, ToSchema)]
struct Projects {
    /// The projects, the oldest first.
    projects: Vec<ProjectView>,
}

/// A new project. Without a key it gets one that says its name.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProject)]
struct New {
    /// The name for people.
    #[schema(min_length = 1, max_length = 100, examples("Website"))]
    name: String,
    /// The key, which never changes.
    #[serde(default)]
    key: Option<ProjectKey>,
    /// The environments that it starts with, in their order; `dev`, `staging` and `prod` unless given.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 50)]
    environments: Option<Vec<NewEnvironment>>,
}

/// Another name for a project.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProjectName)]
struct Name {
    /// The name for people.
    #[schema(min_length = 1, max_length = 100, examples("Website"))]
    name: String,
}

/// What is typed so that nothing is deleted by mistake.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProjectConfirmation)]
struct Confirm {
    /// The project's key.
    #[schema(examples("website"))]
    confirm: String,
}

/// The projects of an organization, the oldest first.
#[utoipa::path(
    get, path = "/projects", operation_id = "listProjects", tag = "Projects", params(InOrganization),
    responses((status = OK, description = "The projects.", body = Projects), NotModified, NotFound),
)]
async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InOrganization(organization): InOrganization,
    headers: HeaderMap,
) -> Result<Response> {
    let projects = services.projects().list(&actor, &organization.slug).await?;
    Ok(etag::answer(&headers, &Projects { projects }))
}

/// Creates a project with its first environments.
#[utoipa::path(
    post, path = "/projects", operation_id = "createProject", tag = "Projects",
    params(InOrganization, Create<New>), request_body = New,
    responses(
        (status = CREATED, description = "The project.", body = ProjectView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn create(
    State(services): State<Services>,
    InOrganization(organization): InOrganization,
    Create(actor, New { name, key, environments }): Create<New>,
) -> Result<Answer<ProjectView>> {
    let key = match key {
        Some(key) => key,
        None => suggest_key(&name, "project").parse().map_err(|_| Error::invalid("key", "is needed"))?,
    };
    let command = CreateProject { organization: organization.slug, key, name, environments };
    Ok(created(services.projects().create(&actor, command).await?))
}

/// A project.
#[utoipa::path(
    get, path = "/projects/{project}", operation_id = "getProject", tag = "Projects", params(InOrganization),
    responses((status = OK, description = "The project.", body = ProjectView), NotModified, NotFound),
)]
async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InOrganization(organization): InOrganization,
    Path(project): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let project = named(&services, &actor, organization, &project).await?;
    Ok(etag::answer(&headers, &services.projects().find(&actor, &project).await?))
}

/// Changes a project's name for people.
///
/// The key stays: it is in addresses that others have kept.
#[utoipa::path(
    patch, path = "/projects/{project}", operation_id = "renameProject", tag = "Projects",
    params(InOrganization), request_body = Name,
    responses((status = OK, description = "The project.", body = ProjectView), Forbidden, NotFound),
)]
async fn rename(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InOrganization(organization): InOrganization,
    Path(project): Path<String>,
    Command(Name { name }): Command<Name>,
) -> Result<Answer<ProjectView>> {
    let project = named(&services, &actor, organization, &project).await?;
    Ok(ok(services.projects().rename(&actor, RenameProject { project, name }).await?))
}

/// Deletes a project with everything in it.
///
/// Its flags, segments, environments, their history and their API keys are gone; applications that ask with those are
/// refused from then on. The audit log stays. The last project of an organization cannot be deleted.
#[utoipa::path(
    delete, path = "/projects/{project}", operation_id = "deleteProject", tag = "Projects",
    params(InOrganization), request_body = Confirm,
    responses(Done, Forbidden, NotFound, Conflict),
)]
async fn delete(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InOrganization(organization): InOrganization,
    Path(project): Path<String>,
    Command(Confirm { confirm }): Command<Confirm>,
) -> Result<StatusCode> {
    let project = named(&services, &actor, organization, &project).await?;
    services.projects().delete(&actor, DeleteProject { project, confirm }).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn named(
    services: &Services,
    actor: &Actor,
    organization: OrganizationView,
    project: &str,
) -> Result<ProjectRef> {
    Ok(services.projects().named(actor, &organization.slug, Some(project)).await?)
}
