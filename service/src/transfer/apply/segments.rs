//! Segments.

use domain::transfer::SegmentPart;
use domain::{ProjectId, SegmentId, SegmentKey};
use entity::segment;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use super::{Apply, Done, in_environment};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::check::Changed;
use crate::flags::store as flags;
use crate::segments::store::{self, Stored};

impl Apply {
    pub(super) async fn segments(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        done: &mut Done,
    ) -> Result<()> {
        let ended = flags::last_versions(tx, self.project, store::KIND).await?;
        for (key, part) in &self.after.segments {
            if self.before.segments.get(key) == Some(part) {
                continue;
            }
            let row = match self.rows.segments.get(key.as_str()) {
                Some(row) => self.update_segment(tx, row, part, done).await?,
                None => {
                    let version = ended.get(key.as_str()).map_or(1, |last| last + 1);
                    let row = new_segment(tx, self.project, key, part, version);
                    segment::Entity::insert(row.clone().into_active_model())
                        .exec_without_returning(tx.db())
                        .await?;
                    let event = Event::segment_created(Resource::new("segment", row.id, key));
                    let about = json!({"name": part.name, "description": part.description});
                    done.events.push(event.documents(None, Some(about.to_string())));
                    row
                }
            };
            for environment in environments {
                self.audience(tx, environment, &row, part, done).await?;
            }
        }
        Ok(())
    }

    async fn update_segment(
        &self,
        tx: &ChangeTx,
        row: &segment::Model,
        part: &SegmentPart,
        done: &mut Done,
    ) -> Result<segment::Model> {
        if (&row.name, &row.description) == (&part.name, &part.description) {
            return Ok(row.clone());
        }
        let after = segment::Model {
            name: part.name.clone(),
            name_lower: part.name.to_lowercase(),
            description: part.description.clone(),
            version: row.version + 1,
            updated_at: tx.now(),
            ..row.clone()
        };
        store::update_segment(tx, &after).await?;
        let about =
            |row: &segment::Model| json!({"name": row.name, "description": row.description}).to_string();
        let event = Event::segment_updated(Resource::new("segment", row.id, &row.key));
        done.events.push(event.documents(Some(about(row)), Some(about(&after))));
        Ok(after)
    }

    /// Makes a segment contain in an environment what it is to.
    async fn audience(
        &self,
        tx: &mut ChangeTx,
        environment: &ChangingEnvironment,
        row: &segment::Model,
        part: &SegmentPart,
        done: &mut Done,
    ) -> Result<()> {
        let audience = in_environment(&part.environments, &environment.row.key).cloned().unwrap_or_default();
        let Some(found) = self.rows.audiences.get(&(row.id, environment.row.id)) else {
            let stored =
                Stored { segment: row.clone(), audience, version: row.version, updated_at: tx.now() };
            store::insert(tx, environment, &stored).await?;
            done.segment(environment, &stored)?;
            return Ok(());
        };
        let before = store::read(row, found)?;
        if before.audience == audience {
            return Ok(());
        }
        let after = before.next(tx, audience);
        store::save(tx, environment, &after).await?;
        done.segment(environment, &after)?;
        let event = Event::segment_configured(Resource::new("segment", row.id, &row.key));
        let documents = (Some(before.audit_document()?), Some(after.audit_document()?));
        done.events.push(event.in_environment(environment.row.id).documents(documents.0, documents.1));
        Ok(())
    }
}

impl Done {
    fn segment(&mut self, environment: &ChangingEnvironment, stored: &Stored) -> Result<()> {
        let changed = Changed::Segment(stored.segment.key.clone(), Some(stored.bare_document()?));
        self.changed.entry(environment.row.id).or_default().push(changed);
        Ok(())
    }
}

fn new_segment(
    tx: &ChangeTx,
    project: ProjectId,
    key: &SegmentKey,
    part: &SegmentPart,
    version: i64,
) -> segment::Model {
    segment::Model {
        id: tx.new_id::<SegmentId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: key.to_string(),
        key_lower: key.as_str().to_lowercase(),
        name: part.name.clone(),
        name_lower: part.name.to_lowercase(),
        description: part.description.clone(),
        version,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}
