use domain::flags::{ConfigurationView, FlagAt};
use domain::{Error as Refusal, Millis};
use engine::ruleset::Kind;
use entity::{environment, flag, flag_configuration};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::store::{self, Stored};
use super::{Flags, kind_of};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::{Error, Result};
use crate::scope::{ProjectScope, stored};
use crate::{Actor, scope};

/// The rows of a flag in one environment.
pub(super) struct Found {
    pub(super) flag: flag::Model,
    pub(super) environment: environment::Model,
    pub(super) configuration: flag_configuration::Model,
}

impl Flags<'_> {
    /// What a flag does in one environment.
    ///
    /// # Errors
    /// When the actor may not see it, it does not exist, or its configuration cannot be read.
    pub async fn configuration(&self, actor: &Actor, at: &FlagAt) -> Result<ConfigurationView> {
        let project = scope::project(self.0.reader(), actor, &at.project).await?;
        let Found { flag, environment, configuration } = find(self.0.reader(), &project, at).await?;
        let found = store::read(&flag, &configuration)?;
        view_of(found, &environment, environment.revision, configuration.updated_at)
    }
}

/// Finds a flag, archived or not, in one environment.
pub(super) async fn find(db: &impl ConnectionTrait, project: &ProjectScope, at: &FlagAt) -> Result<Found> {
    let environment = environment_row(db, project, &at.environment).await?;
    let flag = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(project.org.id))
        .filter(flag::Column::ProjectId.eq(project.id))
        .filter(flag::Column::Key.eq(at.key.as_str()))
        .one(db)
        .await?
        .ok_or_else(|| Refusal::not_found(format!("flag `{}`", at.key)))?;
    let configuration = flag_configuration::Entity::find_by_id((flag.id, environment.id))
        .filter(flag_configuration::Column::OrgId.eq(project.org.id))
        .one(db)
        .await?
        .ok_or(Error::Invariant("a flag lacks a configuration"))?;
    Ok(Found { flag, environment, configuration })
}

/// An environment of a project.
pub(super) async fn environment_row(
    db: &impl ConnectionTrait,
    project: &ProjectScope,
    key: &domain::EnvironmentKey,
) -> Result<environment::Model> {
    let row = environment::Entity::find()
        .filter(environment::Column::OrgId.eq(project.org.id))
        .filter(environment::Column::ProjectId.eq(project.id))
        .filter(environment::Column::Key.eq(key.as_str()))
        .one(db)
        .await?;
    Ok(row.ok_or_else(|| Refusal::not_found(format!("environment `{key}`")))?)
}

/// What a flag does once the change is made.
pub(super) fn view(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    after: &Stored,
) -> Result<ConfigurationView> {
    let revision = tx.next_revision(environment).unwrap_or(environment.row.revision);
    view_of(after.clone(), &environment.row, revision, tx.now())
}

pub(super) fn view_of(
    found: Stored,
    environment: &environment::Model,
    revision: i64,
    updated_at: Millis,
) -> Result<ConfigurationView> {
    let kind: Kind = kind_of(&found)?;
    let Stored { flag, variations, configuration, version } = found;
    let place = (stored(&flag.key)?, stored(&environment.key)?);
    Ok(ConfigurationView::of(place, (version, revision, updated_at), (kind, &variations), configuration))
}
