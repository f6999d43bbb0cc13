//! Flags.

use std::collections::BTreeMap;

use domain::transfer::FlagPart;
use domain::{FlagKey, UserId};
use entity::flag;

use super::{Apply, Done, in_environment};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::flags::check::Changed;
use crate::flags::create::Draft;
use crate::flags::definition::{Does, definition, first_definition};
use crate::flags::store::{self, Stored};
use crate::scope;

impl Apply {
    pub(super) async fn flags(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        done: &mut Done,
    ) -> Result<()> {
        let ended = store::last_versions(tx, self.project, "flag").await?;
        let mut created = Vec::new();
        for (key, part) in &self.after.flags {
            match (self.before.flags.get(key), self.rows.flags.get(key.as_str())) {
                (Some(before), Some(_)) if before == part => {}
                (Some(before), Some(row)) => {
                    self.update_flag(tx, environments, (row, before), part, done).await?;
                }
                _ => {
                    let version = ended.get(key.as_str()).map_or(1, |last| last + 1);
                    created.push((self.row(tx, key, part, version)?, part));
                }
            }
        }
        self.create_flags(tx, environments, &created, done).await
    }

    fn owner(&self, part: &FlagPart) -> Option<UserId> {
        let owner = part.owner.as_ref()?;
        self.members.get(&owner.to_lowercase()).map(|(id, _)| *id)
    }

    fn row(&self, tx: &ChangeTx, key: &FlagKey, part: &FlagPart, version: i64) -> Result<flag::Model> {
        let draft = Draft {
            project: self.project,
            key: key.clone(),
            name: part.name.clone(),
            description: part.description.clone(),
            kind: part.kind,
            value_type: part.value_type,
            client_side: part.client_side,
            variations: part.variations.clone(),
            tags: part.tags.clone(),
            owner: self.owner(part),
            temporary: part.temporary,
            expires_at: part.expires_at,
        };
        let archived_at = part.archived.then(|| tx.now());
        Ok(flag::Model { archived_at, ..draft.row(tx, version)? })
    }

    async fn create_flags(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        created: &[(flag::Model, &FlagPart)],
        done: &mut Done,
    ) -> Result<()> {
        let at = |key: &str| -> Result<Vec<_>> {
            created.iter().map(|(row, part)| stored_in(row, part, key, row.version)).collect()
        };
        let Some(first) = environments.first() else { return Ok(()) };
        store::insert_flags(tx, &at(&first.row.key)?).await?;
        for (row, part) in created {
            store::insert_tags(tx, row, part.tags.clone()).await?;
            let event = Event::flag_created(Resource::new("flag", row.id, &row.key));
            let document = first_definition(row, &part.tags, Does::Environments(&part.environments))?;
            done.events.push(event.documents(None, Some(document)));
        }
        for environment in environments {
            let (archived, active): (Vec<_>, Vec<_>) =
                at(&environment.row.key)?.into_iter().partition(|stored| stored.flag.archived_at.is_some());
            store::insert_many(tx, environment, &active).await?;
            store::insert_rows(tx, environment, &archived).await?;
            for stored in &active {
                done.flag(environment, stored)?;
            }
        }
        Ok(())
    }

    async fn update_flag(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        (row, before): (&flag::Model, &FlagPart),
        part: &FlagPart,
        done: &mut Done,
    ) -> Result<()> {
        let resource = || Resource::new("flag", row.id, &row.key);
        let archived_at = match (row.archived_at, part.archived) {
            (Some(at), true) => Some(at),
            (None, true) => Some(tx.now()),
            (_, false) => None,
        };
        let is_same = without_environments(before) == without_environments(part);
        let mut after = row.clone();
        if !is_same {
            // Whoever looked after it goes on to, a member or not.
            let owner_id = match before.owner == part.owner {
                true => row.owner_id,
                false => self.owner(part),
            };
            after = flag::Model {
                created_at: row.created_at,
                id: row.id,
                archived_at,
                owner_id,
                ..self.row(tx, &scope::stored(&row.key)?, part, row.version + 1)?
            };
            store::update_flag(tx, &after).await?;
            if before.tags != part.tags {
                store::replace_tags(tx, &after, part.tags.clone()).await?;
            }
            let event = match (before.archived, part.archived) {
                (false, true) => Event::flag_archived(resource()),
                (true, false) => Event::flag_restored(resource()),
                _ => Event::flag_updated(resource()),
            };
            let documents = (definition(row, &before.tags)?, definition(&after, &part.tags)?);
            done.events.push(event.documents(Some(documents.0), Some(documents.1)));
        }
        let is_served_otherwise = served(before) != served(part);
        for environment in environments {
            let Some(found) = self.rows.configurations.get(&(row.id, environment.row.id)) else {
                let stored = stored_in(&after, part, &environment.row.key, 1)?;
                match part.archived {
                    true => store::insert_rows(tx, environment, std::slice::from_ref(&stored)).await?,
                    false => {
                        store::insert(tx, environment, &stored).await?;
                        done.flag(environment, &stored)?;
                    }
                }
                continue;
            };
            let old = store::read(row, found)?;
            let new = stored_in(&after, part, &environment.row.key, old.version + 1)?;
            let is_configured = old.configuration != new.configuration;
            match (before.archived, part.archived) {
                (false, true) => {
                    store::withdraw(tx, environment, &after);
                    done.changed
                        .entry(environment.row.id)
                        .or_default()
                        .push(Changed::Flag(row.key.clone(), None));
                    if is_configured {
                        store::save_row(tx, environment, &new).await?;
                    }
                }
                (true, true) if is_configured => store::save_row(tx, environment, &new).await?,
                (true, true) => {}
                (true, false) | (false, false) if is_configured || is_served_otherwise || before.archived => {
                    store::save(tx, environment, &new).await?;
                    done.flag(environment, &new)?;
                }
                _ => {}
            }
            if is_configured {
                let event = Event::flag_configured(resource()).in_environment(environment.row.id);
                done.events.push(event.documents(Some(old.document()?), Some(new.document()?)));
            }
        }
        Ok(())
    }
}

impl Done {
    fn flag(&mut self, environment: &ChangingEnvironment, stored: &Stored) -> Result<()> {
        let changed = Changed::Flag(stored.flag.key.clone(), Some(stored.document()?));
        self.changed.entry(environment.row.id).or_default().push(changed);
        Ok(())
    }
}

/// A flag as it is to be in an environment. Every flag was given a configuration for each.
fn stored_in(row: &flag::Model, part: &FlagPart, environment: &str, version: i64) -> Result<Stored> {
    let configuration = in_environment(&part.environments, environment).cloned();
    let configuration = configuration.ok_or(Error::Invariant("an imported flag lacks a configuration"))?;
    Ok(Stored { flag: row.clone(), variations: part.variations.clone(), configuration, version })
}

/// What a flag is in all environments.
fn without_environments(part: &FlagPart) -> FlagPart {
    FlagPart { environments: BTreeMap::new(), ..part.clone() }
}

/// What evaluation heeds of what a flag is in all environments.
fn served(part: &FlagPart) -> impl PartialEq {
    (part.kind, part.client_side, part.variations.clone())
}
