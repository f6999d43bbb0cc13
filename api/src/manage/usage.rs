//! `/api/v1/manage/usage`, and what else was counted: evaluations over time and by the month, when flags were evaluated
//! last, what attributes are called.

use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use domain::usage::{AttributeView, FlagEvaluations, MonthOfUsage, UsageFilter, UsageSeries};
use domain::{EnvironmentKey, Error, FlagKey, OrgSlug, ProjectKey};
use serde::{Deserialize, Serialize};
use service::{Actor, Services};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use validator::Validate;

use super::command::{Path, part};
use super::organization::{InOrganization, InProject, project_called, project_named};
use super::query::{Fields, field, number, parameter_of, text, word};
use crate::envelope::{Rejection, Result};
use crate::etag;
use crate::openapi::{Invalid, NotFound, NotModified};

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(series))
        .routes(routes!(months))
        .routes(routes!(evaluated))
        .routes(routes!(attributes))
}

/// What a request asks for of an organization's usage.
pub(super) struct Asked {
    organization: OrgSlug,
    project: Option<ProjectKey>,
    filter: UsageFilter,
}

/// The project that a query names.
#[derive(Deserialize, Validate)]
struct Named {
    #[serde(default)]
    project: Option<String>,
}

impl FromRequestParts<Services> for Asked {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, services: &Services) -> Result<Self> {
        let InOrganization(organization) = InOrganization::from_request_parts(request, services).await?;
        let mut fields = Fields::of(request)?;
        let Named { project: named } = fields.take(&["project"]).read()?;
        let filter: UsageFilter = fields.read()?;
        let project = match named {
            Some(named) => {
                let found = project_called(request, services, &organization, Some(&named)).await;
                let found = found.map_err(|rejection| match rejection.into_error() {
                    Error::NotFound { .. } => {
                        Error::invalid("project", format!("the organization has no project `{named}`"))
                    }
                    other => other,
                });
                Some(found?.project)
            }
            None if filter.environment.is_some() || filter.flag.is_some() => {
                Some(project_named(request, services, &organization).await?.project)
            }
            None => None,
        };
        Ok(Self { organization: organization.slug, project, filter })
    }
}

impl IntoParams for Asked {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let time = || number(1_760_000_000_000).minimum(Some(0));
        let mut all = InProject::into_params(place);
        all.extend([
            field(
                "from",
                "From the hour, the day or the month on that this time is in: milliseconds since 1970. A day ago unless said; with `step=day` 30 days, with `step=month` 90.",
                time(),
            ),
            field("to", "In hours that begin before this time; now unless said.", time()),
            field("step", "How long each point lasts; an hour unless said.", word(&["hour", "day", "month"])),
            field(
                "by",
                "What series are told apart by; nothing unless said. `variation` needs a flag.",
                word(&["flag", "project", "environment", "variation", "reason"]),
            ),
            field("project", "In this project: its key or its id.", text("default").min_length(Some(1))),
            parameter_of::<EnvironmentKey>(
                "environment",
                "In this environment of `project`, else of the project that `X-Project` names, else of `default`.",
            ),
            parameter_of::<FlagKey>("flag", "Of this flag of the same project."),
        ]);
        all
    }
}

/// Evaluations of an organization by the month.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageMonths)]
struct Months {
    /// The months with evaluations, the newest first.
    months: Vec<MonthOfUsage>,
}

/// What the attributes of contexts are called.
#[derive(Serialize, ToSchema)]
#[schema(as = ContextAttributes)]
struct Attributes {
    /// The attributes, sorted by their names.
    attributes: Vec<AttributeView>,
}

/// Evaluations over time, of the whole organization or of a part of it.
///
/// Hours are kept for 90 days; what was counted in the last seconds is not in it yet. Points without evaluations are left
/// out.
#[utoipa::path(
    get, path = "/usage", operation_id = "getUsage", tag = "Usage", params(Asked),
    responses(
        (status = OK, description = "The evaluations.", body = UsageSeries,
            example = json!({
                "from": 1_767_225_600_000_i64, "to": 1_767_232_800_000_i64, "step": "hour", "by": "variation", "count": 1253,
                "points": [
                    {"at": 1_767_225_600_000_i64, "count": 1250}, {"at": 1_767_229_200_000_i64, "count": 3}
                ],
                "series": [
                    {"name": "on", "count": 1250, "points": [{"at": 1_767_225_600_000_i64, "count": 1250}]},
                    {"name": "off", "count": 3, "points": [{"at": 1_767_229_200_000_i64, "count": 3}]}
                ],
                "more": 0
            })),
        Invalid, NotFound, NotModified
    ),
)]
async fn series(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Asked { organization, project, filter }: Asked,
    headers: HeaderMap,
) -> Result<Response> {
    let found = services.usage().series(&actor, &organization, project.as_ref(), &filter).await?;
    Ok(etag::answer(&headers, &found))
}

/// Evaluations of the whole organization by the month.
///
/// Months are kept, and so are evaluations in environments that are gone.
#[utoipa::path(
    get, path = "/usage/months", operation_id = "listUsageMonths", tag = "Usage", params(InOrganization),
    responses((status = OK, description = "The months.", body = Months), NotFound, NotModified),
)]
async fn months(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InOrganization(organization): InOrganization,
    headers: HeaderMap,
) -> Result<Response> {
    let months = services.usage().months(&actor, &organization.slug).await?;
    Ok(etag::answer(&headers, &Months { months }))
}

/// When a flag was evaluated last, in each environment and at which versions.
///
/// A version that is evaluated although there is a newer one is of somebody who has not heard of that: an application that
/// evaluates by itself.
#[utoipa::path(
    get, path = "/flags/{key}/evaluations", operation_id = "getFlagEvaluations", tag = "Usage", params(InProject),
    responses(
        (status = OK, description = "When it was.", body = FlagEvaluations,
            example = json!({"flag": "checkout-v2", "environments": {
                "dev": {"last_evaluated_at": 1_767_229_200_000_i64, "versions": [
                    {"version": 7, "last_evaluated_at": 1_767_229_200_000_i64},
                    {"version": 6, "last_evaluated_at": 1_767_225_600_000_i64}
                ]},
                "prod": {"last_evaluated_at": null, "versions": []}
            }})),
        NotFound, NotModified
    ),
)]
async fn evaluated(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let key = part(&key, &format!("flag `{key}`"))?;
    Ok(etag::answer(&headers, &services.usage().evaluated(&actor, &project, &key).await?))
}

/// What the attributes of contexts are called in an environment, to complete them by.
///
/// Names alone are kept, of some of the contexts: 1000 that servers have sent, and 200 that browsers alone have, for 30 days
/// after they were seen last.
#[utoipa::path(
    get, path = "/environments/{env}/attributes", operation_id = "listContextAttributes", tag = "Usage",
    params(InProject),
    responses((status = OK, description = "The attributes.", body = Attributes), NotFound, NotModified),
)]
async fn attributes(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(env): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let environment = part(&env, &format!("environment `{env}`"))?;
    let attributes = services.usage().attributes(&actor, &project, &environment).await?;
    Ok(etag::answer(&headers, &Attributes { attributes }))
}
