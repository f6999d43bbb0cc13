use std::collections::HashMap;

use domain::orgs::ProjectRef;
use domain::segments::{AudienceCounts, AudienceView, SegmentPlace, SegmentView};
use domain::{Millis, SegmentId, SegmentKey};
use entity::{segment, segment_configuration};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{Segments, store};
use crate::environments::read as environments;
use crate::error::{Error, Result};
use crate::flags::check::aside;
use crate::scope::{ProjectScope, stored};
use crate::{Actor, scope};

impl Segments<'_> {
    /// A segment, and how much it contains in each environment.
    ///
    /// # Errors
    /// When there is none that the actor may see, or the database fails.
    pub async fn read(&self, actor: &Actor, project: &ProjectRef, key: &SegmentKey) -> Result<SegmentView> {
        let project = scope::project(self.0.reader(), actor, project).await?;
        let segment = find(self.0.reader(), &project, key).await?;
        view(self.0.reader(), &project, segment).await
    }

    /// What a segment contains in one environment.
    ///
    /// # Errors
    /// When there is none that the actor may see, or the database fails.
    pub async fn audience(&self, actor: &Actor, place: SegmentPlace) -> Result<AudienceView> {
        let db = self.0.reader();
        let project = scope::project(db, actor, &place.project).await?;
        let environments = environments::list(db, &project).await?;
        let environment = environments::choose(&environments, Some(&place.environment))?;
        let segment = find(db, &project, &place.segment).await?;
        let row = segment_configuration::Entity::find_by_id((segment.id, environment.id))
            .filter(segment_configuration::Column::OrgId.eq(project.org.id))
            .one(db)
            .await?;
        let row = row.ok_or(Error::Invariant("a segment lacks a configuration"))?;
        aside(move || store::read(&segment, &row)?.view(environment.key)).await?
    }
}

/// The segment with this key.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    project: &ProjectScope,
    key: &SegmentKey,
) -> Result<segment::Model> {
    let row = segment::Entity::find()
        .filter(segment::Column::OrgId.eq(project.org.id))
        .filter(segment::Column::ProjectId.eq(project.id))
        .filter(segment::Column::Key.eq(key.as_str()))
        .one(db)
        .await?;
    Ok(row.ok_or_else(|| store::missing(key))?)
}

/// A segment as it is shown.
pub(super) async fn view(
    db: &impl ConnectionTrait,
    project: &ProjectScope,
    segment: segment::Model,
) -> Result<SegmentView> {
    let mut views = views(db, project, vec![segment]).await?;
    views.pop().ok_or(Error::Invariant("a segment has a view"))
}

/// Segments as they are shown, in their order.
pub(super) async fn views(
    db: &impl ConnectionTrait,
    project: &ProjectScope,
    segments: Vec<segment::Model>,
) -> Result<Vec<SegmentView>> {
    use segment_configuration::Column;
    let environments = environments::list(db, project).await?;
    // Without the lists, which may be long.
    let rows: Vec<(SegmentId, domain::EnvironmentId, i64, i64, bool, i64, Millis)> =
        segment_configuration::Entity::find()
            .select_only()
            .columns([Column::SegmentId, Column::EnvironmentId, Column::Included, Column::Excluded])
            .columns([Column::HasCondition, Column::Version, Column::UpdatedAt])
            .filter(Column::OrgId.eq(project.org.id))
            .filter(Column::SegmentId.is_in(segments.iter().map(|segment| segment.id)))
            .into_tuple()
            .all(db)
            .await?;
    let rows: HashMap<_, _> = rows.into_iter().map(|row| ((row.0, row.1), row)).collect();
    let counts = |segment: SegmentId| {
        let each = environments.iter().filter_map(|environment| {
            let (_, _, included, excluded, has_condition, version, updated_at) =
                *rows.get(&(segment, environment.id))?;
            let environment = environment.key.clone();
            Some(AudienceCounts { environment, included, excluded, has_condition, version, updated_at })
        });
        each.collect()
    };
    let view = |segment: segment::Model| {
        Ok(SegmentView {
            key: stored(&segment.key)?,
            environments: counts(segment.id),
            name: segment.name,
            description: segment.description,
            version: segment.version,
            created_at: segment.created_at,
            updated_at: segment.updated_at,
        })
    };
    segments.into_iter().map(view).collect()
}
