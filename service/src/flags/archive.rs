use std::collections::BTreeSet;

use domain::access::Action;
use domain::flags::{ArchiveFlag, FlagView};
use domain::{Error as Refusal, FieldError, FlagKey};
use engine::Subject;
use entity::flag;

use super::check::{Changed, faults};
use super::definition::definition;
use super::store::{self, Lives, Stored};
use super::{Flags, read, view};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Flags<'_> {
    /// Archives a flag: no environment serves it any more. What it does everywhere is kept for the day that it is
    /// restored.
    ///
    /// # Errors
    /// When the actor may not, the flag does not exist or is archived, or other flags need it.
    pub async fn archive(&self, actor: &Actor, command: ArchiveFlag) -> Result<FlagView> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ArchiveFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let ArchiveFlag { project: _, key, comment } = command;
                    let environments = tx.environments(project.id).await?;
                    let before = store::lock_flag(tx, project.id, &key, Lives::Either).await?;
                    if before.archived_at.is_some() {
                        return Err(Refusal::conflict(format!("the flag `{key}` is archived already")).into());
                    }
                    let needed_by = needed_by(tx, &environments, &key).await?;
                    if !needed_by.is_empty() {
                        let message = format!("`{key}` is a prerequisite of {}", quoted(&needed_by));
                        return Err(Refusal::conflict(message).into());
                    }
                    let (after, event) = archive(tx, &environments, before, comment).await?;
                    Ok((view::after(tx, &after).await?, event))
                })
            })
            .await
    }

    /// Restores an archived flag: it is served again in every environment, as it was.
    ///
    /// # Errors
    /// When the actor may not, the flag does not exist or is not archived, or what it refers to is gone.
    pub async fn restore(&self, actor: &Actor, command: ArchiveFlag) -> Result<FlagView> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ArchiveFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let ArchiveFlag { project: _, key, comment } = command;
                    let environments = tx.environments(project.id).await?;
                    let before = store::lock_flag(tx, project.id, &key, Lives::Either).await?;
                    if before.archived_at.is_none() {
                        return Err(Refusal::conflict(format!("the flag `{key}` is not archived")).into());
                    }
                    let after = next(tx, &before, None);
                    store::update_flag(tx, &after).await?;
                    let stored = store::lock_configurations(tx, &after, &environments).await?;
                    for (environment, had) in environments.iter().zip(stored) {
                        let stored = Stored { version: had.version + 1, ..had };
                        expect_whole(tx, environment, &stored).await?;
                        store::save(tx, environment, &stored).await?;
                    }
                    let tags = read::tags_of(tx.db(), &after).await?;
                    let event = Event::flag_restored(Resource::new("flag", after.id, &key))
                        .documents(Some(definition(&before, &tags)?), Some(definition(&after, &tags)?))
                        .comment(comment);
                    Ok((view::after(tx, &after).await?, event))
                })
            })
            .await
    }
}

/// Archives a flag within a change. Whoever calls has asked who needs it.
pub(super) async fn archive(
    tx: &mut ChangeTx,
    environments: &[ChangingEnvironment],
    before: flag::Model,
    comment: Option<String>,
) -> Result<(flag::Model, Event)> {
    let after = next(tx, &before, Some(tx.now()));
    store::update_flag(tx, &after).await?;
    for environment in environments {
        store::withdraw(tx, environment, &after);
    }
    let tags = read::tags_of(tx.db(), &after).await?;
    let event = Event::flag_archived(Resource::new("flag", after.id, &after.key))
        .documents(Some(definition(&before, &tags)?), Some(definition(&after, &tags)?))
        .comment(comment);
    Ok((after, event))
}

fn next(tx: &ChangeTx, flag: &flag::Model, archived_at: Option<domain::Millis>) -> flag::Model {
    flag::Model { archived_at, version: flag.version + 1, updated_at: tx.now(), ..flag.clone() }
}

/// The flags that could not be evaluated any more without this one.
async fn needed_by(
    tx: &ChangeTx,
    environments: &[ChangingEnvironment],
    key: &FlagKey,
) -> Result<BTreeSet<String>> {
    let mut needed_by = BTreeSet::new();
    for environment in environments {
        let found = faults(tx, environment, vec![Changed::Flag(key.to_string(), None)]).await?;
        needed_by.extend(found.into_iter().filter(|it| it.subject == Subject::Flag).map(|it| it.key));
    }
    Ok(needed_by)
}

/// Keys as a sentence names them.
pub(super) fn quoted(keys: &BTreeSet<String>) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

/// Refuses what evaluation would leave out, because what the flag refers to went while it was archived.
async fn expect_whole(tx: &ChangeTx, environment: &ChangingEnvironment, stored: &Stored) -> Result<()> {
    let Err(error) = stored.check_compiles(tx, environment).await else { return Ok(()) };
    let Error::Refused(Refusal::Invalid { details }) = error else { return Err(error) };
    let line = |FieldError { path, message }: &FieldError| format!("{path}: {message}");
    let why = details.iter().map(line).collect::<Vec<_>>().join("; ");
    let message = format!("`{}` does not fit `{}` any more: {why}", stored.flag.key, environment.row.key);
    Err(Refusal::conflict(message).into())
}
