//! Where a request looks: resolved once, with the proof that the actor may look there. First argument of every read.

use domain::access::Role;
use domain::orgs::{OrganizationView, ProjectRef, ProjectView};
use domain::{Error, OrgId, OrgSlug, ProjectId, ProjectKey};
use entity::{organization, project};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::actor::{Actor, Place};
use crate::error::{self, Result};

/// An organization that the actor may look into.
#[derive(Clone, Debug)]
pub(crate) struct OrgScope {
    pub(crate) id: OrgId,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) role: Role,
}

/// A project that the actor may look into.
#[derive(Clone, Debug)]
pub(crate) struct ProjectScope {
    pub(crate) org: OrgScope,
    pub(crate) id: ProjectId,
    pub(crate) key: String,
    pub(crate) name: String,
}

/// Finds an organization. One that the actor does not belong to is not found, as if it did not exist.
pub(crate) async fn organization(
    db: &impl ConnectionTrait,
    actor: &Actor,
    slug: &OrgSlug,
) -> Result<OrgScope> {
    let row =
        organization::Entity::find().filter(organization::Column::Slug.eq(slug.as_str())).one(db).await?;
    let row = row.ok_or_else(|| {
        actor.role(OrgId::INSTANCE).err().unwrap_or_else(|| Error::not_found("organization"))
    })?;
    let role = actor.role(row.id)?;
    Ok(OrgScope { id: row.id, slug: row.slug, name: row.name, role })
}

/// Finds a project.
pub(crate) async fn project(
    db: &impl ConnectionTrait,
    actor: &Actor,
    of: &ProjectRef,
) -> Result<ProjectScope> {
    let org = organization(db, actor, &of.organization).await?;
    let row = project_row(db, org.id, &of.project).await?;
    Ok(ProjectScope { org, id: row.id, key: row.key, name: row.name })
}

/// Finds a project of an organization that the actor may look into.
pub(crate) async fn project_row(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    key: &ProjectKey,
) -> Result<project::Model> {
    let row = project::Entity::find()
        .filter(project::Column::OrgId.eq(org_id))
        .filter(project::Column::Key.eq(key.as_str()))
        .one(db)
        .await?;
    Ok(row.ok_or_else(|| Error::not_found(format!("project `{key}`")))?)
}

impl OrgScope {
    pub(crate) fn place(&self) -> Place {
        Place::Organization(self.id)
    }

    pub(crate) fn view(&self) -> Result<OrganizationView> {
        Ok(OrganizationView {
            id: self.id,
            slug: stored(&self.slug)?,
            name: self.name.clone(),
            role: self.role,
        })
    }
}

impl ProjectScope {
    pub(crate) fn view(&self) -> Result<ProjectView> {
        Ok(ProjectView { id: self.id, key: stored(&self.key)?, name: self.name.clone() })
    }
}

/// A role as the database holds it.
pub(crate) fn role(name: &str) -> Result<Role> {
    Role::from_name(name).ok_or(error::Error::Invariant("a stored role is no role"))
}

/// A key as the database holds it. Only keys that were parsed are ever stored.
pub(crate) fn stored<K: std::str::FromStr>(key: &str) -> Result<K> {
    key.parse().map_err(|_| error::Error::Invariant("a stored key is no key"))
}
