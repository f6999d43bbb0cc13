use domain::access::Action;
use domain::accounts::SignIn;
use domain::{Error as Refusal, SignInId, UserId};
use entity::{password as password_row, sign_in, user_account};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use tower_sessions::session::Id;

use super::sessions::stored_id;
use super::{Accounts, device, password, sign_up};
use crate::Actor;
use crate::actor::Place;
use crate::audit::{Chain, Entry};
use crate::error::Result;
use crate::event::{Event, Resource};

impl Accounts<'_> {
    /// Proves who somebody is by their password. What is told of a failure, and how long it takes, is the same whether
    /// there is such an account or not.
    ///
    /// # Errors
    /// [`Refusal::BadCredentials`]; [`Refusal::TooMany`] after too many attempts on the account or from the address; when
    /// local accounts are off, or the database fails.
    pub async fn check_password(&self, asker: &Actor, command: SignIn) -> Result<Actor> {
        domain::validate(&command)?;
        if !self.0.settings().local_accounts {
            let reason = "this instance has no accounts with passwords: sign in through a provider";
            return Err(Refusal::Forbidden { reason: reason.to_owned() }.into());
        }
        let email = command.email.trim().to_lowercase();
        let address = asker.origin().and_then(|origin| origin.address.as_deref());
        self.0.attempt(&email, address).await?;
        let (user_id, hash) = self.find_password(&email).await?.unzip();
        let verdict = password::verify(command.password.clone(), hash).await?;
        let Some(user_id) = user_id.filter(|_| verdict.is_right) else {
            self.record_failure(asker, &email).await?;
            return Err(Refusal::BadCredentials.into());
        };
        self.0.forget_attempts(&email, address).await?;
        if verdict.is_outdated {
            let hash = password::hash(command.password).await?;
            sign_up::write_password(self.0.database().writer(), user_id, hash, self.0.now()).await?;
        }
        Ok(self.actor(user_id).await?.from_where(asker))
    }

    /// The account with this address and its password's hash, where it has both: in one query, so that this takes as long
    /// for every address.
    async fn find_password(&self, email: &str) -> Result<Option<(UserId, String)>> {
        let of_user = password_row::Entity::belongs_to(user_account::Entity)
            .from(password_row::Column::UserId)
            .to(user_account::Column::Id)
            .into();
        let found = password_row::Entity::find()
            .select_only()
            .columns([password_row::Column::UserId, password_row::Column::Hash])
            .join(JoinType::InnerJoin, of_user)
            .filter(user_account::Column::EmailLower.eq(email))
            .into_tuple()
            .one(self.0.reader())
            .await?;
        Ok(found)
    }

    /// Makes a session that of somebody who proved who they are. The session must have a new id; under the one that it
    /// had before it ends.
    ///
    /// # Errors
    /// When the account is gone, or the database fails.
    pub async fn begin_session(&self, actor: &Actor, session: &Id, before: Option<&Id>) -> Result<SignInId> {
        let user_id = actor.account()?.id;
        let origin = actor.origin();
        let device = device::name(origin.and_then(|origin| origin.user_agent.as_deref()).unwrap_or_default());
        let address = origin.and_then(|origin| origin.address.clone());
        let (session_id, before) = (stored_id(session), before.map(stored_id));
        let grant = self.0.grant(actor, Action::SignIn, Place::Instance).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    if let Some(before) = before {
                        sign_in::Entity::delete_by_id(before).exec(tx.db()).await?;
                    }
                    let id: SignInId = tx.new_id();
                    let row = sign_in::ActiveModel {
                        session_id: Set(session_id),
                        id: Set(id),
                        user_id: Set(user_id),
                        device: Set(device),
                        address: Set(address),
                        signed_in_at: Set(tx.now()),
                        last_used_at: Set(tx.now()),
                    };
                    sign_in::Entity::insert(row).exec_without_returning(tx.db()).await?;
                    Ok((id, Event::user_signed_in(Resource::new("session", id, user_id))))
                })
            })
            .await
    }

    /// Writes into the instance's log that somebody failed to sign in. The address that they typed is beside it.
    async fn record_failure(&self, asker: &Actor, email: &str) -> Result<()> {
        let tx = self.0.database().begin().await?;
        let mut chain = Chain::lock(&tx, Place::Instance.org_id()).await?;
        let event = Event::sign_in_failed(Resource::new("user", "", ""));
        chain.append(&tx, Entry::about(self.0.now(), asker, event, email)).await?;
        Ok(tx.commit().await?)
    }
}
