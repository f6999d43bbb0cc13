use domain::access::Action;
use domain::flags::{FlagChanges, FlagView, UpdateFlag, check_lifetime, check_variations};
use domain::{Error as Refusal, FieldError, FlagKey, ProjectId};
use engine::ruleset::Variation;
use entity::flag;

use super::check::{Changed, faults};
use super::create::{expect_future, expect_member, sorted};
use super::definition::definition;
use super::store::{self, Lives, Stored};
use super::{Flags, read, view};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Flags<'_> {
    /// Changes what a flag is in all environments. What documents say of it reaches them all, and everything else none.
    /// What is so already changes nothing.
    ///
    /// # Errors
    /// When the actor may not, the changes are against the rules, the flag is archived, or another version is there than
    /// the one that the author saw.
    pub async fn update(&self, actor: &Actor, command: UpdateFlag) -> Result<FlagView> {
        domain::validate(&command.changes)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::UpdateFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let UpdateFlag { project: _, key, changes } = command;
                    update(tx, project.id, &key, changes).await
                })
            })
            .await
    }
}

/// Changes a flag within a change.
pub(super) async fn update(
    tx: &mut ChangeTx,
    project: ProjectId,
    key: &FlagKey,
    changes: FlagChanges,
) -> Result<(FlagView, Event)> {
    let before = lock(tx, project, key, changes.version).await?;
    let comment = changes.comment.clone();
    let old_tags = read::tags_of(tx.db(), &before).await?;
    let tags = changes.tags.clone().map_or_else(|| old_tags.clone(), sorted);
    let after = changed(tx, &before, changes).await?;
    if after == before && tags == old_tags {
        tx.project(project).await?;
        tx.abandon();
        return Ok((view::after(tx, &before).await?, Event::nothing()));
    }
    let is_served = (before.client_side, &before.variations) != (after.client_side, &after.variations);
    let after = flag::Model { version: before.version + 1, updated_at: tx.now(), ..after };
    match is_served {
        true => serve(tx, &before, &after).await?,
        false => tx.project(project).await?,
    }
    store::update_flag(tx, &after).await?;
    if tags != old_tags {
        store::replace_tags(tx, &after, tags.clone()).await?;
    }
    let event = Event::flag_updated(Resource::new("flag", after.id, key))
        .documents(Some(definition(&before, &old_tags)?), Some(definition(&after, &tags)?))
        .comment(comment);
    Ok((view::after(tx, &after).await?, event))
}

/// Locks a flag that is not archived, in the version that the author saw.
async fn lock(tx: &ChangeTx, project: ProjectId, key: &FlagKey, seen: Option<i64>) -> Result<flag::Model> {
    let flag = store::lock_flag(tx, project, key, Lives::Either).await?;
    if flag.archived_at.is_some() {
        return Err(Refusal::conflict(format!("the flag `{key}` is archived: restore it first")).into());
    }
    match seen {
        Some(seen) if seen != flag.version => {
            let message = format!("`{key}` was changed in the meantime");
            Err(Refusal::Conflict { message, seen: Some(seen), current: Some(flag.version) }.into())
        }
        _ => Ok(flag),
    }
}

/// The flag with what is to be otherwise.
async fn changed(tx: &ChangeTx, before: &flag::Model, changes: FlagChanges) -> Result<flag::Model> {
    let FlagChanges {
        name,
        description,
        tags: _,
        owner,
        temporary,
        expires_at,
        client_side,
        variations,
        version: _,
        comment: _,
    } = changes;
    let mut after = before.clone();
    if let Some(name) = name {
        after.name_lower = name.to_lowercase();
        after.name = name;
    }
    if let Some(description) = description {
        after.description_lower = description.to_lowercase();
        after.description = description;
    }
    if let Some(owner) = owner {
        after.owner_id = match owner {
            Some(owner) if before.owner_id != Some(owner) => Some(expect_member(tx, owner).await?),
            owner => owner,
        };
    }
    if let Some(temporary) = temporary {
        after.temporary = temporary;
        after.expires_at = after.expires_at.filter(|_| temporary);
    }
    if let Some(expires_at) = expires_at {
        check_lifetime(after.temporary, expires_at)?;
        if expires_at != before.expires_at {
            expect_future(tx, expires_at)?;
        }
        after.expires_at = expires_at;
    }
    if let Some(client_side) = client_side {
        after.client_side = client_side;
    }
    if let Some(variations) = variations {
        check_variations(&variations, store::value_type(&before.value_type)?)?;
        let had: Vec<Variation> = store::read_json(&before.variations, || "the variations".to_owned())?;
        // Written as before where they are the same, however that was.
        if had != variations {
            after.variations = store::write_json(&variations)?;
        }
    }
    Ok(after)
}

/// Writes a flag's documents in every environment.
async fn serve(tx: &mut ChangeTx, before: &flag::Model, after: &flag::Model) -> Result<()> {
    let environments = tx.environments(before.project_id).await?;
    let variations: Vec<Variation> = store::read_json(&after.variations, || "the variations".to_owned())?;
    let stored = store::lock_configurations(tx, before, &environments).await?;
    let next = stored.into_iter().map(|had| {
        let variations = variations.clone();
        let version = had.version + 1;
        (had.variations, Stored { flag: after.clone(), variations, version, ..had })
    });
    let next: Vec<(Vec<Variation>, Stored)> = next.collect();
    let mut details = Vec::new();
    for (environment, (had, stored)) in environments.iter().zip(&next) {
        if lacks_some(&stored.variations, had) {
            details.extend(still_used(tx, environment, stored).await?);
        }
    }
    Refusal::refuse(details)?;
    for (environment, (_, stored)) in environments.iter().zip(&next) {
        store::save(tx, environment, stored).await?;
    }
    Ok(())
}

fn lacks_some(variations: &[Variation], had: &[Variation]) -> bool {
    had.iter().any(|had| !variations.iter().any(|variation| variation.key == had.key))
}

/// Where an environment uses variations that the flag is not to have any more: its own configuration there, and flags
/// that need it.
async fn still_used(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<Vec<FieldError>> {
    let used = |what: String| FieldError {
        path: "variations".to_owned(),
        message: format!("one that is left out is used in `{}`: {what}", environment.row.key),
    };
    if let Err(Refusal::Invalid { details }) = stored.configuration.check(&stored.variations) {
        return Ok(details.iter().map(|it| used(format!("{}: {}", it.path, it.message))).collect());
    }
    let changes = vec![Changed::Flag(stored.flag.key.clone(), Some(stored.document()?))];
    let faults = faults(tx, environment, changes).await?;
    let others = faults.iter().filter(|fault| fault.key != stored.flag.key);
    Ok(others.map(|fault| used(fault.to_string())).collect())
}
