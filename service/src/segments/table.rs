//! Segments as a page lists them.

use std::collections::{BTreeMap, BTreeSet};

use domain::flags::Configuration;
use domain::orgs::ProjectRef;
use domain::segments::{ListSegments, SegmentTable, SegmentView, named_segments};
use domain::{EnvironmentId, EnvironmentKey, Page, SegmentKey};
use entity::flag_configuration;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use super::Segments;
use crate::environments::read as environments;
use crate::error::Result;
use crate::scope::ProjectScope;
use crate::{Actor, page, scope};

/// What every test of a segment's membership has in its operator.
const OPERATOR: &str = "in_segment";

impl Segments<'_> {
    /// A page of a project's segments, for whoever looks at one environment: the first one where none is named.
    ///
    /// # Errors
    /// As [`Segments::list`], and when there is no such environment.
    pub async fn table(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        environment: Option<&EnvironmentKey>,
        query: &ListSegments,
        page: &Page,
    ) -> Result<SegmentTable> {
        let list = self.list(actor, project, query, page).await?;
        let project = scope::project(self.0.reader(), actor, project).await?;
        let environments = environments::list(self.0.reader(), &project).await?;
        let environment = environments::choose(&environments, environment)?;
        let flags = self.counted(&project, environment.id, &list.segments).await?;
        Ok(SegmentTable { now: self.0.now(), environment: environment.key, list, flags })
    }

    /// How many flags have rules in an environment that name some segments.
    async fn counted(
        &self,
        project: &ProjectScope,
        environment: EnvironmentId,
        segments: &[SegmentView],
    ) -> Result<BTreeMap<SegmentKey, u64>> {
        if segments.is_empty() {
            return Ok(BTreeMap::new());
        }
        let bodies: Vec<String> = flag_configuration::Entity::find()
            .select_only()
            .column(flag_configuration::Column::Body)
            .filter(flag_configuration::Column::OrgId.eq(project.org.id))
            .filter(flag_configuration::Column::EnvironmentId.eq(environment))
            .filter(Expr::col(flag_configuration::Column::Body).like(page::containing(OPERATOR)))
            .into_tuple()
            .all(self.0.reader())
            .await?;
        let mut counts = BTreeMap::new();
        for body in bodies {
            // What cannot be read does not evaluate either.
            let Ok(configuration) = serde_json::from_str::<Configuration>(&body) else { continue };
            let named: BTreeSet<_> =
                configuration.rules.iter().flat_map(|rule| named_segments(&rule.when)).collect();
            for segment in segments.iter().filter(|segment| named.contains(segment.key.as_str())) {
                *counts.entry(segment.key.clone()).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }
}
