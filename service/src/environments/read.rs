use domain::environments::EnvironmentView;
use domain::{EnvironmentKey, Error as Refusal};
use entity::environment;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::error::Result;
use crate::scope::{ProjectScope, stored};

/// A project's environments in their order.
pub(crate) async fn list(db: &impl ConnectionTrait, project: &ProjectScope) -> Result<Vec<EnvironmentView>> {
    let rows = environment::Entity::find()
        .filter(environment::Column::OrgId.eq(project.org.id))
        .filter(environment::Column::ProjectId.eq(project.id))
        .order_by_asc(environment::Column::Position)
        .order_by_asc(environment::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(view).collect()
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
        color: row.color,
        protected: row.protected,
        revision: row.revision,
    })
}
