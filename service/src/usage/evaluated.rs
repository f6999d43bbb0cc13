use std::collections::{BTreeMap, HashMap};

use domain::orgs::ProjectRef;
use domain::usage::{EvaluatedIn, FlagEvaluations, VersionEvaluated};
use domain::{EnvironmentId, Error as Refusal, FlagKey, Millis, OrgId};
use entity::{flag, flag_use};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::Usage;
use crate::environments::read as environments;
use crate::error::Result;
use crate::{Actor, scope};

/// How many versions are shown of a flag in one environment.
const VERSIONS: u64 = 20;

impl Usage<'_> {
    /// When a flag was evaluated last, in each environment and at which versions.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such flag, or the database fails.
    pub async fn evaluated(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: &FlagKey,
    ) -> Result<FlagEvaluations> {
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let flags = flag::Entity::find()
            .filter(flag::Column::OrgId.eq(project.org.id))
            .filter(flag::Column::ProjectId.eq(project.id))
            .filter(flag::Column::Key.eq(key.as_str()));
        if flags.count(db).await? == 0 {
            return Err(Refusal::not_found(format!("flag `{key}`")).into());
        }
        let mut found = BTreeMap::new();
        for environment in environments::list(db, &project).await? {
            let rows = flag_use::Entity::find()
                .filter(flag_use::Column::OrgId.eq(project.org.id))
                .filter(flag_use::Column::EnvironmentId.eq(environment.id))
                .filter(flag_use::Column::Flag.eq(key.as_str()))
                .order_by_desc(flag_use::Column::EvaluatedAt)
                .order_by_desc(flag_use::Column::Version)
                .limit(VERSIONS)
                .all(db)
                .await?;
            let version = |row: flag_use::Model| VersionEvaluated {
                version: Some(row.version).filter(|version| *version > 0),
                last_evaluated_at: row.evaluated_at,
            };
            let versions: Vec<_> = rows.into_iter().map(version).collect();
            let last_evaluated_at = versions.first().map(|it| it.last_evaluated_at);
            found.insert(environment.key, EvaluatedIn { last_evaluated_at, versions });
        }
        Ok(FlagEvaluations { flag: key.clone(), environments: found })
    }
}

/// When flags of one organization were evaluated last in these environments.
pub(crate) async fn last_evaluated(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    environments: impl Iterator<Item = EnvironmentId>,
    flags: impl Iterator<Item = &str>,
) -> Result<HashMap<(EnvironmentId, String), Millis>> {
    let rows: Vec<(EnvironmentId, String, Millis)> = flag_use::Entity::find()
        .select_only()
        .columns([flag_use::Column::EnvironmentId, flag_use::Column::Flag])
        .column_as(flag_use::Column::EvaluatedAt.max(), "last")
        .filter(flag_use::Column::OrgId.eq(org_id))
        .filter(flag_use::Column::EnvironmentId.is_in(environments))
        .filter(flag_use::Column::Flag.is_in(flags))
        .group_by(flag_use::Column::EnvironmentId)
        .group_by(flag_use::Column::Flag)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(environment, flag, at)| ((environment, flag), at)).collect())
}
