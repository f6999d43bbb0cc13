//! Templates.

use entity::template;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{Apply, Done};
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::store::write_json;
use crate::templates::store;

impl Apply {
    pub(super) async fn templates(&self, tx: &ChangeTx, done: &mut Done) -> Result<()> {
        for (key, part) in &self.after.templates {
            if self.before.templates.get(key) == Some(part) {
                continue;
            }
            let Some(row) = self.rows.templates.get(key.as_str()) else {
                let words = (part.name.clone(), part.description.clone());
                let row = store::row(tx, self.project, key, words, &part.shape)?;
                template::Entity::insert(row.clone().into_active_model())
                    .exec_without_returning(tx.db())
                    .await?;
                let event = Event::template_created(Resource::new("template", row.id, key));
                done.events.push(event.documents(None, Some(store::definition(&row))));
                continue;
            };
            let after = template::Model {
                name: part.name.clone(),
                description: part.description.clone(),
                body: write_json(&part.shape)?,
                version: row.version + 1,
                updated_at: tx.now(),
                ..row.clone()
            };
            template::Entity::update(after.clone().into_active_model().reset_all()).exec(tx.db()).await?;
            let event = Event::template_updated(Resource::new("template", row.id, key));
            done.events.push(event.documents(Some(store::definition(row)), Some(store::definition(&after))));
        }
        Ok(())
    }
}
