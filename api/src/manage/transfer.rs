//! Whole projects as documents.

mod yaml;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::Error;
use domain::orgs::ProjectRef;
use domain::transfer::{ImportOptions, ImportPlan, ProjectDocument};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Actor, Services};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Object, RefOr, Type};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use validator::Validate;

use super::command::{Answer, aside, ok};
use super::organization::InProject;
use super::query::{Fields, parameter};
use crate::body::{self, IMPORT_LIMIT};
use crate::envelope::{Rejection, Result};
use crate::openapi::{Forbidden, Invalid, NotFound, TooLargeImport};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(import))
}

/// How a document is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// YAML.
    #[default]
    Yaml,
    /// JSON.
    Json,
}

/// How a project is exported.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    #[serde(default)]
    format: Format,
}

impl<S: Sync> FromRequestParts<S> for Exported {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self> {
        Fields::of(request)?.read()
    }
}

impl IntoParams for Exported {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let formats = Object::builder().schema_type(Type::String).enum_values(Some(["yaml", "json"]));
        let formats = formats.examples(["yaml"]).build();
        vec![parameter("format", "How it is written down: YAML unless said.", RefOr::T(formats.into()))]
    }
}

/// How a project is imported.
pub(super) struct Imported(ImportOptions);

impl<S: Sync> FromRequestParts<S> for Imported {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self> {
        Ok(Self(Fields::of(request)?.read()?))
    }
}

impl IntoParams for Imported {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let truth = Object::builder().schema_type(Type::Boolean).examples([true]).build();
        let modes = Object::builder().schema_type(Type::String).enum_values(Some(["merge", "replace"]));
        let modes = modes.examples(["merge"]).build();
        let text = Object::builder().schema_type(Type::String).max_length(Some(2000));
        let text = text.examples(["moving over"]).build();
        vec![
            parameter(
                "dry_run",
                "Whether to tell what would happen, and change nothing.",
                RefOr::T(truth.into()),
            ),
            parameter(
                "mode",
                "What happens to flags that are there and the document does not have: with `replace` they are archived.",
                RefOr::T(modes.into()),
            ),
            parameter(
                "comment",
                "Why, for the audit log. Needed where a protected environment changes.",
                RefOr::T(text.into()),
            ),
        ]
    }
}

/// A document that was sent: as YAML where the request says so, else as JSON.
async fn sent(request: Request) -> Result<ProjectDocument> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_yaml = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"].contains(&&*essence);
    let bytes = body::read_up_to(request.into_body(), IMPORT_LIMIT).await?;
    aside(move || read(&bytes, is_yaml)).await?
}

fn read(bytes: &Bytes, is_yaml: bool) -> Result<ProjectDocument> {
    match is_yaml {
        true => Ok(domain::read(yaml::read(bytes)?)?),
        false => Ok(domain::parse(bytes)?),
    }
}

/// Reads a document that was pasted: JSON where it begins like that, else YAML.
///
/// # Errors
/// [`Error::Invalid`] where it is none.
pub async fn read_project(text: String) -> domain::Result<ProjectDocument> {
    let is_yaml = !text.trim_start().starts_with('{');
    let read = aside(move || read(&Bytes::from(text), is_yaml)).await;
    read.flatten().map_err(Rejection::into_error)
}

/// A project's document.
fn example() -> Value {
    json!({
        "format": 1,
        "project": {"name": "Shop"},
        "environments": [{"key": "dev", "name": "Development", "color": "sky", "protected": false}],
        "segments": {
            "beta-testers": {"name": "Beta testers", "environments": {"dev": {"included": ["user-1"]}}}
        },
        "flags": {
            "checkout-v2": {
                "name": "Checkout, version 2", "kind": "boolean", "value_type": "boolean",
                "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
                "tags": ["checkout"], "owner": "ada@example.com",
                "environments": {
                    "dev": {"enabled": true, "off_variation": "off", "fallthrough": {"variation": "on"}}
                }
            }
        },
        "templates": {}
    })
}

/// A whole project as one document: what its flags, segments and templates are, and do in each environment.
///
/// It holds no ids, no API keys and nothing of history; people are named by their e-mail address. It can be imported, here
/// or elsewhere: see `importProject`. The same project is always the same document.
#[utoipa::path(
    get, path = "/export", operation_id = "exportProject", tag = "Moving", params(InProject, Exported),
    responses(
        (status = OK, description = "The document.", content(
            (ProjectDocument = "application/json", example = json!(example())),
            (ProjectDocument = "application/yaml", example = json!(example()))
        )),
        Invalid, NotFound, TooLargeImport
    ),
)]
pub(super) async fn export(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Exported { format }: Exported,
) -> Result<Response> {
    let document = services.transfer().export(&actor, &project).await?;
    let (text, kind, ending) = match format {
        Format::Yaml => (aside(move || yaml::write(&document)).await??, "application/yaml", "yaml"),
        Format::Json => {
            let write = move || serde_json::to_string_pretty(&document);
            let failed = |source| service::Error::Corrupt { what: "a document".into(), source };
            (aside(write).await?.map_err(failed)?, "application/json", "json")
        }
    };
    let name = format!("attachment; filename=\"{}.{ending}\"", project.project);
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}

/// The same document by a link of a page. Links send no headers, so the address names the project.
///
/// # Errors
/// As for [`export`].
pub async fn download(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    Exported { format }: Exported,
) -> Result<Response> {
    let organization = organization.parse().map_err(|_| Error::not_found("organization"))?;
    let project = project.parse().map_err(|_| Error::not_found("project"))?;
    let of = InProject(ProjectRef { organization, project });
    export(State(services), Extension(actor), of, Exported { format }).await
}

/// Imports a document into a project.
///
/// Environments, segments, flags and templates that are not there are created; those that are there become what the document
/// says, and stay what it does not speak of. Nothing is deleted. The body is JSON, or YAML with the content type
/// `application/yaml`. Everything is imported or nothing.
#[utoipa::path(
    post, path = "/import", operation_id = "importProject", tag = "Moving", params(InProject, Imported),
    request_body(content(
        (ProjectDocument = "application/json", example = json!(example())),
        (ProjectDocument = "application/yaml", example = json!(example()))
    )),
    responses(
        (status = OK, description = "What became of each thing.", body = ImportPlan, example = json!({
            "dry_run": true,
            "things": [{
                "kind": "flag", "key": "checkout-v2", "outcome": "changed",
                "changes": [{"path": "environments.dev.enabled", "old": false, "new": true}], "left_out": 0
            }],
            "notes": []
        })),
        Forbidden, NotFound, TooLargeImport
    ),
)]
pub(super) async fn import(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Imported(options): Imported,
    request: Request,
) -> Result<Answer<ImportPlan>> {
    let import = services.transfer().import(&actor, &project, options).await?;
    Ok(ok(import.apply(sent(request).await?).await?))
}
