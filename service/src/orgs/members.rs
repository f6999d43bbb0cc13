use domain::Error as Refusal;
use domain::access::{Action, Role};
use domain::orgs::AddMember;

use super::{Orgs, create};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Orgs<'_> {
    /// Adds a person to an organization.
    ///
    /// # Errors
    /// When the actor may not, or the person does not exist or is a member already. Owners are added by owners alone.
    pub async fn add_member(&self, actor: &Actor, command: AddMember) -> Result<()> {
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::ManageMembers, org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let AddMember { organization: _, user, role } = command;
                    if role == Role::Owner && tx.role() != Role::Owner {
                        return Err(Refusal::Forbidden { reason: "only owners may add owners".into() }.into());
                    }
                    create::insert_member(tx, tx.org_id(), user, role).await?;
                    tx.access_changed();
                    Ok(((), Event::member_added(Resource::new("member", user, role.as_str()))))
                })
            })
            .await
    }
}
