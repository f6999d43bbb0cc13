use domain::orgs::{ProjectRef, ProjectView};
use domain::{Error as Refusal, OrgId, OrgSlug, ProjectId, ProjectKey};
use entity::project;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Projects;
use super::create::DEFAULT_PROJECT;
use crate::Actor;
use crate::change::ChangeTx;
use crate::error::Result;
use crate::scope::{self, stored};

impl Projects<'_> {
    /// An organization's projects, the oldest first.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn list(&self, actor: &Actor, organization: &OrgSlug) -> Result<Vec<ProjectView>> {
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        rows(self.0.reader(), org.id).await?.into_iter().map(view).collect()
    }

    /// One project.
    ///
    /// # Errors
    /// When there is none that the actor may see, or the database fails.
    pub async fn find(&self, actor: &Actor, of: &ProjectRef) -> Result<ProjectView> {
        scope::project(self.0.reader(), actor, of).await?.view()
    }

    /// The project that a request names by its key or its id. Where it names none: `default`, or the oldest one where that
    /// is gone.
    ///
    /// # Errors
    /// When there is none that the actor may see, or the database fails.
    pub async fn named(
        &self,
        actor: &Actor,
        organization: &OrgSlug,
        key_or_id: Option<&str>,
    ) -> Result<ProjectRef> {
        let organization = organization.clone();
        let Some(name) = key_or_id else {
            let org = scope::organization(self.0.reader(), actor, &organization).await?;
            return Ok(ProjectRef { organization, project: first(self.0.reader(), org.id).await? });
        };
        let missing = || Refusal::not_found(format!("project `{name}`"));
        if let Ok(project) = name.parse::<ProjectKey>() {
            let of = ProjectRef { organization: organization.clone(), project };
            match scope::project(self.0.reader(), actor, &of).await {
                // A key may look like an id, but an id that is none of a key is the usual case.
                Err(crate::Error::Refused(Refusal::NotFound { .. })) => {}
                found => return found.map(|_| of),
            }
        }
        let org = scope::organization(self.0.reader(), actor, &organization).await?;
        let id: uuid::Uuid = name.parse().map_err(|_| missing())?;
        let row = project::Entity::find_by_id(domain::ProjectId(id))
            .filter(project::Column::OrgId.eq(org.id))
            .one(self.0.reader())
            .await?
            .ok_or_else(missing)?;
        Ok(ProjectRef { organization, project: stored(&row.key)? })
    }
}

/// An organization's projects, the oldest first.
pub(super) async fn rows(db: &impl ConnectionTrait, org_id: OrgId) -> Result<Vec<project::Model>> {
    let rows = project::Entity::find().filter(project::Column::OrgId.eq(org_id));
    Ok(rows.order_by_asc(project::Column::Id).all(db).await?)
}

/// The project that is meant where none is named: `default`, or the oldest one where that is gone.
pub(crate) async fn first(db: &impl ConnectionTrait, org_id: OrgId) -> Result<ProjectKey> {
    let rows = rows(db, org_id).await?;
    let found = rows.iter().find(|row| row.key == DEFAULT_PROJECT).or(rows.first());
    stored(&found.ok_or_else(|| Refusal::not_found("project"))?.key)
}

/// Locks a project.
pub(super) async fn lock(tx: &ChangeTx, id: ProjectId) -> Result<project::Model> {
    let row = project::Entity::find_by_id(id)
        .filter(project::Column::OrgId.eq(tx.org_id()))
        .lock_exclusive()
        .one(tx.db())
        .await?;
    Ok(row.ok_or_else(|| Refusal::not_found("project"))?)
}

pub(super) fn view(row: project::Model) -> Result<ProjectView> {
    Ok(ProjectView { id: row.id, key: stored(&row.key)?, name: row.name })
}
