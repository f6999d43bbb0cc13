use std::collections::BTreeMap;

use domain::flags::Dependent;
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, FlagKey};
use entity::{flag, flag_configuration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Flags, store};
use crate::environments::read as environments;
use crate::error::Result;
use crate::{Actor, scope};

impl Flags<'_> {
    /// The flags that are served and need a flag: it cannot be archived as long as there are some.
    ///
    /// # Errors
    /// When the actor may not see the project, or the database fails.
    pub async fn dependents(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: &FlagKey,
    ) -> Result<Vec<Dependent>> {
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let flags = flag::Entity::find()
            .filter(flag::Column::OrgId.eq(project.org.id))
            .filter(flag::Column::ProjectId.eq(project.id))
            .filter(flag::Column::ArchivedAt.is_null())
            .all(db)
            .await?;
        let mut found: BTreeMap<FlagKey, Vec<EnvironmentKey>> = BTreeMap::new();
        for environment in environments::list(db, &project).await? {
            // Most configurations do not name it at all. An underscore finds more than it should, which is read below.
            let rows = flag_configuration::Entity::find()
                .filter(flag_configuration::Column::OrgId.eq(project.org.id))
                .filter(flag_configuration::Column::EnvironmentId.eq(environment.id))
                .filter(flag_configuration::Column::Body.contains(key.as_str()))
                .all(db)
                .await?;
            for row in rows {
                let Some(flag) = flags.iter().find(|flag| flag.id == row.flag_id) else { continue };
                // One that cannot be read is not evaluated, so it needs nothing.
                let Ok(stored) = store::read(flag, &row) else { continue };
                if stored.configuration.prerequisites.iter().any(|it| it.flag == key.as_str()) {
                    found.entry(scope::stored(&flag.key)?).or_default().push(environment.key.clone());
                }
            }
        }
        Ok(found.into_iter().map(|(flag, environments)| Dependent { flag, environments }).collect())
    }
}
