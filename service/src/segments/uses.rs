use std::collections::HashMap;

use domain::flags::Configuration;
use domain::orgs::ProjectRef;
use domain::segments::{Audience, SegmentUses, UsedInEnvironment, UsingFlag, UsingSegment, names_segment};
use domain::{SegmentId, SegmentKey};
use entity::{flag, flag_configuration, segment, segment_configuration};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};

use super::{Segments, read};
use crate::environments::read as environments;
use crate::error::Result;
use crate::scope::{ProjectScope, stored};
use crate::{Actor, page, scope};

impl Segments<'_> {
    /// What uses a segment, in each environment.
    ///
    /// # Errors
    /// When there is none that the actor may see, or the database fails.
    pub async fn uses(&self, actor: &Actor, project: &ProjectRef, key: &SegmentKey) -> Result<SegmentUses> {
        let project = scope::project(self.0.reader(), actor, project).await?;
        read::find(self.0.reader(), &project, key).await?;
        find(self.0.reader(), &project, key.as_str()).await
    }
}

/// What names a segment, in each environment: what is served, and what is archived and may be restored.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    project: &ProjectScope,
    key: &str,
) -> Result<SegmentUses> {
    // What names it has its key as a JSON text. Most has not, and need not be read.
    let name = page::containing(&format!("\"{key}\""));
    let environments = environments::list(db, project).await?;
    let ids = || environments.iter().map(|environment| environment.id);
    let flags: HashMap<_, _> = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(project.org.id))
        .filter(flag::Column::ProjectId.eq(project.id))
        .all(db)
        .await?
        .into_iter()
        .map(|flag| (flag.id, flag))
        .collect();
    let configurations = flag_configuration::Entity::find()
        .filter(flag_configuration::Column::OrgId.eq(project.org.id))
        .filter(flag_configuration::Column::EnvironmentId.is_in(ids()))
        .filter(Expr::col(flag_configuration::Column::Body).like(name.clone()))
        .all(db)
        .await?;
    let segments: HashMap<SegmentId, segment::Model> = segment::Entity::find()
        .filter(segment::Column::OrgId.eq(project.org.id))
        .filter(segment::Column::ProjectId.eq(project.id))
        .order_by_asc(segment::Column::Key)
        .all(db)
        .await?
        .into_iter()
        .map(|segment| (segment.id, segment))
        .collect();
    let audiences = segment_configuration::Entity::find()
        .filter(segment_configuration::Column::OrgId.eq(project.org.id))
        .filter(segment_configuration::Column::EnvironmentId.is_in(ids()))
        .filter(segment_configuration::Column::HasCondition.eq(true))
        .filter(Expr::col(segment_configuration::Column::Body).like(name))
        .all(db)
        .await?;
    let mut used: Vec<_> = environments
        .iter()
        .map(|environment| UsedInEnvironment {
            environment: environment.key.clone(),
            flags: Vec::new(),
            segments: Vec::new(),
        })
        .collect();
    let place = |id| environments.iter().position(|environment| environment.id == id);
    for row in configurations {
        let Some(used) = place(row.environment_id).and_then(|place| used.get_mut(place)) else { continue };
        // What cannot be read does not evaluate either.
        let Ok(configuration) = serde_json::from_str::<Configuration>(&row.body) else { continue };
        let naming = configuration.rules.into_iter().filter(|rule| names_segment(&rule.when, key));
        let rules: Vec<_> = naming.map(|rule| rule.id).collect();
        if let (Some(flag), false) = (flags.get(&row.flag_id), rules.is_empty()) {
            let (name, archived) = (flag.name.clone(), flag.archived_at.is_some());
            used.flags.push(UsingFlag { key: stored(&flag.key)?, name, archived, rules });
        }
    }
    for row in audiences {
        let Some(used) = place(row.environment_id).and_then(|place| used.get_mut(place)) else { continue };
        let Ok(audience) = serde_json::from_str::<Audience>(&row.body) else { continue };
        let is_naming = audience.when.is_some_and(|when| names_segment(&when, key));
        if let (Some(segment), true) = (segments.get(&row.segment_id), is_naming) {
            used.segments.push(UsingSegment { key: stored(&segment.key)?, name: segment.name.clone() });
        }
    }
    for used in &mut used {
        used.flags.sort_by(|a, b| a.key.cmp(&b.key));
        used.segments.sort_by(|a, b| a.key.cmp(&b.key));
    }
    Ok(SegmentUses { environments: used })
}
