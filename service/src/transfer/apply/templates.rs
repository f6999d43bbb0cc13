//! Templates.

use domain::transfer::TemplatePart;
use domain::{ProjectId, TemplateId, TemplateKey};
use entity::template;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{Apply, Done};
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::store::write_json;

impl Apply {
    pub(super) async fn templates(&self, tx: &ChangeTx, done: &mut Done) -> Result<()> {
        for (key, part) in &self.after.templates {
            if self.before.templates.get(key) == Some(part) {
                continue;
            }
            let body = write_json(&part.shape)?;
            let Some(row) = self.rows.templates.get(key.as_str()) else {
                let row = new_template(tx, self.project, key, part, body);
                template::Entity::insert(row.clone().into_active_model())
                    .exec_without_returning(tx.db())
                    .await?;
                let event = Event::template_created(Resource::new("template", row.id, key));
                done.events.push(event.documents(None, Some(row.body)));
                continue;
            };
            let after = template::Model {
                name: part.name.clone(),
                description: part.description.clone(),
                body,
                version: row.version + 1,
                updated_at: tx.now(),
                ..row.clone()
            };
            template::Entity::update(after.clone().into_active_model().reset_all()).exec(tx.db()).await?;
            let event = Event::template_updated(Resource::new("template", row.id, key));
            done.events.push(event.documents(Some(row.body.clone()), Some(after.body)));
        }
        Ok(())
    }
}

fn new_template(
    tx: &ChangeTx,
    project: ProjectId,
    key: &TemplateKey,
    part: &TemplatePart,
    body: String,
) -> template::Model {
    template::Model {
        id: tx.new_id::<TemplateId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: key.to_string(),
        name: part.name.clone(),
        description: part.description.clone(),
        body,
        created_by: tx.person(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}
