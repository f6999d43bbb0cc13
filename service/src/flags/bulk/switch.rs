use std::collections::BTreeMap;

use domain::flags::{BulkAction, Configuration, FlagsChange};
use domain::{Error as Refusal, FlagKey, ProjectId};

use super::super::recover;
use super::super::store::{self, Stored};
use super::{Outcome, Outcomes, is_archived, lock};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::{Error, Result};
use crate::event::{Event, Resource};

/// Switches flags on or off in one environment.
pub(super) async fn switch(
    tx: &mut ChangeTx,
    project: ProjectId,
    keys: &[FlagKey],
    change: &FlagsChange,
) -> Result<Outcomes> {
    let named = change.environment.as_ref().ok_or_else(|| Refusal::invalid("environment", "is needed"))?;
    let environment = tx.environment(project, named).await?;
    let enabled = change.action == BulkAction::Enable;
    let mut outcomes = Outcomes::new();
    for flag in lock(tx, project, keys).await?.into_iter().filter(|flag| flag.archived_at.is_some()) {
        let refused = is_archived(&flag.key);
        outcomes.insert(flag.key, refused);
    }
    for (key, before) in lock_each(tx, project, keys, &environment, &mut outcomes, enabled).await? {
        if before.configuration.enabled == enabled {
            outcomes.insert(key, Outcome::Unchanged);
            continue;
        }
        let configuration = Configuration { enabled, ..before.configuration.clone() };
        let after = Stored { configuration, version: before.version + 1, ..before.clone() };
        store::save(tx, &environment, &after).await?;
        let resource = Resource::new("flag", after.flag.id, &key);
        let event = if enabled { Event::flag_enabled(resource) } else { Event::flag_killed(resource) };
        let event = event
            .in_environment(environment.row.id)
            .comment(change.comment.clone())
            .documents(Some(before.document()?), Some(after.document()?));
        outcomes.insert(key, Outcome::Done(Box::new(event)));
    }
    Ok(outcomes)
}

/// Locks the flags that are served. One that cannot be read keeps no other from being switched, and is switched off all the
/// same.
async fn lock_each(
    tx: &ChangeTx,
    project: ProjectId,
    keys: &[FlagKey],
    environment: &ChangingEnvironment,
    outcomes: &mut Outcomes,
    enabled: bool,
) -> Result<BTreeMap<String, Stored>> {
    match store::lock_many(tx, project, environment, Some(keys)).await {
        Err(Error::Corrupt { .. }) => {}
        found => return found,
    }
    let mut found = BTreeMap::new();
    for key in keys {
        if outcomes.contains_key(key.as_str()) {
            continue;
        }
        let one = match enabled {
            true => store::lock(tx, project, key, environment).await,
            false => recover::lock(tx, project, key, environment).await,
        };
        match one {
            Ok(stored) => drop(found.insert(key.to_string(), stored)),
            Err(Error::Corrupt { .. }) => {
                let reason = format!("what `{key}` does cannot be read");
                outcomes.insert(key.to_string(), Outcome::Refused(reason));
            }
            // It is told of as missing.
            Err(Error::Refused(Refusal::NotFound { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
