//! A person's sessions, as they see them.

use domain::access::Action;
use domain::accounts::SessionView;
use domain::{Error as Refusal, Millis, SignInId, UserId};
use entity::{session, sign_in};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Accounts;
use super::authenticate::SESSION_LASTS_MS;
use crate::Actor;
use crate::actor::Place;
use crate::error::Result;
use crate::event::{Event, Resource};

impl Accounts<'_> {
    /// A person's sessions, the newest first.
    ///
    /// # Errors
    /// When nobody is signed in, or the database fails.
    pub async fn sign_ins(&self, actor: &Actor) -> Result<Vec<SessionView>> {
        let own = sign_in::Entity::find()
            .filter(sign_in::Column::UserId.eq(actor.account()?.id))
            .filter(sign_in::Column::SessionId.in_subquery(live(self.0.now())))
            .filter(sign_in::Column::SignedInAt.gt(self.0.now().plus(-SESSION_LASTS_MS)));
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
                    session::Entity::delete_by_id(row.session_id).exec(tx.db()).await?;
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
            Some(id) => self.end_session(actor, id).await,
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
                    end_all(tx.db(), user_id, current).await?;
                    Ok(((), Event::sessions_ended(Resource::new("session", "", user_id))))
                })
            })
            .await
    }
}

/// The sessions that did not expire.
pub(super) fn live(now: Millis) -> SelectStatement {
    let mut live = Query::select();
    live.column(session::Column::Id).from(session::Entity).and_where(session::Column::ExpiresAt.gt(now));
    live
}

/// Ends all of a person's sessions, but one if it is named.
pub(super) async fn end_all(db: &impl ConnectionTrait, user_id: UserId, but: Option<SignInId>) -> Result<()> {
    let mut ended = Query::select();
    ended.column(sign_in::Column::SessionId).from(sign_in::Entity);
    ended.and_where(sign_in::Column::UserId.eq(user_id));
    if let Some(but) = but {
        ended.and_where(sign_in::Column::Id.ne(but));
    }
    session::Entity::delete_many().filter(session::Column::Id.in_subquery(ended)).exec(db).await?;
    Ok(())
}
