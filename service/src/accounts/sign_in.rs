use domain::access::Action;
use domain::accounts::SignIn;
use domain::{Error as Refusal, Millis, SignInId, UserId};
use entity::{password as password_row, sign_in, user_account};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use tower_sessions::session::Id;

use super::sessions::stored_id;
use super::{Accounts, device, password};
use crate::Actor;
use crate::actor::{Place, Via};
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
        let found = self.find_password(&email).await?;
        let hash = found.as_ref().map(|(_, hash, _)| hash.clone());
        let verdict = password::verify(command.password.clone(), hash).await?;
        let Some((user_id, _, changed_at)) = found.filter(|_| verdict.is_right) else {
            self.record_failure(asker, &email).await?;
            return Err(Refusal::BadCredentials.into());
        };
        self.0.forget_attempts(&email, address).await?;
        if verdict.is_outdated {
            let hash = password::hash(command.password).await?;
            // The same password, so it was chosen when it was.
            password_row::Entity::update_many()
                .col_expr(password_row::Column::Hash, Expr::value(hash))
                .filter(password_row::Column::UserId.eq(user_id))
                .filter(password_row::Column::ChangedAt.eq(changed_at))
                .exec(self.0.database().writer())
                .await?;
        }
        Ok(self.load(user_id, Via::Password(changed_at)).await?.from_where(asker))
    }

    /// The account with this address, its password's hash and when it was chosen, where it has both: in one query, so that
    /// this takes as long for every address.
    async fn find_password(&self, email: &str) -> Result<Option<(UserId, String, Millis)>> {
        let of_user = password_row::Entity::belongs_to(user_account::Entity)
            .from(password_row::Column::UserId)
            .to(user_account::Column::Id)
            .into();
        let found = password_row::Entity::find()
            .select_only()
            .columns([
                password_row::Column::UserId,
                password_row::Column::Hash,
                password_row::Column::ChangedAt,
            ])
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
    /// When the account is gone, the password that proved who it is was changed in the meantime, or the database fails.
    pub async fn begin_session(&self, actor: &Actor, session: &Id, before: Option<&Id>) -> Result<SignInId> {
        let (user_id, chosen_at) = (actor.account()?.id, actor.password_of());
        let origin = actor.origin();
        let device = device::name(origin.and_then(|origin| origin.user_agent.as_deref()).unwrap_or_default());
        let address = origin.and_then(|origin| origin.address.clone());
        let (session_id, before) = (stored_id(session), before.map(stored_id));
        let grant = self.0.grant(actor, Action::SignIn, Place::Instance).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    if let Some(chosen_at) = chosen_at {
                        let password = password_row::Entity::find_by_id(user_id).one(tx.db()).await?;
                        let same = password.filter(|password| password.changed_at == chosen_at);
                        same.ok_or(Refusal::BadCredentials)?;
                    }
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
        chain.append(&tx, vec![Entry::about(self.0.now(), asker, event, email)]).await?;
        Ok(tx.commit().await?)
    }
}
