//! Server functions about what a flag does in one environment.

use domain::flags::{ComparedFlag, ConfigurationView, PromotedFields};
use domain::{EnvironmentKey, FlagKey, Millis, OrgSlug, ProjectKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadMeanwhile, UndoSave, CompareFlag, PromoteFlag, CountMatches);

/// What others made of a configuration meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Meanwhile {
    /// When it was asked for.
    pub(super) now: Millis,
    /// What is there now.
    pub(super) configuration: ConfigurationView,
    /// What led there, the newest first; the last ten at most.
    pub(super) steps: Vec<Step>,
}

/// A version that somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) at: Millis,
    /// The person's name; none of somebody whose account is gone, and of Togglebit itself.
    pub(super) who: Option<String>,
    /// What they did, as the audit log calls it.
    pub(super) action: String,
    pub(super) comment: Option<String>,
}

/// What is there now, and who made it of the version that somebody saw.
#[server(endpoint = "flag/meanwhile", input = Form, output = Json)]
pub(super) async fn load_meanwhile(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
    environment: EnvironmentKey,
    seen: i64,
) -> Result<Meanwhile, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let at =
        domain::flags::FlagAt { project: of.clone(), key: key.clone(), environment: environment.clone() };
    let configuration = services.flags().configuration(&actor, &at).await.map_err(crate::server::reject)?;
    let (subject, page) =
        (service::history::Subject::Flag(key), domain::Page { limit: 10, ..Default::default() });
    let versions = services.history().versions(&actor, &of, &subject, &environment, &page).await;
    let versions = versions.map_err(crate::server::reject)?.versions.into_iter();
    let steps = versions.take_while(|version| version.version.is_none_or(|number| number > seen));
    let step = |version: domain::history::VersionRow| Step {
        at: version.at,
        who: version.author.name,
        action: version.action,
        comment: version.comment,
    };
    let steps = steps.map(step).collect();
    Ok(Meanwhile { now: services.now(), configuration, steps })
}

/// Takes back a save or a promotion, unless somebody has changed something since.
#[server(endpoint = "flag/undo", input = Form, output = Json)]
pub(super) async fn undo_save(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
    environment: EnvironmentKey,
    to: i64,
    version: i64,
) -> Result<ConfigurationView, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    // Whoever takes something back at once has said why already.
    let comment = Some(format!("Takes back version {version}."));
    let command = domain::history::RollBack { to, version: Some(version), comment };
    let at =
        domain::flags::FlagAt { project: of.clone(), key: key.clone(), environment: environment.clone() };
    let undone = services.history().roll_back_flag(&actor, &of, key, environment, command).await;
    undone.map_err(crate::server::reject)?;
    services.flags().configuration(&actor, &at).await.map_err(crate::server::reject)
}

/// What a flag does differently in two environments.
#[server(endpoint = "flag/compare", input = Form, output = Json)]
pub(super) async fn compare_flag(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
    from: EnvironmentKey,
    to: EnvironmentKey,
) -> Result<ComparedFlag, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let command = domain::flags::CompareEnvironments { from, to, flags: Some(vec![key]) };
    let compared = services.flags().compare(&actor, &of, command).await.map_err(crate::server::reject)?;
    let missing = || crate::server::reject(domain::Error::not_found("flag").into());
    compared.flags.into_iter().next().ok_or_else(missing)
}

/// What is promoted, and what was seen where it goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Promoting {
    pub(super) fields: PromotedFields,
    /// The version that was seen; without it nothing was, and whatever is there is changed.
    #[serde(default)]
    pub(super) version: Option<i64>,
    /// The version that was seen where it comes from.
    #[serde(default)]
    pub(super) source: Option<i64>,
    #[serde(default)]
    pub(super) comment: Option<String>,
}

/// Makes a flag do in one environment what it does in another.
#[server(endpoint = "flag/promote", input = Form, output = Json)]
pub(super) async fn promote_flag(
    organization: OrgSlug,
    project: ProjectKey,
    key: FlagKey,
    from: EnvironmentKey,
    to: EnvironmentKey,
    what: Promoting,
) -> Result<ConfigurationView, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let at = domain::flags::FlagAt { project: of.clone(), key: key.clone(), environment: to.clone() };
    let Promoting { fields, version, source, comment } = what;
    if let Some(seen) = source {
        let source = domain::flags::FlagAt { environment: from.clone(), ..at.clone() };
        let source = services.flags().configuration(&actor, &source).await.map_err(crate::server::reject)?;
        if source.version != seen {
            let message = format!("`{key}` changed in `{from}` in the meantime");
            let current = Some(source.version);
            let conflict = domain::Error::Conflict { message, seen: Some(seen), current };
            return Err(crate::server::reject(conflict.into()));
        }
    }
    let conflict = match version {
        Some(_) => domain::transfer::OnConflict::Fail,
        None => domain::transfer::OnConflict::Overwrite,
    };
    let command = domain::flags::PromoteFlags {
        from,
        to,
        flags: Some(vec![key.clone()]),
        fields,
        conflict,
        versions: version.map(|version| (key, version)).into_iter().collect(),
        dry_run: false,
        comment: comment.filter(|comment| !comment.trim().is_empty()),
    };
    services.flags().promote(&actor, &of, command).await.map_err(crate::server::reject)?;
    services.flags().configuration(&actor, &at).await.map_err(crate::server::reject)
}

/// For how many contexts each condition holds; none for one that is not finished. Both are lists in JSON.
#[server(endpoint = "flag/matches", input = Form, output = Json)]
pub(super) async fn count_matches(
    organization: OrgSlug,
    project: ProjectKey,
    environment: EnvironmentKey,
    conditions: String,
    contexts: String,
) -> Result<Vec<Option<u32>>, UiError> {
    let (services, actor) = crate::server::request()?;
    let of = domain::orgs::ProjectRef { organization, project };
    let wrong = |field: &'static str| {
        move |error: serde_json::Error| {
            crate::server::reject(domain::Error::invalid(field, error.to_string()).into())
        }
    };
    let command = domain::flags::MatchConditions {
        environment,
        conditions: serde_json::from_str(&conditions).map_err(wrong("conditions"))?,
        contexts: serde_json::from_str(&contexts).map_err(wrong("contexts"))?,
    };
    services.flags().matching(&actor, &of, command).await.map_err(crate::server::reject)
}
