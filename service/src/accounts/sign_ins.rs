//! A person's sessions, as they see them.

use domain::access::Action;
use domain::accounts::SessionView;
use domain::{Error as Refusal, Millis, SignInId, UserId};
use entity::sign_in;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::Accounts;
use super::authenticate::{SESSION_IDLE_MS, SESSION_LASTS_MS};
use crate::Actor;
use crate::actor::Place;
use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};

impl Accounts<'_> {
    /// A person's sessions, the newest first.
    ///
    /// # Errors
    /// When nobody is signed in, or the database fails.
    pub async fn sign_ins(&self, actor: &Actor) -> Result<Vec<SessionView>> {
        let own = sign_in::Entity::find()
            .filter(sign_in::Column::UserId.eq(actor.account()?.id))
            .filter(live(self.0.now()));
        let rows = own.order_by_desc(sign_in::Column::Id).all(self.0.reader()).await?;
        let view = |row: sign_in::Model| SessionView {
            is_current: actor.session() == Some(row.id),
            id: row.id,
            device: row.device,
            address: row.address,
            signed_in_at: row.signed_in_at,
            last_used_at: row.last_used_at,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Ends one of a person's sessions.
    ///
    /// # Errors
    /// When the actor may not, or has no such session.
    pub async fn end_session(&self, actor: &Actor, id: SignInId) -> Result<()> {
        let user_id = actor.account()?.id;
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    let row = sign_in::Entity::find()
                        .filter(sign_in::Column::Id.eq(id))
                        .filter(sign_in::Column::UserId.eq(user_id))
                        .one(tx.db())
                        .await?
                        .ok_or_else(|| Refusal::not_found("session"))?;
                    sign_in::Entity::delete_by_id(row.session_id).exec(tx.db()).await?;
                    tx.ends_access();
                    Ok(((), Event::sessions_ended(Resource::new("session", id, user_id))))
                })
            })
            .await
    }

    /// Ends the session that asks, where it is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_own_session(&self, actor: &Actor) -> Result<()> {
        match actor.session() {
            Some(id) => match self.end_session(actor, id).await {
                // Somebody else may have ended it since.
                Err(Error::Refused(Refusal::NotFound { .. } | Refusal::Unauthenticated)) => Ok(()),
                result => result,
            },
            None => Ok(()),
        }
    }

    /// Ends all of a person's sessions but the one that asks.
    ///
    /// # Errors
    /// When the actor may not, or the database fails.
    pub async fn end_other_sessions(&self, actor: &Actor) -> Result<()> {
        let (user_id, current) = (actor.account()?.id, actor.session());
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    end_all(tx, user_id, current).await?;
                    Ok(((), Event::sessions_ended(Resource::new("session", "", user_id))))
                })
            })
            .await
    }

    pub(super) async fn delete_ended_sign_ins(&self) -> Result<()> {
        let ended = live(self.0.now()).not();
        sign_in::Entity::delete_many().filter(ended).exec(self.0.database().writer()).await?;
        Ok(())
    }
}

/// Those that are neither too old nor unused for too long.
pub(crate) fn live(now: Millis) -> Condition {
    Condition::all()
        .add(sign_in::Column::SignedInAt.gt(now.plus(-SESSION_LASTS_MS)))
        .add(sign_in::Column::LastUsedAt.gt(now.plus(-SESSION_IDLE_MS)))
}

/// Ends all of a person's sessions, but one if it is named.
pub(super) async fn end_all(tx: &mut ChangeTx, user_id: UserId, but: Option<SignInId>) -> Result<()> {
    let mut ended = sign_in::Entity::delete_many().filter(sign_in::Column::UserId.eq(user_id));
    if let Some(but) = but {
        ended = ended.filter(sign_in::Column::Id.ne(but));
    }
    ended.exec(tx.db()).await?;
    tx.ends_access();
    Ok(())
}
