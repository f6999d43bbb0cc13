use domain::access::Action;
use domain::orgs::DeleteOrganization;
use domain::{Error as Refusal, OrgId};
use entity::{audit_chain, organization};
use sea_orm::EntityTrait;

use super::Orgs;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, once, scope};

impl Orgs<'_> {
    /// Deletes an organization with everything in it, its log too. One entry in the instance's log says that it was there.
    ///
    /// # Errors
    /// When the actor is no owner, or the slug is not typed right.
    pub async fn delete(&self, actor: &Actor, command: DeleteOrganization) -> Result<()> {
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::DeleteOrganization, org.place()).await?;
        if command.confirm.trim() != org.slug {
            return Err(Refusal::invalid("confirm", format!("type `{}`", org.slug)).into());
        }
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    organization::Entity::delete_by_id(org.id).exec(tx.db()).await?;
                    audit_chain::Entity::delete_by_id(org.id).exec(tx.db()).await?;
                    once::forget_organization(tx, org.id).await?;
                    tx.adopt(OrgId::INSTANCE);
                    tx.ends_access();
                    let event = Event::organization_deleted(Resource::new("organization", org.id, org.slug));
                    Ok(((), event))
                })
            })
            .await
    }
}
