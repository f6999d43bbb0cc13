use domain::environments::{Color, EnvironmentView};
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, Error as Refusal, OrgId, ProjectId};
use entity::environment;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Environments;
use crate::Actor;
use crate::error::Result;
use crate::scope::{self, ProjectScope, stored};

impl Environments<'_> {
    /// A project's environments in their order.
    ///
    /// # Errors
    /// When the actor may not see the project, or the database fails.
    pub async fn list(&self, actor: &Actor, project: &ProjectRef) -> Result<Vec<EnvironmentView>> {
        let project = scope::project(self.0.reader(), actor, project).await?;
        list(self.0.reader(), &project).await
    }

    /// One environment.
    ///
    /// # Errors
    /// When the actor may not see the project, there is none with this key, or the database fails.
    pub async fn find(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: &EnvironmentKey,
    ) -> Result<EnvironmentView> {
        choose(&self.list(actor, project).await?, Some(key))
    }
}

/// A project's environments in their order.
pub(crate) async fn list(db: &impl ConnectionTrait, project: &ProjectScope) -> Result<Vec<EnvironmentView>> {
    rows(db, project.org.id, project.id).await?.into_iter().map(view).collect()
}

/// A project's environments in their order.
pub(crate) async fn rows(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    project: ProjectId,
) -> Result<Vec<environment::Model>> {
    let rows = environment::Entity::find()
        .filter(environment::Column::OrgId.eq(org_id))
        .filter(environment::Column::ProjectId.eq(project))
        .order_by_asc(environment::Column::Position)
        .order_by_asc(environment::Column::Id);
    Ok(rows.all(db).await?)
}

/// The one with this key, or the first one.
pub(crate) fn choose(
    environments: &[EnvironmentView],
    key: Option<&EnvironmentKey>,
) -> Result<EnvironmentView> {
    let found = match key {
        Some(key) => environments.iter().find(|environment| environment.key == *key),
        None => environments.first(),
    };
    let missing = || match key {
        Some(key) => Refusal::not_found(format!("environment `{key}`")),
        None => Refusal::not_found("environment"),
    };
    Ok(found.cloned().ok_or_else(missing)?)
}

pub(crate) fn view(row: environment::Model) -> Result<EnvironmentView> {
    Ok(EnvironmentView {
        id: row.id,
        key: stored(&row.key)?,
        name: row.name,
        // One of a later version, which takes nothing but its colour from a page.
        color: Color::from_name(&row.color).unwrap_or(Color::Slate),
        protected: row.protected,
        revision: row.revision,
    })
}
