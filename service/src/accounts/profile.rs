//! One's own account.

use domain::access::Action;
use domain::accounts::{AccountView, ChangeName, IdentityView};
use entity::{identity, password, user_account};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Accounts;
use super::authenticate::person;
use crate::Actor;
use crate::actor::Place;
use crate::error::Result;
use crate::event::{Event, Resource};

impl Accounts<'_> {
    /// One's own account.
    ///
    /// # Errors
    /// When nobody is signed in, or the database fails.
    pub async fn account(&self, actor: &Actor) -> Result<AccountView> {
        let (db, id) = (self.0.reader(), actor.account()?.id);
        let user = user_account::Entity::find_by_id(id).one(db).await?;
        let user = user.ok_or(domain::Error::Unauthenticated)?;
        let identities = identity::Entity::find()
            .filter(identity::Column::UserId.eq(id))
            .order_by_asc(identity::Column::CreatedAt)
            .all(db)
            .await?;
        Ok(AccountView {
            email_verified: user.email_verified_at.is_some(),
            has_password: password::Entity::find_by_id(id).one(db).await?.is_some(),
            created_at: user.created_at,
            identities: identities.into_iter().map(view).collect(),
            person: person(user),
        })
    }

    /// Changes the name that others see.
    ///
    /// # Errors
    /// When the actor may not, or the name is against the rules.
    pub async fn rename(&self, actor: &Actor, command: ChangeName) -> Result<()> {
        domain::validate(&command)?;
        let id = actor.account()?.id;
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    if tx.lock_account(id).await?.name == command.name {
                        tx.abandon();
                        return Ok(((), Event::nothing()));
                    }
                    let row = user_account::ActiveModel {
                        id: Set(id),
                        name_lower: Set(command.name.to_lowercase()),
                        name: Set(command.name),
                        ..Default::default()
                    };
                    row.update(tx.db()).await?;
                    Ok(((), Event::user_renamed(Resource::new("user", id, id))))
                })
            })
            .await
    }
}

fn view(row: identity::Model) -> IdentityView {
    IdentityView {
        provider: row.provider,
        email: row.email,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
    }
}
