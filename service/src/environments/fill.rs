//! What flags and segments do in a new environment.

use std::collections::HashMap;

use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::flags::recover;
use crate::flags::store::{self, Stored};
use crate::segments::store as audiences;
use domain::flags::Configuration;
use domain::segments::Audience;
use domain::{FlagId, SegmentId};
use engine::ruleset;
use entity::{environment, flag, flag_configuration, segment, segment_configuration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Writes what flags and segments do in a new environment: what they do in another one, or nothing yet.
pub(super) async fn fill(
    tx: &mut ChangeTx,
    made: &ChangingEnvironment,
    source: Option<&environment::Model>,
) -> Result<()> {
    fill_flags(tx, made, source).await?;
    fill_segments(tx, made, source).await
}

async fn fill_flags(
    tx: &mut ChangeTx,
    made: &ChangingEnvironment,
    source: Option<&environment::Model>,
) -> Result<()> {
    let flags = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(tx.org_id()))
        .filter(flag::Column::ProjectId.eq(made.row.project_id))
        .all(tx.db())
        .await?;
    let mut there: HashMap<FlagId, flag_configuration::Model> = HashMap::new();
    if let Some(source) = source {
        let rows = flag_configuration::Entity::find()
            .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
            .filter(flag_configuration::Column::EnvironmentId.eq(source.id));
        there = rows.all(tx.db()).await?.into_iter().map(|row| (row.flag_id, row)).collect();
    }
    let mut rows = Vec::with_capacity(flags.len());
    for flag in flags {
        let stored = match there.remove(&flag.id) {
            Some(row) => Stored { version: 1, ..recover::read(tx, &flag, &row).await? },
            None => new(flag)?,
        };
        // An archived flag is served nowhere, and comes back with what it does.
        if stored.flag.archived_at.is_none() {
            store::stage(tx, made, &stored)?;
        }
        rows.push(stored);
    }
    store::insert_rows(tx, made, &rows).await
}

/// A flag that does in an environment what it does when it is new.
fn new(flag: flag::Model) -> Result<Stored> {
    let variations: Vec<ruleset::Variation> =
        store::read_json(&flag.variations, || format!("the variations of `{}`", flag.key))?;
    let configuration = Configuration::preset(store::kind(&flag.kind)?, &variations)?;
    Ok(Stored { flag, variations, configuration, version: 1 })
}

async fn fill_segments(
    tx: &mut ChangeTx,
    made: &ChangingEnvironment,
    source: Option<&environment::Model>,
) -> Result<()> {
    let segments = segment::Entity::find()
        .filter(segment::Column::OrgId.eq(tx.org_id()))
        .filter(segment::Column::ProjectId.eq(made.row.project_id))
        .all(tx.db())
        .await?;
    let mut there: HashMap<SegmentId, segment_configuration::Model> = HashMap::new();
    if let Some(source) = source {
        let rows = segment_configuration::Entity::find()
            .filter(segment_configuration::Column::OrgId.eq(tx.org_id()))
            .filter(segment_configuration::Column::EnvironmentId.eq(source.id));
        there = rows.all(tx.db()).await?.into_iter().map(|row| (row.segment_id, row)).collect();
    }
    let mut rows = Vec::with_capacity(segments.len());
    for segment in segments {
        let audience = match there.remove(&segment.id) {
            Some(row) => audiences::read(&segment, &row)?.audience,
            None => Audience::default(),
        };
        let stored = audiences::Stored { segment, audience, version: 1, updated_at: tx.now() };
        audiences::stage(tx, made, &stored)?;
        rows.push(stored);
    }
    audiences::insert_rows(tx, made, &rows).await
}
