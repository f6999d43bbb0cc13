use domain::access::Action;
use domain::accounts::{CreateUser, Person};
use entity::user_account;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::Accounts;
use crate::Actor;
use crate::actor::Place;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};

impl Accounts<'_> {
    /// Creates an account.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or the e-mail address has an account.
    pub async fn create(&self, actor: &Actor, command: CreateUser) -> Result<Person> {
        domain::validate(&command)?;
        let grant = self.0.grant(actor, Action::CreateUser, Place::Instance).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let CreateUser { email, name } = command;
                    let id = tx.new_id();
                    let row = user_account::ActiveModel {
                        id: Set(id),
                        email: Set(email.clone()),
                        email_lower: Set(email.to_lowercase()),
                        name: Set(name.clone()),
                        name_lower: Set(name.to_lowercase()),
                        email_verified_at: Set(None),
                        created_at: Set(tx.now()),
                    };
                    user_account::Entity::insert(row).exec_without_returning(tx.db()).await.map_err(
                        |error| Error::on_unique(error, || "this e-mail address has an account".into()),
                    )?;
                    // The name and address identify a person, so the chain holds the id alone.
                    Ok((Person { id, email, name }, Event::user_created(Resource::new("user", id, id))))
                })
            })
            .await
    }
}
