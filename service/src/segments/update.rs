use domain::SegmentKey;
use domain::access::Action;
use domain::orgs::ProjectRef;
use domain::segments::{SegmentView, UpdateSegment};
use entity::segment;

use super::{Segments, read, store};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Segments<'_> {
    /// Changes a segment's name or description. What it contains stays the same, so no revision changes. What is so already
    /// changes nothing.
    ///
    /// # Errors
    /// When the actor may not, there is no such segment, or another version is there than the one that the author saw.
    pub async fn update(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: SegmentKey,
        command: UpdateSegment,
    ) -> Result<SegmentView> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::UpdateSegment, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.project(project.id).await?;
                    let before = store::lock_segment(tx, project.id, &key).await?;
                    let UpdateSegment { name, description, version } = command;
                    store::expect_version(&before.key, version, before.version)?;
                    let name = name.unwrap_or_else(|| before.name.clone());
                    let description = description.unwrap_or_else(|| before.description.clone());
                    if (&name, &description) == (&before.name, &before.description) {
                        tx.abandon();
                        return Ok((read::view(tx.db(), &project, before).await?, Event::nothing()));
                    }
                    let after = segment::Model {
                        name_lower: name.to_lowercase(),
                        name,
                        description,
                        version: before.version + 1,
                        updated_at: tx.now(),
                        ..before.clone()
                    };
                    store::update_segment(tx, &after).await?;
                    let document = |segment: &segment::Model| store::about(segment).to_string();
                    let event = Event::segment_updated(Resource::new("segment", after.id, &after.key))
                        .documents(Some(document(&before)), Some(document(&after)));
                    Ok((read::view(tx.db(), &project, after).await?, event))
                })
            })
            .await
    }
}
