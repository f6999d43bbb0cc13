use domain::flags::{BulkAction, FlagsChange};
use domain::{FlagKey, ProjectId};
use entity::flag;

use super::super::create::sorted;
use super::super::definition::definition;
use super::super::{store, view};
use super::{Outcome, Outcomes, is_archived, lock};
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};

/// The most tags that a flag has.
const MOST: usize = 40;

/// Adds tags to flags, or takes them away.
pub(super) async fn tag(
    tx: &mut ChangeTx,
    project: ProjectId,
    keys: &[FlagKey],
    change: &FlagsChange,
) -> Result<Outcomes> {
    tx.project(project).await?;
    let flags = lock(tx, project, keys).await?;
    let mut tagged = view::tags(tx.db(), &flags).await?;
    let mut outcomes = Outcomes::new();
    for before in flags {
        let had = tagged.remove(&before.id).unwrap_or_default();
        let tags = match change.action {
            BulkAction::Untag => had.iter().filter(|tag| !change.tags.contains(tag)).cloned().collect(),
            _ => sorted(had.iter().chain(&change.tags).cloned().collect()),
        };
        let outcome = match () {
            () if before.archived_at.is_some() => is_archived(&before.key),
            () if tags == had => Outcome::Unchanged,
            () if tags.len() > MOST => Outcome::Refused(format!("it would have more than {MOST} tags")),
            () => {
                let after =
                    flag::Model { version: before.version + 1, updated_at: tx.now(), ..before.clone() };
                store::update_flag(tx, &after).await?;
                store::replace_tags(tx, &after, tags.clone()).await?;
                let event = Event::flag_updated(Resource::new("flag", after.id, &after.key))
                    .documents(Some(definition(&before, &had)?), Some(definition(&after, &tags)?))
                    .comment(change.comment.clone());
                Outcome::Done(Box::new(event))
            }
        };
        outcomes.insert(before.key, outcome);
    }
    Ok(outcomes)
}
