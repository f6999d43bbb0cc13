//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use domain::history::VersionsPage;
use domain::segments::{AudienceView, ListSegments, SegmentTable, SegmentUses, SegmentView};
use domain::{EnvironmentKey, Millis, OrgSlug, ProjectKey, SegmentKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadSegments, LoadSegment, LoadVersions, SaveAudience);

/// A page of a project's segments, for whoever looks at one environment.
#[server(endpoint = "segments/table", input = Form, output = Json)]
pub(super) async fn load_segments(
    organization: OrgSlug,
    project: ProjectKey,
    environment: Option<EnvironmentKey>,
    #[server(default)] query: ListSegments,
    cursor: Option<String>,
) -> Result<SegmentTable, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let page = domain::Page { cursor, ..domain::Page::default() };
    let table = services.segments().table(&actor, &of, environment.as_ref(), &query, &page).await;
    table.map_err(crate::server::reject)
}

/// A segment, what it contains in one environment, and what uses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SegmentDetail {
    /// When it was asked for.
    pub(super) now: Millis,
    pub(super) segment: SegmentView,
    pub(super) audience: AudienceView,
    pub(super) uses: SegmentUses,
}

/// A segment in one environment: the first one where none is named.
#[server(endpoint = "segments/one", input = Form, output = Json)]
pub(super) async fn load_segment(
    organization: OrgSlug,
    project: ProjectKey,
    key: SegmentKey,
    environment: Option<EnvironmentKey>,
) -> Result<SegmentDetail, UiError> {
    let (services, actor) = crate::server::request()?;
    let project = domain::orgs::ProjectRef { organization, project };
    let load = async || {
        let segments = services.segments();
        let segment = segments.read(&actor, &project, &key).await?;
        let first = segment.environments.first().map(|counts| counts.environment.clone());
        let environment = environment
            .or(first)
            .ok_or_else(|| service::Error::Refused(domain::Error::not_found("environment")))?;
        let place =
            domain::segments::SegmentPlace { project: project.clone(), segment: key.clone(), environment };
        let audience = segments.audience(&actor, place).await?;
        let uses = segments.uses(&actor, &project, &key).await?;
        Ok(SegmentDetail { now: services.now(), segment, audience, uses })
    };
    load().await.map_err(crate::server::reject)
}

/// Some versions of a segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Versions {
    /// When they were asked for.
    pub(super) now: Millis,
    pub(super) page: VersionsPage,
}

/// The versions of a segment in one environment, the newest first.
#[server(endpoint = "segments/versions", input = Form, output = Json)]
pub(super) async fn load_versions(
    organization: OrgSlug,
    project: ProjectKey,
    key: SegmentKey,
    environment: EnvironmentKey,
    cursor: Option<String>,
) -> Result<Versions, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let subject = service::history::Subject::Segment(key);
    let page = domain::Page { cursor, limit: 10 };
    let page = services.history().versions(&actor, &of, &subject, &environment, &page).await;
    Ok(Versions { now: services.now(), page: page.map_err(crate::server::reject)? })
}

/// Changes what a segment contains in one environment. The change is JSON, as the API takes it.
#[server(endpoint = "segments/configure", input = Form, output = Json)]
pub(super) async fn save_audience(
    organization: OrgSlug,
    project: ProjectKey,
    key: SegmentKey,
    environment: EnvironmentKey,
    change: String,
) -> Result<AudienceView, UiError> {
    let (services, actor) = crate::server::request()?;
    let place = domain::segments::SegmentPlace {
        project: domain::orgs::ProjectRef { organization, project },
        segment: key,
        environment,
    };
    let command = domain::parse(change.as_bytes())
        .map_err(|error| crate::server::reject(service::Error::Refused(error)))?;
    services.segments().configure(&actor, place, command).await.map_err(crate::server::reject)
}
