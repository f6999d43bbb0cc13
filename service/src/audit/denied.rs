//! Refused attempts: entries in the audit log that come without a change, as failed sign-ins do.

use std::collections::HashMap;
use std::sync::Mutex;

use domain::access::Action;
use domain::{Error as Refusal, Millis, OrgId};
use entity::organization;
use sea_orm::{EntityTrait, QuerySelect};

use super::{Chain, Entry};
use crate::Services;
use crate::actor::{Actor, Grant, Place};
use crate::error::{Result, causes};
use crate::event::{Event, Resource};

/// One entry a minute for each actor, action and chain: enough to see it, too little to fill a disk with.
const INTERVAL_MS: i64 = 60_000;

/// How many of them are remembered. Beyond it the memory starts anew, at the price of an entry too many.
const REMEMBERED: usize = 10_000;

/// When each actor was last refused each action, for each chain: what is refused in one organization must not hide what
/// is refused in the next.
#[derive(Default)]
pub(crate) struct Denials(Mutex<HashMap<Attempt, Millis>>);

type Attempt = (String, Action, OrgId);

impl Denials {
    /// Forgets one that could not be recorded, so that the next one is.
    fn forget(&self, attempt: &Attempt) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(attempt);
    }

    fn is_due(&self, attempt: Attempt, now: Millis) -> bool {
        let mut last = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.len() >= REMEMBERED {
            last.clear();
        }
        match last.get(&attempt) {
            Some(before) if now.0 - before.0 < INTERVAL_MS => false,
            _ => {
                last.insert(attempt, now);
                true
            }
        }
    }
}

impl Services {
    /// Proves that an actor may do something; a refusal is recorded.
    pub(crate) async fn grant(&self, actor: &Actor, action: Action, place: Place) -> Result<Grant> {
        match actor.authorize(action, place) {
            Ok(grant) => Ok(grant),
            Err(refusal) => {
                if let Refusal::Forbidden { .. } = refusal {
                    self.record_denial(actor, action, place).await;
                }
                Err(refusal.into())
            }
        }
    }

    /// Records that an actor was refused. Failing to is logged, and changes nothing for the actor.
    pub(crate) async fn record_denial(&self, actor: &Actor, action: Action, place: Place) {
        let now = self.now();
        let (_, name) = actor.audit_name();
        let attempt = (name, action, place.org_id());
        if !self.inner.denials.is_due(attempt.clone(), now) {
            return;
        }
        if let Err(error) = self.append_denial(actor, action, place).await {
            tracing::error!(error.causes = causes(&error), "a denied attempt could not be recorded");
            self.inner.denials.forget(&attempt);
        }
    }

    async fn append_denial(&self, actor: &Actor, action: Action, place: Place) -> Result<()> {
        let tx = self.database().begin().await?;
        if let Place::Organization(id) = place {
            // One that was deleted in the meantime gets no new chain.
            let found = organization::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
            if found.is_none() {
                return Ok(());
            }
        }
        let mut chain = Chain::lock(&tx, place.org_id()).await?;
        let resource = Resource::new("action", format!("{action:?}"), action.describe());
        let entry = Entry::new(self.now(), actor, Event::denied(resource), None);
        chain.append(&tx, vec![entry]).await?;
        Ok(tx.commit().await?)
    }
}
