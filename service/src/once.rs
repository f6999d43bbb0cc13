//! Requests that may be sent twice, because the first answer did not arrive: what was answered is kept with what was
//! done, in the same transaction.

use domain::{Error as Refusal, OrgId};
use entity::answered_request::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Services;
use crate::actor::Grant;
use crate::change::{ChangeTx, Work};
use crate::error::{Error, Result};
use crate::event::Event;

/// How long an answer is kept, in milliseconds: a day.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// What tells a request that is sent again from another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// What the sender chose, see the header `Idempotency-Key`.
    pub key: String,
    /// A digest of all that the request says.
    pub digest: String,
}

/// An answer that can be given again.
pub(crate) trait Replay: Serialize + DeserializeOwned + Send + 'static {
    /// Leaves out what is told once.
    fn forget_secrets(&mut self) {}
}

impl Services {
    /// Makes a change that creates something; for a request that was answered before it gives that answer again, and
    /// changes nothing.
    pub(crate) async fn create<T, F>(&self, grant: Grant, work: F) -> Result<T>
    where
        T: Replay + Clone,
        F: for<'t> FnOnce(&'t mut ChangeTx) -> Work<'t, T> + Send + 'static,
    {
        let Some(once) = grant.actor().once().cloned() else { return self.change(grant, work).await };
        self.change(grant, move |tx| {
            Box::pin(async move {
                // Where no organization is, the person is locked: two that arrive at once wait for each other.
                if let (OrgId::INSTANCE, Some(person)) = (tx.org_id(), tx.person()) {
                    tx.lock_account(person).await?;
                }
                if let Some(answer) = find(tx, &once).await? {
                    tx.abandon();
                    return Ok((answer, Event::nothing()));
                }
                let place = tx.org_id();
                let (output, event) = work(tx).await?;
                keep(tx, place, once, output.clone()).await?;
                Ok((output, event))
            })
        })
        .await
    }
}

/// What was answered before. The organization or the person is locked, so nobody answers in the meantime.
async fn find<T: Replay>(tx: &ChangeTx, once: &Once) -> Result<Option<T>> {
    let Some(person) = tx.person() else { return Ok(None) };
    let id = (tx.org_id(), person, once.key.clone());
    let row = Entity::find_by_id(id).filter(Column::At.gt(tx.now().0 - KEPT_MS)).one(tx.db()).await?;
    let Some(row) = row else { return Ok(None) };
    if row.digest != once.digest {
        let message = "this Idempotency-Key was sent with another request";
        return Err(Refusal::conflict(message).into());
    }
    let corrupt = |source| Error::Corrupt { what: "an answer that was kept".into(), source };
    serde_json::from_str(&row.answer).map(Some).map_err(corrupt)
}

/// Keeps what was answered where it was asked: whoever creates an organization asks the instance.
async fn keep<T: Replay>(tx: &ChangeTx, place: OrgId, once: Once, mut answer: T) -> Result<()> {
    let Some(user_id) = tx.person() else { return Ok(()) };
    answer.forget_secrets();
    Entity::delete_many()
        .filter(Column::OrgId.eq(place))
        .filter(Column::At.lte(tx.now().0 - KEPT_MS))
        .exec(tx.db())
        .await?;
    let answer = serde_json::to_string(&answer)
        .map_err(|source| Error::Corrupt { what: "an answer to be kept".into(), source })?;
    let row = Model { org_id: place, user_id, key: once.key, digest: once.digest, answer, at: tx.now() };
    Entity::insert(row.into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Forgets what was answered in an organization, which is deleted, and to whoever created it.
pub(crate) async fn forget_organization(tx: &ChangeTx, org_id: OrgId) -> Result<()> {
    Entity::delete_many().filter(Column::OrgId.eq(org_id)).exec(tx.db()).await?;
    forget_mentions(tx.db(), &org_id.to_string()).await
}

/// Forgets the answers that tell of something by its id, because it is erased.
pub(crate) async fn forget_mentions(db: &impl ConnectionTrait, id: &str) -> Result<()> {
    Entity::delete_many().filter(Column::Answer.contains(id)).exec(db).await?;
    Ok(())
}

impl Services {
    /// Forgets what was answered too long ago to be given again.
    pub(crate) async fn forget_old_answers(&self) -> Result<()> {
        let old = Column::At.lte(self.now().0 - KEPT_MS);
        Entity::delete_many().filter(old).exec(self.database().writer()).await?;
        Ok(())
    }
}
