use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use domain::usage::{MOST_SERIES, UsageBy, UsageFilter, UsageOf, UsagePoint, UsageSeries};
use domain::{EnvironmentId, Error as Refusal, OrgId, OrgSlug, ProjectKey};
use entity::{environment, project, usage_hour};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TryGetable, Value};

use super::Usage;
use super::sums::{Hours, points};
use crate::error::Result;
use crate::scope::project_row;
use crate::{Actor, scope};

impl Usage<'_> {
    /// Evaluations of an organization over time, or of one of its projects.
    ///
    /// # Errors
    /// When the actor may not see the organization, what is asked for is against the rules, or the database fails.
    pub async fn series(
        &self,
        actor: &Actor,
        organization: &OrgSlug,
        project: Option<&ProjectKey>,
        filter: &UsageFilter,
    ) -> Result<UsageSeries> {
        let (from, to) = filter.range(self.0.now())?;
        if project.is_none() && (filter.environment.is_some() || filter.flag.is_some()) {
            let message = "is needed with `environment` and `flag`";
            return Err(Refusal::invalid("project", message).into());
        }
        let db = self.0.database().moment().await?;
        let org = scope::organization(&db, actor, organization).await?;
        let mut environments = environments(&db, org.id, project).await?;
        if let Some(key) = &filter.environment {
            environments.retain(|_, (_, environment)| environment == key.as_str());
            if environments.is_empty() {
                let message = format!("the project has no environment `{key}`");
                return Err(Refusal::invalid("environment", message).into());
            }
        }
        let of_project = project.is_some().then(|| environments.keys().copied().collect());
        let flag = filter.flag.as_ref().map(ToString::to_string);
        let hours = Hours { org_id: org.id, from, to, environments: of_project, flag };
        let points = hours.points(&db, filter.step).await?;
        let column = usage_hour::Column::EnvironmentId;
        let name = |key: &String| Some(key.clone()).filter(|key| !key.is_empty());
        let (series, more) = match filter.by {
            None => (Vec::new(), 0),
            Some(UsageBy::Project) => {
                let name = |id: &EnvironmentId| environments.get(id).map(|(project, _)| project.clone());
                told_apart(&db, &hours, filter, column, name).await?
            }
            Some(UsageBy::Environment) => {
                let name = |id: &EnvironmentId| {
                    environments.get(id).map(|(project, environment)| format!("{project}/{environment}"))
                };
                told_apart(&db, &hours, filter, column, name).await?
            }
            Some(UsageBy::Flag) => told_apart(&db, &hours, filter, usage_hour::Column::Flag, name).await?,
            Some(UsageBy::Variation) => {
                told_apart(&db, &hours, filter, usage_hour::Column::Variation, name).await?
            }
            Some(UsageBy::Reason) => {
                told_apart(&db, &hours, filter, usage_hour::Column::Reason, name).await?
            }
        };
        db.commit().await?;
        let count = points.iter().fold(0, |sum: i64, point| sum.saturating_add(point.count));
        Ok(UsageSeries { from, to, step: filter.step, by: filter.by, count, points, series, more })
    }
}

/// The environments of an organization, or of one of its projects, by the keys of the project and of themselves.
async fn environments(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    key: Option<&ProjectKey>,
) -> Result<BTreeMap<EnvironmentId, (String, String)>> {
    let projects = match key {
        Some(key) => vec![project_row(db, org_id, key).await?],
        None => project::Entity::find().filter(project::Column::OrgId.eq(org_id)).all(db).await?,
    };
    let projects: HashMap<_, _> = projects.into_iter().map(|row| (row.id, row.key)).collect();
    let rows = environment::Entity::find().filter(environment::Column::OrgId.eq(org_id)).all(db).await?;
    let found = rows.into_iter().filter_map(|row| {
        let project = projects.get(&row.project_id)?.clone();
        Some((row.id, (project, row.key)))
    });
    Ok(found.collect())
}

/// The series that the values of a column make, those with the highest counts, and how many more there are. Values of one
/// name make one series.
async fn told_apart<T: TryGetable + Into<Value> + Clone + Eq + Hash>(
    db: &impl ConnectionTrait,
    hours: &Hours,
    filter: &UsageFilter,
    column: usage_hour::Column,
    name: impl Fn(&T) -> Option<String>,
) -> Result<(Vec<UsageOf>, u64)> {
    let mut named: BTreeMap<Option<String>, (i64, Vec<T>)> = BTreeMap::new();
    for (value, count) in hours.by::<T>(db, column).await? {
        let (sum, values) = named.entry(name(&value)).or_default();
        *sum = sum.saturating_add(count);
        values.push(value);
    }
    let mut named: Vec<_> = named.into_iter().collect();
    named.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let more = named.len().saturating_sub(MOST_SERIES);
    named.truncate(MOST_SERIES);
    let values: Vec<_> = named.iter().flat_map(|(_, (_, values))| values.iter().cloned()).collect();
    let mut found: HashMap<Option<String>, Vec<UsagePoint>> = HashMap::new();
    for (value, point) in hours.points_by(db, filter.step, column, &values).await? {
        found.entry(name(&value)).or_default().push(point);
    }
    let series = named.into_iter().map(|(name, (count, _))| {
        let points = points(found.remove(&name).unwrap_or_default().into_iter());
        UsageOf { name, count, points }
    });
    Ok((series.collect(), u64::try_from(more).unwrap_or(u64::MAX)))
}
