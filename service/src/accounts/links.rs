//! Links that prove something about whoever follows them: to choose a new password, to prove an address.

use domain::{Error as Refusal, Millis, UserId};
use entity::{account_link, user_account};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Accounts;
use crate::actor::Grant;
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Secrets, Services, random_token};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    ResetPassword,
    VerifyEmail,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset_password",
            Self::VerifyEmail => "verify_email",
        }
    }

    /// What the hash of a link's token is made for.
    fn kind(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset link",
            Self::VerifyEmail => "verification link",
        }
    }

    /// How long a link is good. Letters say so too.
    fn lasts_ms(self) -> i64 {
        match self {
            Self::ResetPassword => 60 * 60 * 1000,
            Self::VerifyEmail => 24 * 60 * 60 * 1000,
        }
    }

    /// What is stored of a link's token.
    pub(super) fn hash(self, secrets: &Secrets, token: &str) -> String {
        secrets.token_hash(self.kind(), token)
    }

    /// Writes a link of an account, which is locked: its token, and until when it is good.
    pub(super) async fn write(
        self,
        tx: &ChangeTx,
        secrets: &Secrets,
        user_id: UserId,
        mailed: bool,
    ) -> Result<(String, Millis)> {
        let token = random_token();
        let expires_at = tx.now().plus(self.lasts_ms());
        let row = account_link::ActiveModel {
            hash: Set(self.hash(secrets, &token)),
            hmac_key_id: Set(secrets.key_id().to_owned()),
            user_id: Set(user_id),
            purpose: Set(self.name().to_owned()),
            mailed: Set(mailed),
            created_at: Set(tx.now()),
            expires_at: Set(expires_at),
        };
        account_link::Entity::insert(row).exec_without_returning(tx.db()).await?;
        Ok((token, expires_at))
    }

    /// The event that a letter with such a link is on its way.
    fn mailed(self, resource: Resource) -> Event {
        match self {
            Self::ResetPassword => Event::reset_link_mailed(resource),
            Self::VerifyEmail => Event::verification_mailed(resource),
        }
    }

    /// The page that such a link leads to.
    fn page(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset-password",
            Self::VerifyEmail => "verify-email",
        }
    }

    /// The link with this hash, if it is good.
    pub(super) async fn find(
        self,
        db: &impl ConnectionTrait,
        hash: &str,
        now: Millis,
    ) -> Result<account_link::Model> {
        let link = account_link::Entity::find_by_id(hash)
            .filter(account_link::Column::Purpose.eq(self.name()))
            .filter(account_link::Column::ExpiresAt.gt(now))
            .one(db)
            .await?;
        Ok(link.ok_or_else(ended)?)
    }

    /// Deletes an account's links for this.
    pub(super) async fn delete_all(self, db: &impl ConnectionTrait, user_id: UserId) -> Result<()> {
        account_link::Entity::delete_many()
            .filter(account_link::Column::UserId.eq(user_id))
            .filter(account_link::Column::Purpose.eq(self.name()))
            .exec(db)
            .await?;
        Ok(())
    }
}

impl Accounts<'_> {
    /// Makes a link for a letter to an account's address. Links from before stay good: whoever asks for one need not be the
    /// account's owner.
    pub(super) async fn link_to_mail(
        &self,
        purpose: Purpose,
        grant: Grant,
        user_id: UserId,
    ) -> Result<String> {
        let secrets = self.0.secrets().clone();
        let (token, _) = self
            .0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    let link = purpose.write(tx, &secrets, user_id, true).await?;
                    Ok((link, purpose.mailed(Resource::new("user", user_id, user_id))))
                })
            })
            .await?;
        Ok(self.0.link(purpose.page(), &token))
    }
}

/// One answer for a link that never was, was used, or is too old.
pub(super) fn ended() -> Refusal {
    Refusal::invalid("token", "this link is not valid, or not any more: ask for another one")
}

/// Writes down that a person proved their address, unless they did before.
pub(crate) async fn mark_verified(db: &impl ConnectionTrait, user_id: UserId, now: Millis) -> Result<()> {
    user_account::Entity::update_many()
        .col_expr(user_account::Column::EmailVerifiedAt, Expr::value(now))
        .filter(user_account::Column::Id.eq(user_id))
        .filter(user_account::Column::EmailVerifiedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Deletes the links whose time is over.
pub(super) async fn delete_expired(services: &Services) -> Result<()> {
    let expired = account_link::Column::ExpiresAt.lte(services.now());
    account_link::Entity::delete_many().filter(expired).exec(services.database().writer()).await?;
    Ok(())
}
