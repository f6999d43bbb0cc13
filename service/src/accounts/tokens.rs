//! Personal access tokens: for scripts, in a person's name.

use domain::access::Action;
use domain::accounts::{CreateToken, NewToken, TokenScope, TokenView};
use domain::{Error as Refusal, TokenId};
use entity::personal_token;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder};

use super::Accounts;
use crate::actor::Place;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::once::Replay;
use crate::{Actor, random_token};

/// What a raw token starts with, so that those who search for leaked secrets know it.
pub(super) const PREFIX: &str = "tbp_";

/// What its hash is made for.
pub(super) const KIND: &str = "personal token";

/// How much of the random part is shown afterwards.
const SHOWN: usize = 6;

/// The most tokens that a person may have.
const MOST: u64 = 100;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Replay for NewToken {
    fn forget_secrets(&mut self) {
        self.raw = None;
    }
}

impl Accounts<'_> {
    /// Makes a token. The answer is the only time that it is seen whole.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or there are too many.
    pub async fn create_token(&self, actor: &Actor, command: CreateToken) -> Result<NewToken> {
        domain::validate(&command)?;
        let user_id = actor.account()?.id;
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        let secrets = self.0.secrets().clone();
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    let own =
                        personal_token::Entity::find().filter(personal_token::Column::UserId.eq(user_id));
                    if own.count(tx.db()).await? >= MOST {
                        return Err(
                            Refusal::conflict(format!("more than {MOST} tokens: revoke one first")).into()
                        );
                    }
                    let CreateToken { name, scope, days } = command;
                    let token = random_token();
                    let raw = format!("{PREFIX}{token}");
                    let row = personal_token::Model {
                        id: tx.new_id(),
                        user_id,
                        name,
                        scope: scope.as_str().to_owned(),
                        prefix: raw.chars().take(PREFIX.len() + SHOWN).collect(),
                        hash: secrets.token_hash(KIND, &raw),
                        hmac_key_id: secrets.key_id().to_owned(),
                        created_at: tx.now(),
                        expires_at: days.map(|days| tx.now().plus(i64::from(days) * DAY_MS)),
                        last_used_at: None,
                    };
                    personal_token::Entity::insert(row.clone().into_active_model())
                        .exec_without_returning(tx.db())
                        .await?;
                    let event = Event::token_created(Resource::new("token", row.id, &row.prefix));
                    Ok((NewToken { raw: Some(raw), token: view(row)? }, event))
                })
            })
            .await
    }

    /// A person's tokens, the newest first.
    ///
    /// # Errors
    /// When nobody is signed in, or the database fails.
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<TokenView>> {
        let rows = personal_token::Entity::find()
            .filter(personal_token::Column::UserId.eq(actor.account()?.id))
            .order_by_desc(personal_token::Column::Id)
            .all(self.0.reader())
            .await?;
        rows.into_iter().map(view).collect()
    }

    /// Revokes a token, at once on every node.
    ///
    /// # Errors
    /// When the actor may not, or has no such token.
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<()> {
        let user_id = actor.account()?.id;
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.lock_account(user_id).await?;
                    let row = personal_token::Entity::find_by_id(id)
                        .filter(personal_token::Column::UserId.eq(user_id))
                        .one(tx.db())
                        .await?
                        .ok_or_else(|| Refusal::not_found("token"))?;
                    personal_token::Entity::delete_by_id(id).exec(tx.db()).await?;
                    Ok(((), Event::token_revoked(Resource::new("token", id, row.prefix))))
                })
            })
            .await
    }
}

fn view(row: personal_token::Model) -> Result<TokenView> {
    Ok(TokenView {
        id: row.id,
        name: row.name,
        scope: TokenScope::from_name(&row.scope).ok_or(Error::Invariant("a stored scope is no scope"))?,
        prefix: row.prefix,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    })
}
