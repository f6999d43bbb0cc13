//! The places that somebody looks for in the log, also those that are gone: the log itself remembers their keys.

use domain::{EnvironmentId, Error as Refusal, OrgId, ProjectId};
use entity::{audit_event, environment, project};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::error::Result;

/// What a key or an id stands for: what has the key, or else all that had it.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub(super) projects: Option<Vec<ProjectId>>,
    pub(super) environments: Option<Vec<EnvironmentId>>,
}

impl Places {
    /// Finds a project, and an environment of it, by what people call them.
    pub(super) async fn named(
        db: &impl ConnectionTrait,
        org_id: OrgId,
        project: Option<&str>,
        environment: Option<&str>,
    ) -> Result<Self> {
        let mut places = Self::default();
        if let Some(name) = project {
            let found = projects(db, org_id, name).await?;
            places.projects = Some(expect(found, "project", name)?);
        }
        if let Some(name) = environment {
            let found = environments(db, org_id, places.projects.as_deref(), name).await?;
            places.environments = Some(expect(found, "environment", name)?);
        }
        Ok(places)
    }
}

fn expect<T>(found: Vec<T>, field: &str, name: &str) -> Result<Vec<T>> {
    match found.is_empty() {
        true => Err(Refusal::invalid(field, format!("there is and was no {field} `{name}`")).into()),
        false => Ok(found),
    }
}

async fn projects(db: &impl ConnectionTrait, org_id: OrgId, name: &str) -> Result<Vec<ProjectId>> {
    let there = project::Entity::find().filter(project::Column::OrgId.eq(org_id));
    let there = match name.parse::<Uuid>() {
        Ok(id) => there.filter(project::Column::Id.eq(ProjectId(id))),
        Err(_) => there.filter(project::Column::Key.eq(name)),
    };
    let there: Vec<_> = there.all(db).await?.into_iter().map(|row| row.id).collect();
    if !there.is_empty() {
        return Ok(there);
    }
    Ok(gone(db, org_id, "project", None, name).await?.into_iter().map(ProjectId).collect())
}

async fn environments(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    projects: Option<&[ProjectId]>,
    name: &str,
) -> Result<Vec<EnvironmentId>> {
    let mut there = environment::Entity::find().filter(environment::Column::OrgId.eq(org_id));
    if let Some(projects) = projects {
        there = there.filter(environment::Column::ProjectId.is_in(projects.iter().copied()));
    }
    let there = match name.parse::<Uuid>() {
        Ok(id) => there.filter(environment::Column::Id.eq(EnvironmentId(id))),
        Err(_) => there.filter(environment::Column::Key.eq(name)),
    };
    let there: Vec<_> = there.all(db).await?.into_iter().map(|row| row.id).collect();
    if !there.is_empty() {
        return Ok(there);
    }
    Ok(gone(db, org_id, "environment", projects, name).await?.into_iter().map(EnvironmentId).collect())
}

/// The ids of what was deleted, by what its last entry calls it.
async fn gone(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    kind: &str,
    projects: Option<&[ProjectId]>,
    name: &str,
) -> Result<Vec<Uuid>> {
    let mut last = audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::ResourceId)
        .filter(audit_event::Column::OrgId.eq(org_id))
        .filter(audit_event::Column::Action.eq(format!("{kind}.deleted")))
        .filter(audit_event::Column::ResourceKey.eq(name).or(audit_event::Column::ResourceId.eq(name)));
    if let Some(projects) = projects {
        let is_there = audit_event::Column::ProjectId.is_in(projects.iter().copied());
        last = last.filter(is_there.or(audit_event::Column::ProjectId.is_null()));
    }
    let found: Vec<String> = last.into_tuple().all(db).await?;
    Ok(found.iter().filter_map(|id| id.parse().ok()).collect())
}
