use domain::orgs::{ProjectRef, ProjectView};
use domain::{Error as Refusal, OrgSlug, ProjectKey};
use entity::project;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Projects;
use crate::Actor;
use crate::error::Result;
use crate::orgs::DEFAULT_PROJECT;
use crate::scope::{self, stored};

impl Projects<'_> {
    /// An organization's projects, the oldest first.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn list(&self, actor: &Actor, organization: &OrgSlug) -> Result<Vec<ProjectView>> {
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        let rows = project::Entity::find()
            .filter(project::Column::OrgId.eq(org.id))
            .order_by_asc(project::Column::Id)
            .all(self.0.reader())
            .await?;
        rows.into_iter().map(view).collect()
    }

    /// The project that a request names by its key or its id; the default one where it names none.
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
        let name = key_or_id.unwrap_or(DEFAULT_PROJECT);
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

pub(super) fn view(row: project::Model) -> Result<ProjectView> {
    Ok(ProjectView { id: row.id, key: stored(&row.key)?, name: row.name })
}
