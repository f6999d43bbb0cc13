//! One thing to many flags: one change, with an entry of the log and a result for each flag. What cannot be done to one
//! does not keep it from the others.

mod archive;
mod switch;
mod tag;

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Action;
use domain::flags::{BulkAction, BulkOutcome, BulkResult, BulkStatus, ChangeFlags, FlagsChange};
use domain::{FlagKey, ProjectId};
use entity::flag;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Flags;
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::Event;
use crate::{Actor, scope};

/// What came of one flag.
enum Outcome {
    Done(Box<Event>),
    Unchanged,
    Refused(String),
}

/// What came of each flag, by key.
type Outcomes = BTreeMap<String, Outcome>;

impl Flags<'_> {
    /// Does one thing to many flags. What is so already is left alone, and what cannot be done is told.
    ///
    /// # Errors
    /// When the actor may not do it at all, or what is asked for is against the rules.
    pub async fn change_many(&self, actor: &Actor, command: ChangeFlags) -> Result<BulkResult> {
        command.change.check()?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let action = match command.change.action {
            BulkAction::Enable => Action::EnableFlag,
            BulkAction::Disable => Action::KillFlag,
            BulkAction::Tag | BulkAction::Untag => Action::UpdateFlag,
            BulkAction::Archive => Action::ArchiveFlag,
        };
        let grant = self.0.grant(actor, action, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let keys = once_each(&command.change.keys);
                    let outcomes = change(tx, project.id, &keys, &command.change).await?;
                    Ok(finish(tx, keys, outcomes))
                })
            })
            .await
    }
}

async fn change(
    tx: &mut ChangeTx,
    project: ProjectId,
    keys: &[FlagKey],
    change: &FlagsChange,
) -> Result<Outcomes> {
    match change.action {
        BulkAction::Enable | BulkAction::Disable => switch::switch(tx, project, keys, change).await,
        BulkAction::Tag | BulkAction::Untag => tag::tag(tx, project, keys, change).await,
        BulkAction::Archive => archive::archive(tx, project, keys, change).await,
    }
}

/// The keys in their order, without those that were named before.
fn once_each(keys: &[FlagKey]) -> Vec<FlagKey> {
    let mut seen = BTreeSet::new();
    keys.iter().filter(|key| seen.insert(*key)).cloned().collect()
}

/// Writes what happened to each flag into the log, in the order in which they were named.
fn finish(tx: &mut ChangeTx, keys: Vec<FlagKey>, mut outcomes: Outcomes) -> (BulkResult, Event) {
    let mut events = Vec::new();
    let mut results = Vec::with_capacity(keys.len());
    for key in keys {
        let (status, reason) = match outcomes.remove(key.as_str()) {
            Some(Outcome::Done(event)) => {
                events.push(*event);
                (BulkStatus::Done, None)
            }
            Some(Outcome::Unchanged) => (BulkStatus::Unchanged, None),
            Some(Outcome::Refused(reason)) => (BulkStatus::Refused, Some(reason)),
            None => (BulkStatus::Refused, Some(format!("flag `{key}` not found"))),
        };
        results.push(BulkOutcome { key, status, reason });
    }
    let mut events = events.into_iter();
    let first = events.next().unwrap_or_else(|| {
        tx.abandon();
        Event::nothing()
    });
    let org_id = tx.org_id();
    events.for_each(|event| tx.also(org_id, event));
    (BulkResult { results }, first)
}

/// Locks flags with these keys, archived ones too.
async fn lock(tx: &ChangeTx, project: ProjectId, keys: &[FlagKey]) -> Result<Vec<flag::Model>> {
    let rows = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(tx.org_id()))
        .filter(flag::Column::ProjectId.eq(project))
        .filter(flag::Column::Key.is_in(keys.iter().map(FlagKey::as_str)))
        .order_by_asc(flag::Column::Id)
        .lock_exclusive()
        .all(tx.db())
        .await?;
    Ok(rows)
}

fn is_archived(key: &str) -> Outcome {
    Outcome::Refused(format!("the flag `{key}` is archived"))
}
