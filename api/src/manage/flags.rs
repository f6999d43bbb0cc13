//! `/api/v1/manage/flags`: flags, as they are in all environments of their project.

mod filter;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::flags::{
    ArchiveFlag, CopyFlag, DeleteFlag, FlagChanges, FlagCopy, FlagFilter, FlagList, FlagView, ListFlags,
    NewFlag, PutFlag, UpdateFlag,
};
use domain::{Error, FlagKey};
use serde::Deserialize;
use service::{Actor, Services};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use validator::Validate;

use super::command::{Answer, Command, Create, Path, created, ok, part};
use super::organization::InProject;
use super::query::Listed;
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Conflict, Done, Forbidden, Invalid, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, put, update, delete))
        .routes(routes!(archive))
        .routes(routes!(restore))
        .routes(routes!(copy))
}

/// Why a flag is archived or restored.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FlagComment)]
struct Why {
    /// Why, for the audit log. Needed where the project has a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"))]
    #[schema(max_length = 2000, examples("Everybody has it."))]
    comment: Option<String>,
}

/// What is typed so that nothing is deleted by mistake.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FlagConfirmation)]
struct Confirm {
    /// The flag's key.
    #[schema(examples("checkout-v2"))]
    confirm: String,
    /// Why, for the audit log.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"))]
    #[schema(max_length = 2000, examples("Nothing asks for it."))]
    comment: Option<String>,
}

/// The flags of a project, a page at a time.
///
/// Archived flags are listed where they are asked for, and then alone.
#[utoipa::path(
    get, path = "/flags", operation_id = "listFlags", tag = "Flags", params(InProject, Listed<FlagFilter>),
    responses(
        (status = OK, description = "A page of flags.", body = FlagList),
        NotModified, Invalid, NotFound
    ),
)]
async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Listed(filter, page): Listed<FlagFilter>,
    headers: HeaderMap,
) -> Result<Response> {
    let list = services.flags().list(&actor, ListFlags { project, filter, page }).await?;
    Ok(etag::answer(&headers, &list))
}

/// Creates a flag in every environment of the project, switched off.
///
/// What is left out is what most flags are: a boolean one with the variations `on` and `off`, and a key that says its
/// name. It does what its kind says, or its own configuration, once it is switched on. A key that a deleted flag had goes on
/// with the next version.
#[utoipa::path(
    post, path = "/flags", operation_id = "createFlag", tag = "Flags", params(InProject, Create<NewFlag>),
    request_body = NewFlag,
    responses(
        (status = CREATED, description = "The flag.", body = FlagView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn create(
    State(services): State<Services>,
    InProject(project): InProject,
    Create(actor, new): Create<NewFlag>,
) -> Result<Answer<FlagView>> {
    Ok(created(services.flags().create(&actor, new.complete(project)?).await?))
}

/// A flag, also one that is archived.
#[utoipa::path(
    get, path = "/flags/{key}", operation_id = "getFlag", tag = "Flags", params(InProject),
    responses(
        (status = OK, description = "The flag.", body = FlagView),
        NotModified, NotFound
    ),
)]
async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let flag = services.flags().show(&actor, &project, &named(&key)?).await?;
    Ok(etag::answer(&headers, &flag))
}

/// Creates a flag with this key, or makes the one that has it what is said here.
///
/// For scripts that have flags written down: sent again, it changes nothing. What flags do in environments is left alone.
#[utoipa::path(
    put, path = "/flags/{key}", operation_id = "putFlag", tag = "Flags", params(InProject), request_body = PutFlag,
    responses(
        (status = OK, description = "The flag that was there, as it is now.", body = FlagView),
        (status = CREATED, description = "The new flag.", body = FlagView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn put(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(key): Path<String>,
    Command(flag): Command<PutFlag>,
) -> Result<Answer<FlagView>> {
    // A key that cannot be one names nothing that could be created either.
    let key = key.parse().map_err(|error: domain::InvalidKey| Error::invalid("key", error.to_string()))?;
    let (flag, is_new) = services.flags().put(&actor, project, key, flag).await?;
    Ok(if is_new { created(flag) } else { ok(flag) })
}

/// Changes what a flag is in all environments, field by field.
///
/// Other variations and `client_side` reach every environment: they take the right in each, and where one is protected an
/// admin and a comment. Everything else reaches none. A variation that an environment, or a flag that needs this one, still
/// uses cannot be left out. What is so already changes nothing.
#[utoipa::path(
    patch, path = "/flags/{key}", operation_id = "updateFlag", tag = "Flags", params(InProject),
    request_body = FlagChanges,
    responses(
        (status = OK, description = "The flag as it is now.", body = FlagView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn update(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(key): Path<String>,
    Command(changes): Command<FlagChanges>,
) -> Result<Answer<FlagView>> {
    let key = named(&key)?;
    Ok(ok(services.flags().update(&actor, UpdateFlag { project, key, changes }).await?))
}

/// Archives a flag: no environment serves it any more.
///
/// Applications get their own default, as for a flag that there is not. Flags that are prerequisites of others stay.
#[utoipa::path(
    post, path = "/flags/{key}/archive", operation_id = "archiveFlag", tag = "Flags", params(InProject),
    request_body = Why,
    responses(
        (status = OK, description = "The flag as it is now.", body = FlagView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn archive(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(key): Path<String>,
    Command(Why { comment }): Command<Why>,
) -> Result<Answer<FlagView>> {
    let key = named(&key)?;
    Ok(ok(services.flags().archive(&actor, ArchiveFlag { project, key, comment }).await?))
}

/// Restores an archived flag: it is served again in every environment, as it was.
#[utoipa::path(
    post, path = "/flags/{key}/restore", operation_id = "restoreFlag", tag = "Flags", params(InProject),
    request_body = Why,
    responses(
        (status = OK, description = "The flag as it is now.", body = FlagView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn restore(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(key): Path<String>,
    Command(Why { comment }): Command<Why>,
) -> Result<Answer<FlagView>> {
    let key = named(&key)?;
    Ok(ok(services.flags().restore(&actor, ArchiveFlag { project, key, comment }).await?))
}

/// Deletes an archived flag.
///
/// Its key is free again; a flag that gets it goes on with the next version. What it served in the past stays in the
/// history of the environments.
#[utoipa::path(
    delete, path = "/flags/{key}", operation_id = "deleteFlag", tag = "Flags", params(InProject),
    request_body = Confirm, responses(Done, Forbidden, NotFound, Conflict),
)]
async fn delete(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(key): Path<String>,
    Command(Confirm { confirm, comment }): Command<Confirm>,
) -> Result<StatusCode> {
    let key = named(&key)?;
    services.flags().delete(&actor, DeleteFlag { project, key, confirm, comment }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Copies a flag and what it does everywhere to another key, in its project or another one of the organization.
///
/// The copy is off everywhere, unless it keeps its state: that takes the right to switch flags on in each environment where
/// it is on. What it refers to has to be where it is copied to.
#[utoipa::path(
    post, path = "/flags/{key}/copy", operation_id = "copyFlag", tag = "Flags",
    params(InProject, Create<FlagCopy>), request_body = FlagCopy,
    responses(
        (status = CREATED, description = "The copy.", body = FlagView),
        Forbidden, NotFound, Conflict
    ),
)]
async fn copy(
    State(services): State<Services>,
    InProject(project): InProject,
    Path(key): Path<String>,
    Create(actor, copy): Create<FlagCopy>,
) -> Result<Answer<FlagView>> {
    let key = named(&key)?;
    Ok(created(services.flags().copy(&actor, CopyFlag { project, key, copy }).await?))
}

/// The flag that a path names.
fn named(key: &str) -> Result<FlagKey> {
    part(key, &format!("flag `{key}`"))
}
