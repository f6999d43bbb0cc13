//! Server functions about one flag.

use domain::audit::AuditPerson;
use domain::flags::{ConfigurationView, Dependent, FlagDetail, FlagSummary};
use domain::history::{VersionReview, VersionsPage};
use domain::{EnvironmentKey, FlagKey, OrgSlug, ProjectKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(
    LoadFlag,
    LoadFlagSummary,
    LoadVocabulary,
    SaveConfiguration,
    LoadVersions,
    LoadReview,
    LoadAround
);

/// A flag with all that it does.
#[server(endpoint = "flag", input = Form, output = Json)]
pub(crate) async fn load_flag(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
) -> Result<FlagDetail, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    services.flags().detail(&actor, &of, &key).await.map_err(crate::server::reject)
}

/// A flag without what decides who gets what.
#[server(endpoint = "flag/summary", input = Form, output = Json)]
pub(crate) async fn load_flag_summary(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
) -> Result<FlagSummary, UiError> {
    load_flag(organization, project, key).await.map(FlagSummary::from)
}

/// What rules can speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vocabulary {
    /// Attributes that contexts had.
    pub(crate) attributes: Vec<String>,
    /// The project's segments, a hundred at most.
    pub(crate) segments: Vec<String>,
}

/// What rules of an environment can speak of.
#[server(endpoint = "flag/vocabulary", input = Form, output = Json)]
pub(crate) async fn load_vocabulary(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
) -> Result<Vocabulary, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let seen = services.usage().attributes(&actor, &of, &environment).await;
    let page = domain::Page { limit: 100, ..Default::default() };
    let segments = services.segments().list(&actor, &of, &Default::default(), &page).await;
    let (seen, segments) = (seen.map_err(crate::server::reject)?, segments.map_err(crate::server::reject)?);
    Ok(Vocabulary {
        attributes: seen.into_iter().map(|attribute| attribute.name).collect(),
        segments: segments.segments.into_iter().map(|segment| segment.key.to_string()).collect(),
    })
}

/// Replaces what a flag does in one environment. The configuration is JSON, as the API takes it.
#[server(endpoint = "flag/configure", input = Form, output = Json)]
pub(crate) async fn save_configuration(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
    environment: EnvironmentKey,
    configuration: String,
) -> Result<ConfigurationView, UiError> {
    let (services, actor) = crate::server::request()?;
    let at = domain::flags::FlagAt {
        project: domain::orgs::ProjectRef { organization, project },
        key,
        environment,
    };
    let command = domain::parse(configuration.as_bytes())
        .map_err(|error| crate::server::reject(service::Error::Refused(error)))?;
    services.flags().replace(&actor, at, command).await.map_err(crate::server::reject)
}

/// What a flag was in one environment, the newest version first.
#[server(endpoint = "flag/versions", input = Form, output = Json)]
pub(crate) async fn load_versions(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
    environment: EnvironmentKey,
    cursor: Option<String>,
) -> Result<VersionsPage, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let page = domain::Page { cursor, ..domain::Page::default() };
    let flag = service::history::Subject::Flag(key);
    let versions = services.history().versions(&actor, &of, &flag, &environment, &page).await;
    versions.map_err(crate::server::reject)
}

/// One version, and what is different in it from another one, or from what is there now.
#[server(endpoint = "flag/version", input = Form, output = Json)]
pub(crate) async fn load_review(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
    environment: EnvironmentKey,
    version: i64,
    against: Option<i64>,
) -> Result<VersionReview, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let review = services.history().review(&actor, &of, key, &environment, (version, against)).await;
    review.map_err(crate::server::reject)
}

/// Who can look after a flag, and what needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Around {
    /// The organization's members.
    pub(crate) people: Vec<AuditPerson>,
    /// The flags that need it.
    pub(crate) dependents: Vec<Dependent>,
}

/// What the settings of a flag have to know beside it.
#[server(endpoint = "flag/around", input = Form, output = Json)]
pub(crate) async fn load_around(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
) -> Result<Around, UiError> {
    let (services, actor) = crate::server::request()?;
    let members = services.orgs().members(&actor, &organization).await.map_err(crate::server::reject)?;
    let of = domain::orgs::ProjectRef { organization, project };
    let dependents = services.flags().dependents(&actor, &of, &key).await.map_err(crate::server::reject)?;
    let person =
        |member: domain::orgs::MemberView| AuditPerson { id: member.person.id, name: member.person.name };
    Ok(Around { people: members.into_iter().map(person).collect(), dependents })
}
