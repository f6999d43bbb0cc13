//! Changing a password, and choosing one by a link where the old one is lost.

use domain::access::Action;
use domain::accounts::{ChangePassword, Person, RequestReset, ResetPassword};
use domain::{Error as Refusal, Millis};
use entity::{identity, password as password_row, personal_token, user_account};
use mail::Mail;
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use super::attempts::RESETS;
use super::authenticate::person;
use super::links::{Purpose, ended, mark_verified};
use super::{Accounts, password, sign_ins, sign_up};
use crate::Actor;
use crate::actor::{Grant, Place};
use crate::error::{Result, causes};
use crate::event::{Event, Resource};

impl Accounts<'_> {
    /// Changes one's password, or sets the first one. All other sessions end.
    ///
    /// # Errors
    /// When local accounts are off, the current password is missing or wrong, or the new one is against the rules.
    pub async fn change_password(&self, actor: &Actor, command: ChangePassword) -> Result<()> {
        domain::validate(&command)?;
        let person = actor.account()?.clone();
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        self.need_local_accounts()?;
        let stored = password_row::Entity::find_by_id(person.id).one(self.0.reader()).await?;
        let known_at = stored.as_ref().map(|stored| stored.changed_at);
        self.0.attempt(&person.email, None).await?;
        if let Some(stored) = stored {
            let Some(current) = command.current else {
                return Err(Refusal::invalid("current", "the password so far is needed").into());
            };
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
                    let stored = password_row::Entity::find_by_id(user_id).one(tx.db()).await?;
                    if stored.map(|stored| stored.changed_at) != known_at {
                        return Err(Refusal::conflict("your password was changed in the meantime").into());
                    }
                    sign_up::write_password(tx.db(), user_id, hash, tx.now()).await?;
                    // Somebody else may have read the letters that led to another one.
                    Purpose::ResetPassword.delete_all(tx.db(), user_id).await?;
                    sign_ins::end_all(tx, user_id, current).await?;
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
                    Purpose::ResetPassword.delete_all(tx.db(), user.id).await?;
                    let link = Purpose::ResetPassword.write(tx, &secrets, user.id, false).await?;
                    let event = Event::reset_link_made(Resource::new("user", user.id, user.id));
                    Ok((link, event))
                })
            })
            .await
    }

    /// Sends a letter with a link to choose a new password, where there is an account with this address. Whoever asks does
    /// not learn whether there is: the answer comes before that is looked at.
    ///
    /// # Errors
    /// When local accounts are off, the instance sends no e-mail, or [`Refusal::TooMany`] were asked for.
    pub async fn request_reset(&self, asker: &Actor, command: RequestReset) -> Result<()> {
        domain::validate(&command)?;
        self.need_local_accounts()?;
        self.0.need_letters()?;
        let email = command.email.trim().to_lowercase();
        let address = asker.origin().and_then(|origin| origin.address.as_deref());
        self.0.attempt_letter(RESETS, &email, address).await?;
        // By nobody in particular, whoever it is: their own log must not tell whether there is an account.
        let asker = Actor::anonymous().from_where(asker);
        let grant = self.0.grant(&asker, Action::RecoverAccount, Place::Instance).await?;
        let services = self.0.clone();
        self.0.in_background(async move {
            // The cause is in the log already where it is the letter's.
            if let Err(error) = services.accounts().mail_reset_link(grant, email).await {
                tracing::warn!(
                    error.causes = causes(&error),
                    "a link to choose a new password was not mailed"
                );
            }
        });
        Ok(())
    }

    async fn mail_reset_link(&self, grant: Grant, email: String) -> Result<()> {
        let user = user_account::Entity::find()
            .filter(user_account::Column::EmailLower.eq(email))
            .one(self.0.reader())
            .await?;
        let Some(user) = user else { return Ok(()) };
        let link = self.link_to_mail(Purpose::ResetPassword, grant, user.id).await?;
        self.0.send_letter(Mail::new_password(user.email, link)).await
    }

    fn need_local_accounts(&self) -> Result<()> {
        match self.0.settings().local_accounts {
            true => Ok(()),
            false => {
                let reason = "this instance has no accounts with passwords".to_owned();
                Err(Refusal::Forbidden { reason }.into())
            }
        }
    }

    /// Chooses a new password by a link. All such links and all sessions end, and so do tokens and identities with other
    /// addresses. A link that was mailed proves the address.
    ///
    /// # Errors
    /// When the link is not one, was used or has ended, or the password is against the rules.
    pub async fn reset_password(&self, asker: &Actor, command: ResetPassword) -> Result<Person> {
        domain::validate(&command)?;
        let grant = self.0.grant(asker, Action::RecoverAccount, Place::Instance).await?;
        let hash = Purpose::ResetPassword.hash(self.0.secrets(), &command.token);
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
                    let spent = Purpose::ResetPassword.find(tx.db(), &hash, now).await?;
                    Purpose::ResetPassword.delete_all(tx.db(), person.id).await?;
                    if spent.mailed {
                        mark_verified(tx.db(), person.id, now).await?;
                    }
                    sign_up::write_password(tx.db(), person.id, new_hash, tx.now()).await?;
                    sign_ins::end_all(tx, person.id, None).await?;
                    end_other_ways_in(tx.db(), &person).await?;
                    let event = Event::password_reset(Resource::new("user", person.id, person.id));
                    Ok((person, event))
                })
            })
            .await?;
        self.0.forget_attempts(&email, None).await?;
        Ok(person)
    }

    async fn link_owner(&self, hash: &str) -> Result<Person> {
        let db = self.0.reader();
        let link = Purpose::ResetPassword.find(db, hash, self.0.now()).await?;
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
