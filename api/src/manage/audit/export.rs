//! The log as a file, which is written while it is read: it may be longer than what fits into memory.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use domain::audit::{AuditActor, AuditEntry, AuditFilter, AuditResource};
use domain::{Change, Error, Millis, OrgSlug};
use futures_util::stream;
use serde::Deserialize;
use serde_json::Value;
use service::audit::Export;
use service::{Actor, Services};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::IntoParams;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{Object, Type};
use validator::Validate;

use super::super::organization::ORGANIZATION;
use super::super::query::parameter;
use super::Asked;
use crate::envelope::{Rejection, Result};
use crate::openapi::{Invalid, NotFound};

/// What the file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// A table, for spreadsheets.
    #[default]
    Csv,
    /// An entry in each line, as the API has it.
    Jsonl,
}

/// What else the query says.
#[derive(Deserialize, Validate)]
struct As {
    #[serde(default)]
    format: Format,
}

/// The log as a file.
pub(in super::super) struct Exported {
    organization: OrgSlug,
    filter: AuditFilter,
    format: Format,
}

impl FromRequestParts<Services> for Exported {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, services: &Services) -> Result<Self> {
        let Asked { organization, filter, rest } = Asked::read(request, services, &["format"]).await?;
        let As { format } = rest.read()?;
        Ok(Self { organization, filter, format })
    }
}

impl IntoParams for Exported {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let format = Object::builder().schema_type(Type::String).enum_values(Some(["csv", "jsonl"]));
        let mut all = super::parameters(place);
        all.push(parameter(
            "format",
            "`csv`, which it is unless said, or `jsonl`: an entry in each line, as `listAuditEntries` has them.",
            RefOr::T(format.examples(["jsonl"]).build().into()),
        ));
        all
    }
}

/// The columns of the table.
const COLUMNS: [&str; 21] = [
    "seq",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "actor_email",
    "action",
    "resource_kind",
    "resource_id",
    "resource_key",
    "project",
    "project_id",
    "environment",
    "environment_id",
    "revision",
    "comment",
    "changes",
    "old",
    "new",
    "erased",
    "hash",
];

/// The whole log, or what is asked for of it, as a file: the newest entry first.
///
/// In a table, times are as in RFC 3339, documents are JSON, and a cell that a spreadsheet would take for a formula begins
/// with an apostrophe. Where the file cannot be completed the connection ends before it does.
#[utoipa::path(
    get, path = "/audit/export", operation_id = "exportAuditLog", tag = "Audit log", params(Exported),
    responses(
        (
            status = OK, description = "The file.",
            content((String = "text/csv", example = json!(csv_example())), (String = "application/jsonl", example = json!(jsonl_example()))),
        ),
        Invalid, NotFound
    ),
)]
pub(super) async fn export(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Exported { organization, filter, format }: Exported,
) -> Result<Response> {
    let mut export = services.audit().export(&actor, &organization, &filter).await?;
    // The first part is read before anything is answered, so that what fails at once is an error.
    let first = export.next().await?;
    let file = File { format, export, next: Some(first), is_begun: false };
    let body = Body::from_stream(stream::try_unfold(file, File::write));
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        Format::Jsonl => ("application/jsonl", "jsonl"),
    };
    // Slugs are made of nothing that means something in a header.
    let disposition = format!("attachment; filename=\"audit-{organization}.{ending}\"");
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, body).into_response())
}

/// The same file by a link of a page. Links send no headers, so the address names the organization.
///
/// # Errors
/// As for [`export`].
pub async fn download(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    Path((organization, _)): Path<(String, String)>,
    mut request: Parts,
) -> Result<Response> {
    let organization = HeaderValue::try_from(organization).map_err(|_| Error::not_found("organization"))?;
    request.headers.insert(ORGANIZATION, organization);
    let asked = Exported::from_request_parts(&mut request, &services).await?;
    export(State(services), Extension(actor), asked).await
}

/// A file that is being written.
struct File {
    format: Format,
    export: Export,
    /// The part that was read last; none at the end.
    next: Option<Vec<AuditEntry>>,
    is_begun: bool,
}

/// Why a file ends before its end. The log has the cause.
#[derive(Debug, thiserror::Error)]
#[error("the file cannot be completed")]
struct Broken;

impl File {
    /// Writes the next part, and reads the one after it.
    async fn write(mut self) -> std::result::Result<Option<(Bytes, Self)>, Broken> {
        let Some(entries) = self.next.take() else { return Ok(None) };
        let bytes = match self.format {
            Format::Csv => table(&entries, !self.is_begun).map_err(|_| Broken)?,
            Format::Jsonl => lines(&entries).map_err(|_| Broken)?,
        };
        self.is_begun = true;
        if !entries.is_empty() {
            let next = self.export.next().await;
            self.next = Some(next.map_err(|error| {
                error.expose();
                Broken
            })?);
        }
        Ok(Some((bytes.into(), self)))
    }
}

fn lines(entries: &[AuditEntry]) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut bytes, entry)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn table(entries: &[AuditEntry], with_columns: bool) -> csv::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        // Not only where it is needed: where lists are separated by semicolons, one in a cell would begin another.
        .quote_style(QuoteStyle::Always)
        .from_writer(Vec::new());
    if with_columns {
        writer.write_record(COLUMNS)?;
    }
    for entry in entries {
        write(&mut writer, entry)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn write(writer: &mut Writer<Vec<u8>>, entry: &AuditEntry) -> csv::Result<()> {
    let AuditEntry {
        seq,
        at,
        actor: AuditActor { kind, id, name, email },
        action,
        resource,
        project,
        project_id,
        environment,
        environment_id,
        revision,
        comment,
        old,
        new,
        changes,
        erased,
        hash,
    } = entry;
    let AuditResource { kind: resource_kind, id: resource_id, key: resource_key } = resource;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let json = |value: &Option<Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
    let cells: [String; COLUMNS.len()] = [
        seq.to_string(),
        time(*at),
        kind.as_str().to_owned(),
        text(id),
        text(name),
        text(email),
        action.clone(),
        resource_kind.clone(),
        resource_id.clone(),
        resource_key.clone(),
        text(project),
        project_id.map(|id| id.to_string()).unwrap_or_default(),
        text(environment),
        environment_id.map(|id| id.to_string()).unwrap_or_default(),
        revision.map(|revision| revision.to_string()).unwrap_or_default(),
        text(comment),
        changes.iter().map(in_words).collect::<Vec<_>>().join("\n"),
        json(old),
        json(new),
        erased.to_string(),
        hash.clone(),
    ];
    writer.write_record(cells.into_iter().map(harmless))
}

/// A time as spreadsheets read it; as the number that it is where it is beyond what years can say.
fn time(at: Millis) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000);
    time.ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| at.0.to_string())
}

fn in_words(change: &Change) -> String {
    let Change { path, old, new } = change;
    let value = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
    match path.as_str() {
        "" => format!("{} → {}", value(old), value(new)),
        path => format!("{path}: {} → {}", value(old), value(new)),
    }
}

/// A cell that no spreadsheet takes for a formula. Their programs would run what somebody wrote into a comment.
fn harmless(cell: String) -> String {
    // Some programs read the wide forms of the signs as the signs.
    match cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

fn csv_example() -> String {
    COLUMNS.map(|column| format!("\"{column}\"")).join(",") + "\r\n"
}

fn jsonl_example() -> &'static str {
    r#"{"seq":42,"action":"flag.enabled","…":"…"}"#
}
