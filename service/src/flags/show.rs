use domain::flags::FlagView;
use domain::orgs::ProjectRef;
use domain::{Error as Refusal, FlagKey};
use entity::flag;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Flags, view};
use crate::environments::read as environments;
use crate::error::Result;
use crate::{Actor, scope};

impl Flags<'_> {
    /// A flag, archived ones too.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such flag, or the database fails.
    pub async fn show(&self, actor: &Actor, project: &ProjectRef, key: &FlagKey) -> Result<FlagView> {
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let flags = flag::Entity::find()
            .filter(flag::Column::OrgId.eq(project.org.id))
            .filter(flag::Column::ProjectId.eq(project.id))
            .filter(flag::Column::Key.eq(key.as_str()))
            .all(db)
            .await?;
        let environments = environments::list(db, &project).await?;
        let found = view::of(db, flags, &environments, self.0.now()).await?;
        Ok(found.into_iter().next().ok_or_else(|| Refusal::not_found(format!("flag `{key}`")))?)
    }
}
