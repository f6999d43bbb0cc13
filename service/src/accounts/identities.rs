//! Signing in through identity providers: whose identity it is, and how it becomes one of an account.

use domain::access::Action;
use domain::accounts::{CreateUser, Person};
use domain::{Error as Refusal, UserId};
use entity::{identity, invitation, password as password_row, user_account};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{Accounts, sign_up};
use crate::Actor;
use crate::actor::Place;
use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};

/// Who somebody is at a provider, as the provider proved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenIdentity {
    /// The provider's name in the configuration.
    pub provider: String,
    /// Who says so. With the subject it names the identity; an e-mail address does not.
    pub issuer: String,
    /// The provider's id for the person.
    pub subject: String,
    /// The e-mail address, where the provider verified that it is theirs.
    pub verified_email: Option<String>,
    /// The name for people.
    pub name: Option<String>,
}

/// Where signing in through a provider led.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// Into an account.
    SignedIn(Actor),
    /// To an account with the same address, which this identity does not open: whoever wants to connect the two signs in
    /// to the account the way they did before.
    ProveAccount {
        /// The address.
        email: String,
    },
}

impl Accounts<'_> {
    /// Signs in with an identity: into the account that has it, or into a new one. With the token of an invitation the
    /// person joins its organization, too.
    ///
    /// An account that proved the same address and has no password gets the identity: both were proven. One with a
    /// password never does by this alone.
    ///
    /// # Errors
    /// When the provider verified no address, the policy keeps the person out, or the database fails.
    pub async fn arrive(
        &self,
        asker: &Actor,
        proven: ProvenIdentity,
        invitation: Option<&str>,
    ) -> Result<Arrival> {
        let actor = match self.owner(&proven).await? {
            Some(user_id) => {
                self.touch(&proven).await?;
                self.actor(user_id).await?.from_where(asker)
            }
            None => match self.newcomer(asker, proven, invitation).await? {
                Ok(user_id) => self.actor(user_id).await?.from_where(asker),
                Err(email) => return Ok(Arrival::ProveAccount { email }),
            },
        };
        // The link may be for another address, or used before: whoever signed in is told at its page.
        if let Some(token) = invitation
            && self.0.orgs().accept_link(&actor, token).await.is_ok()
        {
            let user_id = actor.account()?.id;
            return Ok(Arrival::SignedIn(self.actor(user_id).await?.from_where(asker)));
        }
        Ok(Arrival::SignedIn(actor))
    }

    /// Gives an identity to the account of whoever is signed in.
    ///
    /// # Errors
    /// When nobody is signed in, or the identity belongs to another account.
    pub async fn connect(&self, actor: &Actor, proven: ProvenIdentity) -> Result<()> {
        let person = actor.account()?.clone();
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        match self.owner(&proven).await? {
            Some(owner) if owner == person.id => return Ok(()),
            Some(_) => {
                return Err(Refusal::conflict("this identity is connected to another account").into());
            }
            None => {}
        }
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let event = Event::identity_connected(Resource::new("user", person.id, &proven.provider));
                    tx.lock_account(person.id).await?;
                    insert(tx, &person, &proven).await?;
                    Ok(((), event))
                })
            })
            .await
    }

    /// Takes the identities at a provider from the account of whoever is signed in.
    ///
    /// # Errors
    /// When there are none, or no other way to sign in would be left.
    pub async fn disconnect(&self, actor: &Actor, provider: String) -> Result<()> {
        let user_id = actor.account()?.id;
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        let local_accounts = self.0.settings().local_accounts;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    let own = identity::Entity::find().filter(identity::Column::UserId.eq(user_id));
                    let all = own.clone().count(tx.db()).await?;
                    let here = own.filter(identity::Column::Provider.eq(&provider)).count(tx.db()).await?;
                    if here == 0 {
                        return Err(Refusal::not_found("identity").into());
                    }
                    let has_password = local_accounts
                        && password_row::Entity::find_by_id(user_id).one(tx.db()).await?.is_some();
                    if all == here && !has_password {
                        let message =
                            "this is your only way to sign in: set a password or connect another one first";
                        return Err(Refusal::conflict(message).into());
                    }
                    identity::Entity::delete_many()
                        .filter(identity::Column::UserId.eq(user_id))
                        .filter(identity::Column::Provider.eq(&provider))
                        .exec(tx.db())
                        .await?;
                    Ok(((), Event::identity_disconnected(Resource::new("user", user_id, provider))))
                })
            })
            .await
    }

    async fn owner(&self, proven: &ProvenIdentity) -> Result<Option<UserId>> {
        let key = (proven.issuer.clone(), proven.subject.clone());
        let row = identity::Entity::find_by_id(key).one(self.0.reader()).await?;
        Ok(row.map(|row| row.user_id))
    }

    /// Writes down that an identity was used, and its address of today.
    async fn touch(&self, proven: &ProvenIdentity) -> Result<()> {
        identity::Entity::update_many()
            .col_expr(identity::Column::LastUsedAt, Expr::value(self.0.now()))
            .col_expr(identity::Column::Email, Expr::value(proven.verified_email.clone()))
            .filter(identity::Column::Issuer.eq(&proven.issuer))
            .filter(identity::Column::Subject.eq(&proven.subject))
            .exec(self.0.database().writer())
            .await?;
        Ok(())
    }

    /// The account for an identity that none has: a new one, or one that proved the same address. Or that address, where
    /// its account must be proven first.
    async fn newcomer(
        &self,
        asker: &Actor,
        proven: ProvenIdentity,
        invitation: Option<&str>,
    ) -> Result<std::result::Result<UserId, String>> {
        let Some(email) = proven.verified_email.clone() else {
            let reason =
                "the provider has not verified your e-mail address: verify it there first".to_owned();
            return Err(Refusal::Forbidden { reason }.into());
        };
        let db = self.0.reader();
        let by_email = user_account::Column::EmailLower.eq(email.to_lowercase());
        if let Some(user) = user_account::Entity::find().filter(by_email).one(db).await? {
            let has_password = self.0.settings().local_accounts
                && password_row::Entity::find_by_id(user.id).one(db).await?.is_some();
            if has_password || user.email_verified_at.is_none() {
                return Ok(Err(email));
            }
            let actor = self.actor(user.id).await?.from_where(asker);
            self.connect(&actor, proven).await?;
            return Ok(Ok(user.id));
        }
        self.may_arrive(&email, invitation).await?;
        let grant = self.0.grant(asker, Action::SignUp, Place::Instance).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let name = proven.name.clone().unwrap_or_default();
                    let local = email.split('@').next().unwrap_or_default().to_owned();
                    let name: String =
                        name.trim().chars().filter(|letter| !letter.is_control()).take(100).collect();
                    let name = if name.is_empty() { local } else { name };
                    domain::validate(&CreateUser { email: email.clone(), name: name.clone() })?;
                    let person = sign_up::insert(tx, email, name).await?;
                    insert(tx, &person, &proven).await?;
                    Ok((Ok(person.id), Event::user_signed_up(Resource::new("user", person.id, person.id))))
                })
            })
            .await
    }

    /// Whether the policy lets somebody with this proven address in.
    async fn may_arrive(&self, email: &str, token: Option<&str>) -> Result<()> {
        if self.0.settings().sign_up.admits(email) {
            return Ok(());
        }
        if let Some(token) = token
            && self.0.orgs().invited(token, email).await.is_ok()
        {
            return Ok(());
        }
        // Whoever has the address is invited, with or without the link.
        let invited = invitation::Entity::find()
            .filter(invitation::Column::EmailLower.eq(email.to_lowercase()))
            .filter(invitation::Column::Status.eq("pending"))
            .filter(invitation::Column::ExpiresAt.gt(self.0.now()))
            .count(self.0.reader())
            .await?;
        match invited {
            0 => Err(Error::from(Refusal::Forbidden {
                reason: "signing up here takes an invitation".to_owned(),
            })),
            _ => Ok(()),
        }
    }
}

/// Writes an identity; whoever has a verified address there has proven it here.
async fn insert(tx: &ChangeTx, person: &Person, proven: &ProvenIdentity) -> Result<()> {
    let row = identity::ActiveModel {
        issuer: Set(proven.issuer.clone()),
        subject: Set(proven.subject.clone()),
        user_id: Set(person.id),
        provider: Set(proven.provider.clone()),
        email: Set(proven.verified_email.clone()),
        created_at: Set(tx.now()),
        last_used_at: Set(tx.now()),
    };
    identity::Entity::insert(row).exec_without_returning(tx.db()).await.map_err(|error| {
        Error::on_unique(error, || "this identity is connected to another account".into())
    })?;
    let is_same = |email: &String| email.to_lowercase() == person.email.to_lowercase();
    if proven.verified_email.as_ref().is_some_and(is_same) {
        user_account::Entity::update_many()
            .col_expr(user_account::Column::EmailVerifiedAt, Expr::value(tx.now()))
            .filter(user_account::Column::Id.eq(person.id))
            .filter(user_account::Column::EmailVerifiedAt.is_null())
            .exec(tx.db())
            .await?;
    }
    Ok(())
}
