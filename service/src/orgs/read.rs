use domain::orgs::{OrganizationView, ProjectRef};
use entity::organization;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Orgs;
use super::create::DEFAULT_PROJECT;
use crate::Actor;
use crate::error::Result;
use crate::scope::{OrgScope, stored};

impl Orgs<'_> {
    /// The organizations that a person belongs to, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<OrganizationView>> {
        let ids = actor.memberships().iter().map(|membership| membership.org_id);
        let rows = organization::Entity::find()
            .filter(organization::Column::Id.is_in(ids))
            .order_by_asc(organization::Column::Id)
            .all(self.0.reader())
            .await?;
        let view = |row: organization::Model| {
            let role = actor.role(row.id)?;
            OrgScope { id: row.id, slug: row.slug, name: row.name, role }.view()
        };
        rows.into_iter().map(view).collect()
    }

    /// The project that a person sees first: the default one of their oldest organization.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn home(&self, actor: &Actor) -> Result<Option<ProjectRef>> {
        let Some(first) = self.list(actor).await?.into_iter().next() else { return Ok(None) };
        Ok(Some(ProjectRef { organization: first.slug, project: stored(DEFAULT_PROJECT)? }))
    }
}
