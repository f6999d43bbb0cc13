use domain::access::Action;
use domain::orgs::ProjectRef;
use domain::templates::DeleteTemplate;
use domain::{Error as Refusal, TemplateKey};
use entity::template;
use sea_orm::EntityTrait;

use super::{Templates, store};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Templates<'_> {
    /// Deletes a template. Flags that were made of it stay.
    ///
    /// # Errors
    /// When the actor may not, the template is not there, or another key was typed.
    pub async fn delete(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: TemplateKey,
        command: DeleteTemplate,
    ) -> Result<()> {
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::ManageTemplates, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.project(project.id).await?;
                    let row = store::lock(tx, project.id, &key).await?;
                    if command.confirm.trim() != row.key {
                        return Err(Refusal::invalid("confirm", format!("type `{key}`")).into());
                    }
                    template::Entity::delete_by_id(row.id).exec(tx.db()).await?;
                    let event = Event::template_deleted(Resource::new("template", row.id, &key))
                        .documents(Some(store::definition(&row)), None);
                    Ok(((), event))
                })
            })
            .await
    }
}
