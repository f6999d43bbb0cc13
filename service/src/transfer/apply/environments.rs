//! The project's name, and its environments.

use domain::transfer::EnvironmentPart;
use domain::{EnvironmentId, ProjectId};
use entity::{environment, project};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{EntityTrait, IntoActiveModel};

use super::{Apply, Done};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::store::write_json;

impl Apply {
    pub(super) async fn rename(&self, tx: &ChangeTx) -> Result<()> {
        let name = &self.after.project.name;
        if *name == self.before.project.name {
            return Ok(());
        }
        let mut row = self.rows.project.clone().into_active_model();
        row.name = Set(name.clone());
        row.name_lower = Set(name.to_lowercase());
        project::Entity::update(row).exec(tx.db()).await?;
        Ok(())
    }

    pub(super) async fn environments(
        &self,
        tx: &ChangeTx,
        there: Vec<ChangingEnvironment>,
        done: &mut Done,
    ) -> Result<Vec<ChangingEnvironment>> {
        let mut created = Vec::new();
        for (position, part) in (0_i64..).zip(&self.after.environments) {
            let Some(found) = there.iter().find(|it| it.row.key == part.key.as_str()) else {
                let row = new_environment(tx, self.project, part, position);
                environment::Entity::insert(row.clone().into_active_model())
                    .exec_without_returning(tx.db())
                    .await?;
                let event = Event::environment_created(Resource::new("environment", row.id, &part.key));
                done.events.push(event.in_environment(row.id).documents(None, Some(write_json(part)?)));
                created.push(row.id);
                continue;
            };
            let row = &found.row;
            let before = EnvironmentPart {
                key: part.key.clone(),
                name: row.name.clone(),
                color: row.color.clone(),
                protected: row.protected,
            };
            if before == *part && row.position == position {
                continue;
            }
            let mut active = row.clone().into_active_model();
            active.name = Set(part.name.clone());
            active.color = Set(part.color.clone());
            active.protected = Set(part.protected);
            active.position = Set(position);
            // Its revision is not written.
            active.revision = NotSet;
            environment::Entity::update(active).exec(tx.db()).await?;
            let resource = Resource::new("environment", row.id, &part.key);
            let documents = (Some(write_json(&before)?), Some(write_json(part)?));
            if before.protected != part.protected {
                let event = Event::environment_protected(resource).in_environment(row.id);
                done.events.push(event.documents(documents.0, documents.1));
            } else if before != *part {
                let event = Event::environment_updated(resource).in_environment(row.id);
                done.events.push(event.documents(documents.0, documents.1));
            }
        }
        let mut all = there;
        if !created.is_empty() {
            let new = tx.environments(self.project).await?.into_iter();
            all.extend(new.filter(|environment| created.contains(&environment.row.id)));
        }
        Ok(all)
    }
}

fn new_environment(
    tx: &ChangeTx,
    project: ProjectId,
    part: &EnvironmentPart,
    position: i64,
) -> environment::Model {
    environment::Model {
        id: tx.new_id::<EnvironmentId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: part.key.to_string(),
        name: part.name.clone(),
        color: part.color.clone(),
        position,
        protected: part.protected,
        revision: 0,
        created_at: tx.now(),
    }
}
