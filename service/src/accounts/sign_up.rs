use domain::access::Action;
use domain::accounts::{Person, SignUp};
use domain::{Error as Refusal, Millis, UserId};
use entity::{password as password_row, user_account};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::{Accounts, password};
use crate::actor::Place;
use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::{Actor, Settings, SignUpPolicy};

impl Accounts<'_> {
    /// Creates an account with a password. With the token of an invitation, the person joins its organization too.
    ///
    /// # Errors
    /// When local accounts are off or the policy keeps the address out, the command is against the rules, the password is
    /// easily guessed, the address has an account, or the invitation is not for this address or no longer good.
    pub async fn sign_up(&self, actor: &Actor, command: SignUp) -> Result<Person> {
        let SignUp { email, name, .. } = &command;
        let command = SignUp { email: email.trim().to_owned(), name: name.trim().to_owned(), ..command };
        domain::validate(&command)?;
        let invited = match &command.invitation {
            None => None,
            Some(token) => Some(self.0.orgs().invited(token, &command.email).await?),
        };
        may_sign_up(self.0.settings(), &command.email, invited.is_some())?;
        self.0.attempt_sign_up(actor.origin().and_then(|origin| origin.address.as_deref())).await?;
        let known = vec![command.email.clone(), command.name.clone()];
        password::check_strength("password", command.password.clone(), known).await?;
        let hash = password::hash(command.password).await?;
        let grant = self.0.grant(actor, Action::SignUp, Place::Instance).await?;
        let for_letter = grant.clone();
        let (email, name) = (command.email, command.name);
        let person = self
            .0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let person = insert(tx, email, name).await?;
                    write_password(tx.db(), person.id, hash, tx.now()).await?;
                    let event = Event::user_signed_up(Resource::new("user", person.id, person.id));
                    Ok((person, event))
                })
            })
            .await?;
        if let Some(invitation) = invited {
            let newcomer = self.actor(person.id).await?.from_where(actor);
            // Taken back in the meantime: the account is there all the same, and its owner is told at the link.
            match self.0.orgs().accept(&newcomer, invitation.id, command.invitation).await {
                Ok((_, true)) => return Ok(person),
                Ok((_, false)) => {}
                Err(error) => {
                    tracing::info!(
                        error.causes = crate::error::causes(&error),
                        "an invitation was not accepted"
                    );
                }
            }
        }
        self.verify_newcomer(for_letter, person.id, person.email.clone());
        Ok(person)
    }
}

/// Whether the instance lets this person in. An invitation does, whatever the policy is.
fn may_sign_up(settings: &Settings, email: &str, is_invited: bool) -> Result<()> {
    let refuse = |reason: &str| Err(Refusal::Forbidden { reason: reason.to_owned() }.into());
    if !settings.local_accounts {
        return refuse("this instance has no accounts with passwords: sign in through a provider");
    }
    match &settings.sign_up {
        _ if is_invited => Ok(()),
        SignUpPolicy::Open => Ok(()),
        SignUpPolicy::Invited => refuse("signing up here takes an invitation"),
        policy if policy.admits(email) => Ok(()),
        SignUpPolicy::Domains(_) => {
            refuse("signing up here takes an address of the organization that runs it, or an invitation")
        }
    }
}

/// Writes an account.
pub(super) async fn insert(tx: &ChangeTx, email: String, name: String) -> Result<Person> {
    let id: UserId = tx.new_id();
    let row = user_account::ActiveModel {
        id: Set(id),
        email: Set(email.clone()),
        email_lower: Set(email.to_lowercase()),
        name: Set(name.clone()),
        name_lower: Set(name.to_lowercase()),
        email_verified_at: Set(None),
        created_at: Set(tx.now()),
    };
    user_account::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await
        .map_err(|error| Error::on_unique(error, || "this e-mail address has an account".into()))?;
    Ok(Person { id, email, name })
}

/// Writes a password's hash, over the one that is there. It is chosen later than that one, whatever the clock says: by this
/// time passwords are told apart.
pub(super) async fn write_password(
    db: &impl ConnectionTrait,
    user_id: UserId,
    hash: String,
    now: Millis,
) -> Result<()> {
    let row = password_row::ActiveModel { user_id: Set(user_id), hash: Set(hash), ..Default::default() };
    let before = password_row::Entity::find_by_id(user_id).one(db).await?;
    let now = before.map_or(now, |before| now.max(before.changed_at.plus(1)));
    let row = password_row::ActiveModel { changed_at: Set(now), ..row };
    let replace = OnConflict::column(password_row::Column::UserId)
        .update_columns([password_row::Column::Hash, password_row::Column::ChangedAt])
        .to_owned();
    password_row::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}
