use domain::access::Action;
use domain::orgs::ProjectRef;
use domain::templates::{Shape, TemplateView, UpdateTemplate};
use domain::{Error as Refusal, TemplateKey};
use entity::template;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{Templates, store};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::store::write_json;
use crate::{Actor, scope};

impl Templates<'_> {
    /// Changes a template. Flags that were made of it stay as they are.
    ///
    /// # Errors
    /// When the actor may not, the template is not there, the change is against the rules, or another version is there than
    /// the one that the author saw.
    pub async fn update(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: TemplateKey,
        command: UpdateTemplate,
    ) -> Result<TemplateView> {
        command.check()?;
        let shape = command.shape.map(Shape::neat);
        if let Some(shape) = &shape {
            store::check_compiles(shape).await?;
        }
        let (name, description, seen) = (command.name, command.description, command.version);
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::ManageTemplates, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.project(project.id).await?;
                    let before = store::lock(tx, project.id, &key).await?;
                    if let Some(seen) = seen.filter(|seen| *seen != before.version) {
                        let message = format!("`{key}` was changed in the meantime");
                        let current = Some(before.version);
                        return Err(Refusal::Conflict { message, seen: Some(seen), current }.into());
                    }
                    let mut after = before.clone();
                    after.name = name.unwrap_or(after.name);
                    after.description = description.unwrap_or(after.description);
                    if let Some(shape) = shape {
                        after.body = write_json(&shape)?;
                    }
                    if after == before {
                        tx.abandon();
                        return Ok((store::view(after)?, Event::nothing()));
                    }
                    after.version += 1;
                    after.updated_at = tx.now();
                    template::Entity::update(after.clone().into_active_model().reset_all())
                        .exec(tx.db())
                        .await?;
                    let event = Event::template_updated(Resource::new("template", after.id, &key))
                        .documents(Some(store::definition(&before)), Some(store::definition(&after)));
                    Ok((store::view(after)?, event))
                })
            })
            .await
    }
}
