//! Proving that one's address is one's own, by a letter to it.

use domain::access::Action;
use domain::accounts::VerifyEmail;
use domain::{Error as Refusal, UserId};
use entity::user_account;
use mail::Mail;
use sea_orm::EntityTrait;

use super::Accounts;
use super::attempts::VERIFICATIONS;
use super::links::{Purpose, ended, mark_verified};
use crate::Actor;
use crate::actor::{Grant, Place};
use crate::error::{Result, causes};
use crate::event::{Event, Resource};

impl Accounts<'_> {
    /// Sends a letter by which the person who asks proves that their address is theirs.
    ///
    /// # Errors
    /// When nobody is signed in, it is proven already, or the letter cannot be sent.
    pub async fn request_verification(&self, actor: &Actor) -> Result<()> {
        let person = actor.account()?.clone();
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        self.0.need_letters()?;
        let user = user_account::Entity::find_by_id(person.id).one(self.0.reader()).await?;
        if user.is_some_and(|user| user.email_verified_at.is_some()) {
            return Err(Refusal::conflict("your address is proven already").into());
        }
        let by = person.id.to_string();
        self.0.attempt_letter(VERIFICATIONS, &person.email, Some(&by)).await?;
        self.mail_verification(grant, person.id, person.email).await
    }

    /// Sends the letter in the background, to whoever has just signed up.
    pub(super) fn verify_newcomer(&self, grant: Grant, user_id: UserId, email: String) {
        if !self.0.sends_letters() {
            return;
        }
        let services = self.0.clone();
        self.0.in_background(async move {
            let accounts = services.accounts();
            let sent = async {
                services.attempt_letter(VERIFICATIONS, &email, None).await?;
                accounts.mail_verification(grant, user_id, email).await
            };
            // Whoever signed up can ask for another one.
            if let Err(error) = sent.await {
                tracing::info!(error.causes = causes(&error), "a newcomer got no letter");
            }
        });
    }

    /// Proves the address of the person who asks. By being signed in, too: a letter that was sent because somebody else gave
    /// this address must not prove it to them.
    ///
    /// # Errors
    /// When nobody is signed in, or the link is not theirs, was used or has ended.
    pub async fn verify_email(&self, actor: &Actor, command: VerifyEmail) -> Result<()> {
        let user_id = actor.account()?.id;
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        let hash = Purpose::VerifyEmail.hash(self.0.secrets(), &command.token);
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    let link = Purpose::VerifyEmail.find(tx.db(), &hash, tx.now()).await?;
                    if link.user_id != user_id {
                        return Err(ended().into());
                    }
                    mark_verified(tx.db(), user_id, tx.now()).await?;
                    Purpose::VerifyEmail.delete_all(tx.db(), user_id).await?;
                    Ok(((), Event::email_verified(Resource::new("user", user_id, user_id))))
                })
            })
            .await
    }

    async fn mail_verification(&self, grant: Grant, user_id: UserId, email: String) -> Result<()> {
        let link = self.link_to_mail(Purpose::VerifyEmail, grant, user_id).await?;
        self.0.send_letter(Mail::confirm_address(email, link)).await
    }
}
