use domain::access::Action;
use domain::accounts::{CreateUser, Person};

use super::{Accounts, sign_up};
use crate::Actor;
use crate::actor::Place;
use crate::error::Result;
use crate::event::{Event, Resource};

impl Accounts<'_> {
    /// Creates an account without a way to sign in to it.
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
                    let person = sign_up::insert(tx, email, name).await?;
                    // The name and address identify a person, so the chain holds the id alone.
                    let event = Event::user_created(Resource::new("user", person.id, person.id));
                    Ok((person, event))
                })
            })
            .await
    }
}
