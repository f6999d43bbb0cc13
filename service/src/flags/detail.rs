use std::collections::HashMap;

use domain::flags::{DetailInEnvironment, FlagDetail};
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, Error as Refusal, FlagKey};
use entity::{flag, flag_configuration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::configured::view_of;
use super::{Flags, store, view};
use crate::environments::read as environments;
use crate::error::{Error, Result, causes};
use crate::{Actor, scope};

impl Flags<'_> {
    /// A flag, archived ones too, with all that it does in every environment.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such flag, or the database fails.
    pub async fn detail(&self, actor: &Actor, project: &ProjectRef, key: &FlagKey) -> Result<FlagDetail> {
        let (db, now) = (self.0.reader(), self.0.now());
        let project = scope::project(db, actor, project).await?;
        let flag = flag::Entity::find()
            .filter(flag::Column::OrgId.eq(project.org.id))
            .filter(flag::Column::ProjectId.eq(project.id))
            .filter(flag::Column::Key.eq(key.as_str()))
            .one(db)
            .await?
            .ok_or_else(|| Refusal::not_found(format!("flag `{key}`")))?;
        let rows = flag_configuration::Entity::find()
            .filter(flag_configuration::Column::OrgId.eq(project.org.id))
            .filter(flag_configuration::Column::FlagId.eq(flag.id))
            .all(db)
            .await?;
        let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.environment_id, row)).collect();
        let places = environments::rows(db, project.org.id, project.id).await?;
        let mut found = Vec::with_capacity(places.len());
        for environment in &places {
            // An environment that was created between two reads shows up the next time.
            let Some(row) = rows.remove(&environment.id) else { continue };
            let read = store::read(&flag, &row);
            let configuration =
                read.and_then(|read| view_of(read, environment, environment.revision, row.updated_at));
            let configuration = match configuration {
                Ok(configuration) => Some(configuration),
                Err(error @ Error::Corrupt { .. }) => {
                    tracing::error!(
                        flag.key = flag.key,
                        error.causes = causes(&error),
                        "a flag cannot be shown"
                    );
                    None
                }
                Err(error) => return Err(error),
            };
            let environment = scope::stored(&environment.key)?;
            found.push(DetailInEnvironment { environment, configuration });
        }
        let views = places.into_iter().map(environments::view).collect::<Result<Vec<_>>>()?;
        let is_off = |key: &EnvironmentKey| found.iter().any(|it| it.environment == *key && !is_on(it));
        let off: Vec<_> = views.iter().filter(|view| is_off(&view.key)).cloned().collect();
        let kills = self.0.history().kills(&flag, &off).await?;
        let shown = view::of(db, vec![flag], &views, now).await?;
        let flag = shown.into_iter().next().ok_or(Error::Invariant("a flag has a view"))?;
        Ok(FlagDetail { now, flag, environments: found, kills })
    }
}

fn is_on(it: &DetailInEnvironment) -> bool {
    it.configuration.as_ref().is_some_and(|configuration| configuration.enabled)
}
