//! `/api/v1/manage/keys`: what applications sign in with.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::api_keys::{
    ApiKeyChanges, ApiKeyView, ApiKeysPage, CreateApiKey, KeyKind, ListApiKeys, NewApiKey, RevokeApiKey,
    RotateApiKey, UpdateApiKey,
};
use domain::{ApiKeyId, EnvironmentKey, Millis, Network};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use utoipa::ToSchema;
use utoipa::openapi::path::Parameter;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use validator::Validate;

use super::command::{Answer, Command, Create, Path, created, ok, part};
use super::organization::InProject;
use super::query::{Described, Listed, parameter_of};
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Conflict, Forbidden, Invalid, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, update))
        .routes(routes!(revoke))
        .routes(routes!(rotate))
}

/// A project's API keys.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKeys)]
struct Keys {
    /// The keys, the newest first.
    keys: Vec<ApiKeyView>,
    /// What the next keys are asked for with; null where these are the last.
    #[schema(required, examples("eyJhZnRlciI6NDIsImxpc3QiOiIwMSJ9"))]
    next: Option<String>,
    /// How many keys there are in all.
    #[schema(minimum = 0, examples(3))]
    total: u64,
}

/// A new API key.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApiKeyToCreate)]
struct New {
    /// A name for people.
    #[schema(min_length = 1, max_length = 100, examples("Checkout service"))]
    name: String,
    /// The environment that it evaluates.
    environment: EnvironmentKey,
    /// Who will hold it.
    kind: KeyKind,
    /// When it stops working; never unless given.
    #[serde(default)]
    expires_at: Option<Millis>,
    /// Where it may be used from: 1 to 100 networks or addresses; anywhere unless given.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 100)]
    allowed_networks: Option<Vec<Network>>,
    /// How many requests it may make in a second; as many as the operator has set, or any number, unless given.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000, examples(200))]
    rate_limit: Option<u32>,
}

/// How an API key is rotated.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Rotation)]
struct Rotate {
    /// For how many seconds the old key works beside the new one; a day unless given.
    #[serde(default = "a_day")]
    #[schema(minimum = 0, maximum = 2_592_000, examples(86_400))]
    overlap_s: u32,
}

const fn a_day() -> u32 {
    86_400
}

/// Which keys a request asks for: those of one environment, or of all.
#[derive(Deserialize, Validate)]
struct Filter {
    #[serde(default)]
    environment: Option<EnvironmentKey>,
}

impl Described for Filter {
    fn fields() -> Vec<Parameter> {
        vec![parameter_of::<EnvironmentKey>("environment", "The keys of one environment.")]
    }
}

/// The API keys of a project, the newest first.
///
/// Nothing that is answered here is enough to use a key.
#[utoipa::path(
    get, path = "/keys", operation_id = "listApiKeys", tag = "API keys", params(InProject, Listed<Filter>),
    responses((status = OK, description = "The keys.", body = Keys), NotModified, Invalid, NotFound),
)]
async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Listed(Filter { environment }, page): Listed<Filter>,
    headers: HeaderMap,
) -> Result<Response> {
    let command = ListApiKeys { project, environment, page };
    let ApiKeysPage { keys, next, total } = services.api_keys().list(&actor, &command).await?;
    Ok(etag::answer(&headers, &Keys { keys, next, total }))
}

/// Creates an API key.
///
/// The answer is the only time that the raw key is seen: it is stored as an HMAC.
#[utoipa::path(
    post, path = "/keys", operation_id = "createApiKey", tag = "API keys",
    params(InProject, Create<New>), request_body = New,
    responses(
        (status = CREATED, description = "The key, with what an application needs to use it.", body = NewApiKey),
        Forbidden, NotFound, Conflict
    ),
)]
async fn create(
    State(services): State<Services>,
    InProject(project): InProject,
    Create(actor, new): Create<New>,
) -> Result<Answer<NewApiKey>> {
    let New { name, environment, kind, expires_at, allowed_networks, rate_limit } = new;
    let command = CreateApiKey { project, environment, name, kind, expires_at, allowed_networks, rate_limit };
    Ok(created(services.api_keys().create(&actor, command).await?))
}

/// An API key.
#[utoipa::path(
    get, path = "/keys/{api_key}", operation_id = "getApiKey", tag = "API keys", params(InProject),
    responses((status = OK, description = "The key.", body = ApiKeyView), NotModified, NotFound),
)]
async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(api_key): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    Ok(etag::answer(&headers, &services.api_keys().find(&actor, &project, id(&api_key)?).await?))
}

/// Changes what an API key is called, when it ends, and how far it reaches.
///
/// What is not sent stays as it is. It counts from the answer on; on other nodes within a second or so.
#[utoipa::path(
    patch, path = "/keys/{api_key}", operation_id = "updateApiKey", tag = "API keys",
    params(InProject), request_body = ApiKeyChanges,
    responses((status = OK, description = "The key.", body = ApiKeyView), Forbidden, NotFound, Conflict),
)]
async fn update(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(api_key): Path<String>,
    Command(changes): Command<ApiKeyChanges>,
) -> Result<Answer<ApiKeyView>> {
    let command = UpdateApiKey { project, api_key: id(&api_key)?, changes };
    Ok(ok(services.api_keys().update(&actor, command).await?))
}

/// Revokes an API key, for good.
///
/// Applications that ask with it are refused from the answer on; by other nodes within a second or so.
#[utoipa::path(
    post, path = "/keys/{api_key}/revoke", operation_id = "revokeApiKey", tag = "API keys", params(InProject),
    responses((status = OK, description = "The key.", body = ApiKeyView), Forbidden, NotFound, Conflict),
)]
async fn revoke(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(api_key): Path<String>,
) -> Result<Answer<ApiKeyView>> {
    let command = RevokeApiKey { project, api_key: id(&api_key)? };
    Ok(ok(services.api_keys().revoke(&actor, command).await?))
}

/// Makes a new API key that takes another one's place.
///
/// It has the same settings. The old one works on until the overlap is over, or until its own end, if that is sooner. The
/// answer is the only time that the new raw key is seen.
#[utoipa::path(
    post, path = "/keys/{api_key}/rotate", operation_id = "rotateApiKey", tag = "API keys",
    params(InProject, Create<Rotate>), request_body = Rotate,
    responses(
        (status = CREATED, description = "The new key, with what an application needs to use it.", body = NewApiKey),
        Forbidden, NotFound, Conflict
    ),
)]
async fn rotate(
    State(services): State<Services>,
    InProject(project): InProject,
    Path(api_key): Path<String>,
    Create(actor, Rotate { overlap_s }): Create<Rotate>,
) -> Result<Answer<NewApiKey>> {
    let command = RotateApiKey { project, api_key: id(&api_key)?, overlap_s };
    Ok(created(services.api_keys().rotate(&actor, command).await?))
}

/// The id of a key in a path.
fn id(text: &str) -> Result<ApiKeyId> {
    part::<Uuid>(text, "API key").map(ApiKeyId)
}
