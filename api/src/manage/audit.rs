//! `/api/v1/manage/audit`: the audit log.

mod export;

use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use domain::audit::{AuditEntry, AuditFilter, AuditPage};
use domain::{Millis, OrgSlug, Page};
use serde::Serialize;
use service::audit::Verdict;
use service::{Actor, Services};
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{Object, Type};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::command::{Answer, Path, ok, part};
use super::organization::{InOrganization, InProject, project_named};
use super::query::{Described, Fields, field, parameter, parameter_of, text};
use crate::envelope::{Rejection, Result};
use crate::etag;
use crate::openapi::{Invalid, NotFound, NotModified, TooMany};

pub use export::download;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(export::export))
        .routes(routes!(verify))
        .routes(routes!(show))
}

/// Entries of the log, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntries)]
struct Entries {
    /// The entries.
    entries: Vec<AuditEntry>,
    /// What the next entries are asked for with; null where these are the last.
    #[schema(required, examples("eyJhZnRlciI6NDIsImxpc3QiOiIwMSJ9"))]
    next: Option<String>,
    /// How many entries there are in all.
    #[schema(minimum = 0, examples(128))]
    total: u64,
}

/// Whether the log is whole.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditVerdict)]
struct Verified {
    /// Whether every entry is what was written, and none is missing.
    #[schema(examples(true))]
    whole: bool,
    /// How many entries it has, where it is whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, examples(128), nullable = false)]
    entries: Option<i64>,
    /// The first entry that is not what was written, or is missing, where it is not whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, nullable = false)]
    broken_at: Option<i64>,
}

/// What a request asks the log of an organization for.
struct Asked {
    organization: OrgSlug,
    filter: AuditFilter,
    /// What else the query says.
    rest: Fields,
}

impl Asked {
    /// Reads what a request asks for; `rest` are the names of fields that are no filter.
    async fn read(request: &mut Parts, services: &Services, rest: &[&str]) -> Result<Self> {
        let InOrganization(organization) = InOrganization::from_request_parts(request, services).await?;
        let mut fields = Fields::of(request)?;
        let rest = fields.take(rest);
        let mut filter: AuditFilter = fields.read()?;
        if filter.environment.is_some() && filter.project.is_none() {
            let project = project_named(request, services, &organization).await?.project;
            filter.project = Some(project.to_string());
        }
        Ok(Self { organization: organization.slug, filter, rest })
    }
}

/// A part of the log.
pub(super) struct Listed {
    organization: OrgSlug,
    filter: AuditFilter,
    page: Page,
}

impl FromRequestParts<Services> for Listed {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, services: &Services) -> Result<Self> {
        let Asked { organization, filter, rest } = Asked::read(request, services, &Page::FIELDS).await?;
        Ok(Self { organization, filter, page: rest.read()? })
    }
}

impl IntoParams for Listed {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = parameters(place);
        all.extend(Page::fields());
        all
    }
}

/// The headers and the filter, as the document has them.
fn parameters(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
    let matching = |example: &str, pattern: &str| {
        let text = Object::builder().schema_type(Type::String).pattern(Some(pattern));
        RefOr::T(text.examples([example]).build().into())
    };
    let named = |example: &str, most: usize, pattern: &str| {
        let text = Object::builder().schema_type(Type::String).min_length(Some(1)).max_length(Some(most));
        RefOr::T(text.pattern(Some(pattern)).examples([example]).build().into())
    };
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    let mut all = InProject::into_params(place);
    all.extend([
        field(
            "q",
            "What the key or the name of what it happened to contains, or the comment, or the name or the e-mail address of whoever did it: in whatever case.",
            text("checkout").max_length(Some(200)),
        ),
        parameter(
            "actor",
            "What one actor did: a person's id, `system` or `anonymous`.",
            matching("system", &format!("^(system|anonymous|{uuid})$")),
        ),
        parameter(
            "action",
            "What happened; everything that begins so where it ends in a dot.",
            matching("flag.", r"^[a-z_.]{1,100}$"),
        ),
        parameter(
            "resource",
            "What it happened to: a kind, or a kind and a key.",
            named("flag:checkout-v2", 300, r"^[^:\x00]([^\x00]*[^:\x00])?$"),
        ),
        parameter(
            "project",
            "The project in which it happened: its key or its id, also of one that is gone.",
            named("default", 100, r"^[^\x00]*$"),
        ),
        parameter(
            "environment",
            "The environment in which it happened: its key or its id, also of one that is gone. Of that project, or else of the one that the header names.",
            named("prod", 100, r"^[^\x00]*$"),
        ),
        parameter_of::<Millis>("from", "Not before this time."),
        parameter_of::<Millis>("until", "Before this time."),
    ]);
    all
}

/// What happened in an organization, the newest first.
///
/// Every change is an entry, and so is every attempt that was refused for want of a right, once a minute. Entries are
/// never changed; what identifies a person lies beside them and is erased with their account.
#[utoipa::path(
    get, path = "/audit", operation_id = "listAuditEntries", tag = "Audit log", params(Listed),
    responses((status = OK, description = "The entries.", body = Entries), NotModified, Invalid, NotFound),
)]
async fn list(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    headers: HeaderMap,
    Listed { organization, filter, page }: Listed,
) -> Result<Response> {
    let page = services.audit().page(&actor, &organization, &filter, &page).await?;
    let AuditPage { entries, next, total } = page;
    Ok(etag::answer(&headers, &Entries { entries, next, total }))
}

/// An entry of the log.
#[utoipa::path(
    get, path = "/audit/{seq}", operation_id = "getAuditEntry", tag = "Audit log", params(InOrganization),
    responses((status = OK, description = "The entry.", body = AuditEntry), NotModified, NotFound),
)]
async fn show(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    headers: HeaderMap,
    InOrganization(organization): InOrganization,
    Path(seq): Path<String>,
) -> Result<Response> {
    let seq = part(&seq, "entry")?;
    let entry = services.audit().entry(&actor, &organization.slug, seq).await?;
    Ok(etag::answer(&headers, &entry))
}

/// Whether every entry of the log is what was written, and none is missing.
///
/// Each entry has the hash of the one before it. Documents and what identifies people are covered by their digests, so
/// that those that were erased are not missed, and those that were changed are found.
#[utoipa::path(
    get, path = "/audit/verify", operation_id = "verifyAuditLog", tag = "Audit log", params(InOrganization),
    responses((status = OK, description = "Whether it is whole.", body = Verified), NotFound, TooMany),
)]
async fn verify(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InOrganization(organization): InOrganization,
) -> Result<Answer<Verified>> {
    Ok(ok(match services.audit().verify(&actor, &organization.slug).await? {
        Verdict::Whole(entries) => Verified { whole: true, entries: Some(entries), broken_at: None },
        Verdict::BrokenAt(seq) => Verified { whole: false, entries: None, broken_at: Some(seq) },
    }))
}
