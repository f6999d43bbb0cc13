use domain::flags::{
    CompareEnvironments, ComparedFlag, Comparison, ComparisonStatus, Configuration, Difference,
};
use domain::orgs::ProjectRef;
use domain::{EnvironmentId, Error as Refusal, FlagKey};
use entity::{flag, flag_configuration};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeSet, HashMap};

use super::store::{self, Stored};
use super::{Flags, configured};
use crate::error::{Error, Result, causes};
use crate::scope::{ProjectScope, stored};
use crate::{Actor, scope};

/// A flag in two environments.
pub(super) struct Beside {
    pub(super) key: FlagKey,
    pub(super) from_version: i64,
    pub(super) to_version: i64,
    /// Both configurations; none where one cannot be read.
    pub(super) both: Option<(Configuration, Stored)>,
}

impl Flags<'_> {
    /// What flags do differently in two environments.
    ///
    /// # Errors
    /// When the actor may not see the project, or a flag or an environment does not exist.
    pub async fn compare(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        command: CompareEnvironments,
    ) -> Result<Comparison> {
        domain::validate(&command)?;
        let CompareEnvironments { from, to, flags } = command;
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let environments = (
            configured::environment_row(db, &project, &from).await?.id,
            configured::environment_row(db, &project, &to).await?.id,
        );
        let compared = |beside: Beside| {
            let Beside { key, from_version, to_version, both } = beside;
            let differences = both.as_ref().map(|(from, to)| Difference::between(from, &to.configuration));
            let status = match differences.as_deref() {
                None => ComparisonStatus::Unreadable,
                Some([]) => ComparisonStatus::Same,
                Some(_) => ComparisonStatus::Differs,
            };
            let differences = differences.unwrap_or_default();
            ComparedFlag { flag: key, status, from_version, to_version, differences }
        };
        let flags = beside(db, &project, environments, flags.as_deref()).await?;
        Ok(Comparison { from, to, flags: flags.into_iter().map(compared).collect() })
    }
}

/// Flags that are not archived, in two environments, by key: those with these keys, or all.
pub(super) async fn beside(
    db: &impl ConnectionTrait,
    project: &ProjectScope,
    (from, to): (EnvironmentId, EnvironmentId),
    keys: Option<&[FlagKey]>,
) -> Result<Vec<Beside>> {
    let mut flags = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(project.org.id))
        .filter(flag::Column::ProjectId.eq(project.id))
        .filter(flag::Column::ArchivedAt.is_null());
    if let Some(keys) = keys {
        flags = flags.filter(flag::Column::Key.is_in(keys.iter().map(FlagKey::as_str)));
    }
    let flags = flags.order_by_asc(flag::Column::Key).all(db).await?;
    let found: BTreeSet<_> = flags.iter().map(|flag| flag.key.as_str()).collect();
    if let Some(missing) = keys.unwrap_or_default().iter().find(|key| !found.contains(key.as_str())) {
        return Err(Refusal::not_found(format!("flag `{missing}`")).into());
    }
    let rows = flag_configuration::Entity::find()
        .filter(flag_configuration::Column::OrgId.eq(project.org.id))
        .filter(flag_configuration::Column::EnvironmentId.is_in([from, to]))
        .all(db)
        .await?;
    let rows: HashMap<_, _> = rows.into_iter().map(|row| ((row.flag_id, row.environment_id), row)).collect();
    let mut besides = Vec::with_capacity(flags.len());
    for flag in flags {
        // A flag that was created between the two reads shows up the next time.
        let Some((from, to)) = rows.get(&(flag.id, from)).zip(rows.get(&(flag.id, to))) else { continue };
        let both = match (readable(&flag, from)?, readable(&flag, to)?) {
            (Some(from), Some(to)) => Some((from.configuration, to)),
            _ => None,
        };
        let (from_version, to_version) = (from.version, to.version);
        besides.push(Beside { key: stored(&flag.key)?, from_version, to_version, both });
    }
    Ok(besides)
}

/// A flag, if it can be read.
fn readable(flag: &flag::Model, row: &flag_configuration::Model) -> Result<Option<Stored>> {
    match store::read(flag, row) {
        Err(error @ Error::Corrupt { .. }) => {
            tracing::error!(flag.key = flag.key, error.causes = causes(&error), "a flag cannot be compared");
            Ok(None)
        }
        found => found.map(Some),
    }
}
