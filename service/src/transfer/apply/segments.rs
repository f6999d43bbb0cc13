//! Segments.

use domain::SegmentKey;
use domain::segments::Audience;
use domain::transfer::SegmentPart;
use entity::segment;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::Map;

use super::{Apply, Done, in_environment};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::check::Changed;
use crate::flags::store::{last_versions, read_json};
use crate::segments::store::{self, Stored};

impl Apply {
    pub(super) async fn segments(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        done: &mut Done,
    ) -> Result<()> {
        let ended = last_versions(tx, self.project, store::KIND).await?;
        for (key, part) in &self.after.segments {
            if self.before.segments.get(key) == Some(part) {
                continue;
            }
            let Some(row) = self.rows.segments.get(key.as_str()) else {
                let version = ended.get(key.as_str()).map_or(1, |last| last + 1);
                self.create_segment(tx, environments, (key, version), part, done).await?;
                continue;
            };
            let row = self.update_segment(tx, row, part, done).await?;
            for environment in environments {
                self.audience(tx, environment, &row, part, done).await?;
            }
        }
        Ok(())
    }

    async fn create_segment(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        (key, version): (&SegmentKey, i64),
        part: &SegmentPart,
        done: &mut Done,
    ) -> Result<()> {
        let words = (part.name.clone(), part.description.clone());
        let row = store::segment_row(tx, self.project, key, words, version);
        segment::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
        let mut contents = Map::new();
        for environment in environments {
            let stored = self.first_audience(tx, environment, &row, part, done).await?;
            let document = read_json(&stored.audit_document()?, || "a segment's document".to_owned())?;
            contents.insert(environment.row.key.clone(), document);
        }
        let mut document = store::about(&row);
        document["environments"] = contents.into();
        let event = Event::segment_created(Resource::new("segment", row.id, key));
        done.events.push(event.documents(None, Some(document.to_string())));
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
        let about = |row: &segment::Model| store::about(row).to_string();
        let event = Event::segment_updated(Resource::new("segment", row.id, &row.key));
        done.events.push(event.documents(Some(about(row)), Some(about(&after))));
        Ok(after)
    }

    /// Writes what a segment contains in an environment that has nothing of it yet.
    async fn first_audience(
        &self,
        tx: &mut ChangeTx,
        environment: &ChangingEnvironment,
        row: &segment::Model,
        part: &SegmentPart,
        done: &mut Done,
    ) -> Result<Stored> {
        let audience = said(part, environment);
        let stored = Stored { segment: row.clone(), audience, version: row.version, updated_at: tx.now() };
        store::insert(tx, environment, &stored).await?;
        done.segment(environment, &stored)?;
        Ok(stored)
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
        let Some(found) = self.rows.audiences.get(&(row.id, environment.row.id)) else {
            return self.first_audience(tx, environment, row, part, done).await.map(drop);
        };
        let audience = said(part, environment);
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

fn said(part: &SegmentPart, environment: &ChangingEnvironment) -> Audience {
    in_environment(&part.environments, &environment.row.key).cloned().unwrap_or_default()
}
