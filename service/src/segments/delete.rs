use domain::access::Action;
use domain::orgs::ProjectRef;
use domain::segments::{DeleteSegment, SegmentUses};
use domain::{Error as Refusal, SegmentKey};
use entity::{segment, segment_configuration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::{Segments, store, uses};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

/// How many users of a segment a refusal names.
const NAMED: usize = 10;

impl Segments<'_> {
    /// Deletes a segment that nothing uses. Its past stays, and its last version is remembered.
    ///
    /// # Errors
    /// When the actor may not, there is no such segment, its key was not typed, or a flag or a segment uses it.
    pub async fn delete(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: SegmentKey,
        command: DeleteSegment,
    ) -> Result<()> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::DeleteSegment, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let environments = tx.environments(project.id).await?;
                    let segment = store::lock_segment(tx, project.id, &key).await?;
                    if command.confirm.trim() != key.as_str() {
                        return Err(Refusal::invalid("confirm", format!("type `{key}`")).into());
                    }
                    let uses = uses::find(tx.db(), &project, key.as_str()).await?;
                    if let Some(message) = users(key.as_str(), &uses) {
                        return Err(Refusal::conflict(message).into());
                    }
                    let versions: Vec<i64> = segment_configuration::Entity::find()
                        .select_only()
                        .column(segment_configuration::Column::Version)
                        .filter(segment_configuration::Column::OrgId.eq(tx.org_id()))
                        .filter(segment_configuration::Column::SegmentId.eq(segment.id))
                        .into_tuple()
                        .all(tx.db())
                        .await?;
                    let last = versions.into_iter().fold(segment.version, i64::max);
                    store::bury(tx, &segment, last).await?;
                    for environment in &environments {
                        store::withdraw(tx, environment, &segment);
                    }
                    segment::Entity::delete_by_id(segment.id).exec(tx.db()).await?;
                    let document = json!({"name": segment.name, "description": segment.description});
                    let event = Event::segment_deleted(Resource::new("segment", segment.id, &segment.key))
                        .documents(Some(document.to_string()), None)
                        .comment(command.comment);
                    Ok(((), event))
                })
            })
            .await
    }
}

/// Names what uses a segment, if anything does.
fn users(key: &str, uses: &SegmentUses) -> Option<String> {
    let named = uses.environments.iter().flat_map(|used| {
        let place = &used.environment;
        let flags = used.flags.iter().map(move |flag| match flag.archived {
            false => format!("the flag `{}` in {place}", flag.key),
            true => format!("the archived flag `{}` in {place}", flag.key),
        });
        let segments = used.segments.iter();
        flags.chain(segments.map(move |segment| format!("the segment `{}` in {place}", segment.key)))
    });
    let named: Vec<_> = named.collect();
    let first = named.get(..NAMED).unwrap_or(&named).join(", ");
    match named.len() {
        0 => None,
        many if many > NAMED => Some(format!("`{key}` is used by {first}, and {} more", many - NAMED)),
        _ => Some(format!("`{key}` is used by {first}")),
    }
}
