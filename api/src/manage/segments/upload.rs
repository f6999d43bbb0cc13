//! Long lists of keys, as a text or a table.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use domain::Error;
use domain::segments::{UploadKeys, Uploaded};
use http_body_util::BodyExt;
use service::segments::KeyFormat;
use service::{Actor, Services};
use utoipa::openapi::path::Parameter;

use super::super::command::{Answer, Path, ok};
use super::super::organization::InProject;
use super::super::query::{Asked, Described, field, needed, number, text, truth, word};
use super::audience::place;
use crate::envelope::Result;
use crate::openapi::{Conflict, Forbidden, NotFound, TooLargeImport};

impl Described for UploadKeys {
    fn fields() -> Vec<Parameter> {
        vec![
            needed("list", "Which list.", word(&["included", "excluded"])),
            needed(
                "mode",
                "What becomes of the list: `replace` makes it the keys, `add` puts them in, `remove` takes them out.",
                word(&["add", "replace", "remove"]),
            ),
            field(
                "column",
                "For CSV: the column that has the keys, by its name in the first line. The first column without it.",
                text("user_id").min_length(Some(1)).max_length(Some(200)),
            ),
            field(
                "header",
                "For CSV: whether the first line has the columns' names. It has where a column is named.",
                truth(true),
            ),
            field(
                "version",
                "The version that the author saw; another one there now is a conflict.",
                number(3),
            ),
            field(
                "comment",
                "Why, for the audit log. Needed in a protected environment.",
                text("the second wave").max_length(Some(2000)),
            ),
        ]
    }
}

/// Changes a list of a segment in one environment by a text with a key in each line, or by a CSV file.
///
/// Spaces around keys and empty lines do not count, and a key that comes twice counts once. A list has up to 1 000 000 keys
/// of up to 1 000 bytes each. If a key is none, nothing changes, and the answer names its line. A list that stays as it is
/// gets no new version.
#[utoipa::path(
    post, path = "/segments/{segment}/environments/{env}/upload", operation_id = "uploadSegmentKeys",
    tag = "Segments", params(InProject, Asked<UploadKeys>),
    request_body(
        description = "The keys: up to 32 MiB, in UTF-8.",
        content((String = "text/plain", example = "user-1\nuser-2\n"), (String = "text/csv", example = "user-1,pro\nuser-2,free\n")),
    ),
    responses(
        (status = OK, description = "What came of it.", body = Uploaded),
        Forbidden, NotFound, Conflict, TooLargeImport
    ),
)]
pub(in super::super) async fn upload(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path((segment, env)): Path<(String, String)>,
    Asked(command): Asked<UploadKeys>,
    headers: HeaderMap,
    mut body: Body,
) -> Result<Answer<Uploaded>> {
    let place = place(project, &segment, &env)?;
    let mut upload = services.segments().upload(&actor, place, format(&headers)?, command).await?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::invalid("body", "it ended before it was complete"))?;
        if let Ok(bytes) = frame.into_data() {
            upload.push(&bytes)?;
        }
    }
    Ok(ok(upload.finish().await?))
}

/// How the keys are written down.
fn format(headers: &HeaderMap) -> Result<KeyFormat> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/plain" => Ok(KeyFormat::Text),
        "text/csv" => Ok(KeyFormat::Csv),
        _ => Err(Error::invalid("Content-Type", "text/plain or text/csv").into()),
    }
}
