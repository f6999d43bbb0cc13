//! A flag's evaluations at one look, for the page about it.

use std::collections::HashMap;

use domain::orgs::ProjectRef;
use domain::usage::{FlagInsights, InsightsIn, UsageBy, UsageFilter, UsageRange};
use domain::{EnvironmentKey, FlagKey};

use super::Usage;
use super::overview::{few, shares};
use crate::environments::read as environments;
use crate::error::Result;
use crate::{Actor, scope};

impl Usage<'_> {
    /// How a flag was evaluated in an environment, and how much of that was in the others.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such flag or environment, or the database fails.
    pub async fn insights(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        flag: &FlagKey,
        environment: &EnvironmentKey,
        range: UsageRange,
    ) -> Result<FlagInsights> {
        let now = self.0.now();
        // First, because it knows whether there is the flag.
        let mut evaluated = self.evaluated(actor, project, flag).await?.environments;
        let (organization, key) = (&project.organization, Some(&project.project));
        let filter = |by: UsageBy, environment: Option<&EnvironmentKey>| UsageFilter {
            from: Some(range.from(now)),
            to: Some(now.plus(1)),
            step: range.step(),
            by: Some(by),
            environment: environment.cloned(),
            flag: Some(flag.clone()),
        };
        let here = Some(environment);
        let chart = self.series(actor, organization, key, &filter(UsageBy::Variation, here)).await?;
        let reasons = self.series(actor, organization, key, &filter(UsageBy::Reason, here)).await?;
        let everywhere = self.series(actor, organization, key, &filter(UsageBy::Environment, None)).await?;
        // They are named with their project before.
        let counts: HashMap<_, _> = shares(&everywhere)
            .0
            .into_iter()
            .filter_map(|share| Some((share.name?.split_once('/')?.1.to_owned(), share.count)))
            .collect();
        let scope = scope::project(self.0.reader(), actor, project).await?;
        let places = environments::list(self.0.reader(), &scope).await?;
        let found = places.into_iter().map(|place| InsightsIn {
            count: counts.get(place.key.as_str()).copied().unwrap_or_default(),
            evaluated: evaluated.remove(&place.key).unwrap_or_default(),
            environment: place.key,
        });
        let environments = found.collect();
        Ok(FlagInsights { now, chart: few(chart), reasons: shares(&reasons).0, environments })
    }
}
