use domain::access::Role;
use domain::accounts::Person;
use domain::{Error as Refusal, UserId};
use entity::{member, organization, user_account};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Accounts;
use crate::Actor;
use crate::actor::Membership;
use crate::error::{Error, Result};

impl Accounts<'_> {
    /// The person with this id, with what they may do now.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`] when the account is gone, or when the database fails.
    pub async fn actor(&self, id: UserId) -> Result<Actor> {
        let db = self.0.reader();
        let user = user_account::Entity::find_by_id(id).one(db).await?.ok_or(Refusal::Unauthenticated)?;
        let rows = member::Entity::find().filter(member::Column::UserId.eq(id)).all(db).await?;
        let org_ids = rows.iter().map(|row| row.org_id);
        let orgs =
            organization::Entity::find().filter(organization::Column::Id.is_in(org_ids)).all(db).await?;
        let membership =
            |row: member::Model| {
                let org = orgs.iter().find(|org| org.id == row.org_id)?;
                Some(Role::from_name(&row.role).ok_or(Error::Invariant("a stored role is no role")).map(
                    |role| Membership { org_id: row.org_id, role, access_revision: org.access_revision },
                ))
            };
        let memberships = rows.into_iter().filter_map(membership).collect::<Result<_>>()?;
        Ok(Actor::user(Person { id: user.id, email: user.email, name: user.name }, memberships))
    }

    /// The person with this e-mail address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, email: &str) -> Result<Option<Person>> {
        let by_email = user_account::Column::EmailLower.eq(email.to_lowercase());
        let user = user_account::Entity::find().filter(by_email).one(self.0.reader()).await?;
        Ok(user.map(|user| Person { id: user.id, email: user.email, name: user.name }))
    }
}
