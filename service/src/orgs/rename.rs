use domain::access::Action;
use domain::orgs::RenameOrganization;
use entity::organization;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::Orgs;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Orgs<'_> {
    /// Changes an organization's name for people.
    ///
    /// # Errors
    /// When the actor may not, or the name is against the rules.
    pub async fn rename(&self, actor: &Actor, command: RenameOrganization) -> Result<()> {
        domain::validate(&command)?;
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::RenameOrganization, org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    if org.name == command.name {
                        tx.abandon();
                        return Ok(((), Event::nothing()));
                    }
                    let row = organization::ActiveModel {
                        id: Set(org.id),
                        name_lower: Set(command.name.to_lowercase()),
                        name: Set(command.name.clone()),
                        ..Default::default()
                    };
                    row.update(tx.db()).await?;
                    let event = Event::organization_renamed(Resource::new("organization", org.id, org.slug))
                        .documents(Some(name(&org.name)), Some(name(&command.name)));
                    Ok(((), event))
                })
            })
            .await
    }
}

fn name(name: &str) -> String {
    serde_json::json!({ "name": name }).to_string()
}
