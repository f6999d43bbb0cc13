//! What was evaluated last in an environment, for whoever waits for the first evaluation.

use domain::orgs::ProjectRef;
use domain::usage::LastEvaluation;
use domain::{EnvironmentKey, Millis};
use entity::flag_use::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Usage;
use crate::environments::read as environments;
use crate::error::{Error, Result};
use crate::{Actor, scope};

impl Usage<'_> {
    /// Which flag was evaluated last in an environment, and when.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such environment, or the database fails.
    pub async fn last(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        environment: &EnvironmentKey,
    ) -> Result<LastEvaluation> {
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let environment = environments::choose(&environments::list(db, &project).await?, Some(environment))?;
        let last: Option<(String, Millis)> = Entity::find()
            .select_only()
            .columns([Column::Flag, Column::EvaluatedAt])
            .filter(Column::OrgId.eq(project.org.id))
            .filter(Column::EnvironmentId.eq(environment.id))
            .order_by_desc(Column::EvaluatedAt)
            .into_tuple()
            .one(db)
            .await?;
        let last = last.map(|(flag, at)| {
            let flag = flag.parse().map_err(|_| Error::Invariant("a flag that was evaluated has no key"))?;
            Ok::<_, Error>((flag, at))
        });
        Ok(LastEvaluation { now: self.0.now(), last: last.transpose()? })
    }
}
