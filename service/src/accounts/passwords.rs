//! Changing a password, and choosing one by a link where the old one is lost.

use domain::access::Action;
use domain::accounts::{ChangePassword, Person, ResetPassword};
use domain::{Error as Refusal, Millis};
use entity::{account_link, identity, password as password_row, personal_token, user_account};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use super::authenticate::person;
use super::{Accounts, password, sign_ins, sign_up};
use crate::actor::Place;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, random_token};

/// What the hash of a link's token is made for.
const KIND: &str = "reset link";

/// How long a link to choose a new password is good.
const LINK_LASTS_MS: i64 = 60 * 60 * 1000;

impl Accounts<'_> {
    /// Changes one's password, or sets the first one. All other sessions end.
    ///
    /// # Errors
    /// When local accounts are off, the current password is missing or wrong, or the new one is against the rules.
    pub async fn change_password(&self, actor: &Actor, command: ChangePassword) -> Result<()> {
        domain::validate(&command)?;
        let person = actor.account()?.clone();
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        if !self.0.settings().local_accounts {
            let reason = "this instance has no accounts with passwords".to_owned();
            return Err(Refusal::Forbidden { reason }.into());
        }
        let stored = password_row::Entity::find_by_id(person.id).one(self.0.reader()).await?;
        if let Some(stored) = stored {
            let Some(current) = command.current else {
                return Err(Refusal::invalid("current", "the password so far is needed").into());
            };
            self.0.attempt(&person.email, None).await?;
            if !password::verify(current, Some(stored.hash)).await?.is_right {
                return Err(Refusal::invalid("current", "this is not your password").into());
            }
            self.0.forget_attempts(&person.email, None).await?;
        }
        let known = vec![person.email, person.name];
        password::check_strength("new", command.new.clone(), known).await?;
        let hash = password::hash(command.new).await?;
        let (user_id, current) = (person.id, actor.session());
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    sign_up::write_password(tx.db(), user_id, hash, tx.now()).await?;
                    sign_ins::end_all(tx.db(), user_id, current).await?;
                    Ok(((), Event::password_changed(Resource::new("user", user_id, user_id))))
                })
            })
            .await
    }

    /// Makes a link by which a person chooses a new password: its token, and until when it is good. Links from before end.
    ///
    /// # Errors
    /// When the actor is not the instance's operator, or nobody has this address.
    pub async fn make_reset_link(&self, actor: &Actor, email: &str) -> Result<(String, Millis)> {
        let grant = self.0.grant(actor, Action::MakeResetLink, Place::Instance).await?;
        let email = email.trim().to_lowercase();
        let secrets = self.0.secrets().clone();
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let user = user_account::Entity::find()
                        .filter(user_account::Column::EmailLower.eq(email))
                        .lock_exclusive()
                        .one(tx.db())
                        .await?
                        .ok_or_else(|| Refusal::not_found("account"))?;
                    delete_links(tx.db(), user.id).await?;
                    let token = random_token();
                    let expires_at = tx.now().plus(LINK_LASTS_MS);
                    let row = account_link::ActiveModel {
                        hash: Set(secrets.token_hash(KIND, &token)),
                        hmac_key_id: Set(secrets.key_id().to_owned()),
                        user_id: Set(user.id),
                        purpose: Set("reset_password".to_owned()),
                        created_at: Set(tx.now()),
                        expires_at: Set(expires_at),
                    };
                    account_link::Entity::insert(row).exec_without_returning(tx.db()).await?;
                    let event = Event::reset_link_made(Resource::new("user", user.id, user.id));
                    Ok(((token, expires_at), event))
                })
            })
            .await
    }

    /// Chooses a new password by a link. The link and all sessions end, and so do tokens and identities with other addresses.
    ///
    /// # Errors
    /// When the link is not one, was used or has ended, or the password is against the rules.
    pub async fn reset_password(&self, asker: &Actor, command: ResetPassword) -> Result<Person> {
        domain::validate(&command)?;
        let grant = self.0.grant(asker, Action::RecoverAccount, Place::Instance).await?;
        let hash = self.0.secrets().token_hash(KIND, &command.token);
        let person = self.link_owner(&hash).await?;
        let known = vec![person.email.clone(), person.name.clone()];
        password::check_strength("password", command.password.clone(), known).await?;
        let new_hash = password::hash(command.password).await?;
        let now = self.0.now();
        let email = person.email.clone();
        let person = self
            .0
            .change(grant, move |tx| {
                Box::pin(async move {
                    // Again, with the account locked: of two who use a link at once one comes too late.
                    tx.lock_account(person.id).await?;
                    let spent = account_link::Entity::find_by_id(hash).one(tx.db()).await?;
                    spent.filter(|link| link.expires_at > now).ok_or_else(ended)?;
                    delete_links(tx.db(), person.id).await?;
                    sign_up::write_password(tx.db(), person.id, new_hash, tx.now()).await?;
                    sign_ins::end_all(tx.db(), person.id, None).await?;
                    end_other_ways_in(tx.db(), &person).await?;
                    let event = Event::password_reset(Resource::new("user", person.id, person.id));
                    Ok((person, event))
                })
            })
            .await?;
        self.0.forget_attempts(&email, None).await?;
        Ok(person)
    }

    pub(super) async fn delete_expired_links(&self) -> Result<()> {
        let expired = account_link::Column::ExpiresAt.lte(self.0.now());
        account_link::Entity::delete_many().filter(expired).exec(self.0.database().writer()).await?;
        Ok(())
    }

    async fn link_owner(&self, hash: &str) -> Result<Person> {
        let (db, now) = (self.0.reader(), self.0.now());
        let link = account_link::Entity::find_by_id(hash).one(db).await?;
        let link = link.filter(|link| link.expires_at > now).ok_or_else(ended)?;
        let user = user_account::Entity::find_by_id(link.user_id).one(db).await?;
        Ok(user.map(person).ok_or_else(ended)?)
    }
}

/// Whoever lost an account to somebody else gets it back whole: tokens end, and identities whose address is another one,
/// which only somebody who was signed in can have connected.
async fn end_other_ways_in(db: &impl sea_orm::ConnectionTrait, person: &Person) -> Result<()> {
    personal_token::Entity::delete_many()
        .filter(personal_token::Column::UserId.eq(person.id))
        .exec(db)
        .await?;
    let email = Func::lower(Expr::col(identity::Column::Email));
    let is_other = Condition::any()
        .add(identity::Column::Email.is_null())
        .add(Expr::expr(email).ne(person.email.to_lowercase()));
    identity::Entity::delete_many()
        .filter(identity::Column::UserId.eq(person.id))
        .filter(is_other)
        .exec(db)
        .await?;
    Ok(())
}

/// One answer for a link that never was, was used, or is too old.
fn ended() -> Refusal {
    Refusal::invalid("token", "this link is not valid, or not any more: ask for another one")
}

async fn delete_links(db: &impl sea_orm::ConnectionTrait, user_id: domain::UserId) -> Result<()> {
    let own = account_link::Column::UserId.eq(user_id);
    account_link::Entity::delete_many().filter(own).exec(db).await?;
    Ok(())
}
