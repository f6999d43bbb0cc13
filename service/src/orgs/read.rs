use domain::orgs::{OrganizationView, ProjectRef};
use domain::{Error as Refusal, OrgId};
use entity::organization;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Orgs;
use crate::error::{Error, Result};
use crate::scope::{self, OrgScope};
use crate::{Actor, projects};

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

    /// An organization by its slug or its id.
    ///
    /// # Errors
    /// When there is none that the actor may see, or the database fails.
    pub async fn find(&self, actor: &Actor, slug_or_id: &str) -> Result<OrganizationView> {
        if let Ok(slug) = slug_or_id.parse() {
            match scope::organization(self.0.reader(), actor, &slug).await {
                // A slug may look like an id, but an id that is none of a slug is the usual case.
                Err(Error::Refused(Refusal::NotFound { .. })) => {}
                found => return found?.view(),
            }
        }
        let known = self.list(actor).await?;
        let id = slug_or_id.parse().ok().map(OrgId);
        let found = known.into_iter().find(|view| Some(view.id) == id);
        match actor.person() {
            Some(_) => Ok(found.ok_or_else(|| Refusal::not_found("organization"))?),
            None => Err(Refusal::Unauthenticated.into()),
        }
    }

    /// The organization that a request names by its slug or its id; the actor's oldest one where it names none.
    ///
    /// # Errors
    /// When there is none that the actor may see, or the database fails.
    pub async fn named(&self, actor: &Actor, slug_or_id: Option<&str>) -> Result<OrganizationView> {
        if let Some(slug_or_id) = slug_or_id {
            return self.find(actor, slug_or_id).await;
        }
        actor.account()?;
        let oldest = self.list(actor).await?.into_iter().next();
        Ok(oldest.ok_or_else(|| Refusal::not_found("organization"))?)
    }

    /// The project that a person sees first, of their oldest organization.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn home(&self, actor: &Actor) -> Result<Option<ProjectRef>> {
        let Some(first) = self.list(actor).await?.into_iter().next() else { return Ok(None) };
        let project = projects::first(self.0.reader(), first.id).await?;
        Ok(Some(ProjectRef { organization: first.slug, project }))
    }
}
