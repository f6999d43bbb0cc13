//! Templates of flags.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::Page;
use domain::flags::FlagView;
use domain::templates::{
    CreateTemplate, DeleteTemplate, FlagFromTemplate, TemplateView, TemplatesPage, UpdateTemplate,
};
use serde_json::{Value, json};
use service::{Actor, Services};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::command::{Answer, Command, Create, Path, created, ok, part};
use super::organization::InProject;
use super::query::Asked;
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Conflict, Done, Forbidden, Invalid, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, update, delete))
        .routes(routes!(create_flag))
}

/// A template, as it is answered.
fn example() -> Value {
    json!({
        "key": "kill-switch", "name": "Kill switch", "description": "What can be switched off in an emergency.",
        "shape": {
            "kind": "boolean", "value_type": "boolean", "client_side": false,
            "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}], "tags": ["operations"],
            "configuration": {"enabled": false, "off_variation": "off", "fallthrough": {"variation": "on"}}
        },
        "version": 1, "created_by": "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84", "created_at": 1_767_225_600_000_i64,
        "updated_at": 1_767_225_600_000_i64
    })
}

/// A project's templates, in the order of their keys.
#[utoipa::path(
    get, path = "/templates", operation_id = "listTemplates", tag = "Templates", params(InProject, Asked<Page>),
    responses(
        (status = OK, description = "The templates.", body = TemplatesPage, example = json!({"templates": [example()], "next": null, "total": 1})),
        NotModified, Invalid, NotFound
    ),
)]
pub(super) async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Asked(page): Asked<Page>,
    headers: HeaderMap,
) -> Result<Response> {
    Ok(etag::answer(&headers, &services.templates().list(&actor, &project, &page).await?))
}

/// Creates a template.
///
/// Of a `shape`, or with `from_flag` and `environment` of what a flag is and does there.
#[utoipa::path(
    post, path = "/templates", operation_id = "createTemplate", tag = "Templates",
    params(InProject, Create<CreateTemplate>),
    request_body(content = CreateTemplate, example = json!({
        "name": "Kill switch", "from_flag": "checkout-v2", "environment": "dev"
    })),
    responses(
        (status = CREATED, description = "The template.", body = TemplateView, example = json!(example())),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn create(
    State(services): State<Services>,
    InProject(project): InProject,
    Create(actor, command): Create<CreateTemplate>,
) -> Result<Answer<TemplateView>> {
    Ok(created(services.templates().create(&actor, &project, command).await?))
}

/// A template.
#[utoipa::path(
    get, path = "/templates/{template}", operation_id = "getTemplate", tag = "Templates", params(InProject),
    responses((status = OK, description = "The template.", body = TemplateView, example = json!(example())), NotModified, NotFound),
)]
pub(super) async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(template): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let key = part(&template, "template")?;
    Ok(etag::answer(&headers, &services.templates().find(&actor, &project, &key).await?))
}

/// Changes a template. What is absent stays.
///
/// Flags that were made of it stay as they are.
#[utoipa::path(
    patch, path = "/templates/{template}", operation_id = "updateTemplate", tag = "Templates",
    params(InProject), request_body = UpdateTemplate,
    responses(
        (status = OK, description = "The template as it is now.", body = TemplateView, example = json!(example())),
        Forbidden, NotFound, Conflict
    ),
)]
pub(super) async fn update(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(template): Path<String>,
    Command(command): Command<UpdateTemplate>,
) -> Result<Answer<TemplateView>> {
    let key = part(&template, "template")?;
    Ok(ok(services.templates().update(&actor, &project, key, command).await?))
}

/// Deletes a template.
///
/// Flags that were made of it stay.
#[utoipa::path(
    delete, path = "/templates/{template}", operation_id = "deleteTemplate", tag = "Templates",
    params(InProject), request_body = DeleteTemplate, responses(Done, Forbidden, NotFound),
)]
pub(super) async fn delete(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(template): Path<String>,
    Command(command): Command<DeleteTemplate>,
) -> Result<StatusCode> {
    let key = part(&template, "template")?;
    services.templates().delete(&actor, &project, key, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Creates a flag of a template's shape.
///
/// It is off everywhere, and does in every environment what the template says once it is switched on there. What becomes of
/// the template later does not matter to it.
#[utoipa::path(
    post, path = "/templates/{template}/flags", operation_id = "createFlagFromTemplate", tag = "Templates",
    params(InProject, Create<FlagFromTemplate>), request_body = FlagFromTemplate,
    responses((status = CREATED, description = "The flag.", body = FlagView), Forbidden, NotFound, Conflict),
)]
pub(super) async fn create_flag(
    State(services): State<Services>,
    InProject(project): InProject,
    Path(template): Path<String>,
    Create(actor, command): Create<FlagFromTemplate>,
) -> Result<Answer<FlagView>> {
    let template = part(&template, "template")?;
    Ok(created(services.templates().create_flag(&actor, &project, &template, command).await?))
}
