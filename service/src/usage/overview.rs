//! A project's usage at one look, for the page about it.

use domain::environments::EnvironmentView;
use domain::orgs::ProjectRef;
use domain::usage::{
    DeliveredEnvironment, NodeDelivery, UsageBy, UsageFilter, UsageOf, UsageOverview, UsageRange,
    UsageSeries, UsageShare,
};
use domain::{EnvironmentKey, FlagKey, OrgId};

use super::Usage;
use crate::environments::read as environments;
use crate::error::Result;
use crate::{Actor, scope};

/// How many series a chart shows. More could not be told apart.
const SERIES: usize = 8;

/// How many flags are listed.
const FLAGS: usize = 20;

impl Usage<'_> {
    /// What was evaluated in a project, told apart by one thing, with its busiest flags, the reasons and the months.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such environment, series of variations are asked for without a
    /// flag, or the database fails.
    pub async fn overview(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        range: UsageRange,
        by: UsageBy,
        environment: Option<EnvironmentKey>,
        flag: Option<FlagKey>,
    ) -> Result<UsageOverview> {
        let now = self.0.now();
        let (organization, key) = (&project.organization, Some(&project.project));
        let filter = |by: UsageBy| UsageFilter {
            from: Some(range.from(now)),
            to: Some(now.plus(1)),
            step: range.step(),
            by: Some(by),
            environment: environment.clone(),
            flag: flag.clone(),
        };
        let chart = self.series(actor, organization, key, &filter(by)).await?;
        let flags = match by {
            UsageBy::Flag => shares(&chart),
            _ => shares(&self.series(actor, organization, key, &filter(UsageBy::Flag)).await?),
        };
        let reasons = match by {
            UsageBy::Reason => shares(&chart),
            _ => shares(&self.series(actor, organization, key, &filter(UsageBy::Reason)).await?),
        };
        let (mut flags, more_flags) = flags;
        let unlisted = flags.len().saturating_sub(FLAGS);
        flags.truncate(FLAGS);
        let scope = scope::project(self.0.reader(), actor, project).await?;
        let environments = environments::list(self.0.reader(), &scope).await?;
        Ok(UsageOverview {
            now,
            chart: few(chart),
            flags,
            more_flags: more_flags.saturating_add(u64::try_from(unlisted).unwrap_or(u64::MAX)),
            reasons: reasons.0,
            months: self.months(actor, organization).await?,
            delivery: self.delivery(scope.org.id, environments).await?,
        })
    }

    /// What this node delivers of some environments.
    async fn delivery(&self, org_id: OrgId, environments: Vec<EnvironmentView>) -> Result<NodeDelivery> {
        let delivery = self.0.delivery();
        let count = |streams: usize| u64::try_from(streams).unwrap_or(u64::MAX);
        let mut delivered = Vec::new();
        for EnvironmentView { id, key, .. } in environments {
            delivered.push(DeliveredEnvironment {
                environment: key,
                revision: delivery.snapshot_of(id).map(|snapshot| snapshot.revision()),
                streams: count(delivery.streams_here(id)),
                streams_in_all: count(delivery.streams_of(org_id, id).await?),
            });
        }
        Ok(NodeDelivery { age_ms: delivery.freshness().age_ms, environments: delivered })
    }
}

/// As many series as a chart shows.
pub(super) fn few(mut chart: UsageSeries) -> UsageSeries {
    let dropped = chart.series.len().saturating_sub(SERIES);
    chart.series.truncate(SERIES);
    chart.more = chart.more.saturating_add(u64::try_from(dropped).unwrap_or(u64::MAX));
    chart
}

/// The sums of series, and how many more series there are.
pub(super) fn shares(of: &UsageSeries) -> (Vec<UsageShare>, u64) {
    let share =
        |UsageOf { name, count, points: _ }: &UsageOf| UsageShare { name: name.clone(), count: *count };
    (of.series.iter().map(share).collect(), of.more)
}
