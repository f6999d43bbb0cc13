//! The project's name, and its environments.

use domain::environments::Color;
use domain::projects::NewEnvironment;
use domain::transfer::EnvironmentPart;
use entity::{environment, project};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

use super::{Apply, Done};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::environments::store;
use crate::error::{Error, Result};
use crate::event::Resource;
use crate::projects::rename::renamed;

impl Apply {
    pub(super) async fn rename(&self, tx: &ChangeTx, done: &mut Done) -> Result<()> {
        let (before, name) = (&self.rows.project, &self.after.project.name);
        if *name == before.name {
            return Ok(());
        }
        let row = project::ActiveModel {
            id: Set(before.id),
            name: Set(name.clone()),
            name_lower: Set(name.to_lowercase()),
            ..Default::default()
        };
        row.update(tx.db()).await?;
        done.events.push(renamed(before, name));
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
                let row = store::row(tx, self.project, &new(part)?, position);
                environment::Entity::insert(row.clone().into_active_model())
                    .exec_without_returning(tx.db())
                    .await?;
                done.events.push(store::created(&row, None));
                created.push(row);
                continue;
            };
            let after = environment::Model {
                name: part.name.clone(),
                color: part.color.clone(),
                protected: part.protected.unwrap_or(found.row.protected),
                position,
                ..found.row.clone()
            };
            if after != found.row {
                done.events.extend(store::events(&found.row, &after));
                update(tx, after).await?;
            }
        }
        self.reorder(&created, done);
        // Nothing was served in those before.
        Ok(there.into_iter().chain(created.into_iter().map(ChangingEnvironment::made)).collect())
    }

    /// Says that the order is another one: those that are new are no news at its end.
    fn reorder(&self, created: &[environment::Model], done: &mut Done) {
        let before: Vec<_> = self.rows.environments.iter().map(|row| row.key.as_str()).collect();
        let after: Vec<_> = self.after.environments.iter().map(|part| part.key.as_str()).collect();
        if !before.iter().copied().chain(created.iter().map(|row| row.key.as_str())).eq(after.iter().copied())
        {
            let project = Resource::new("project", self.project, &self.rows.project.key);
            done.events.push(store::reordered(project, &before, &after));
        }
    }
}

/// Everything but the revision.
async fn update(tx: &ChangeTx, row: environment::Model) -> Result<()> {
    let row = environment::ActiveModel {
        id: Set(row.id),
        name: Set(row.name),
        color: Set(row.color),
        protected: Set(row.protected),
        position: Set(row.position),
        ..Default::default()
    };
    row.update(tx.db()).await?;
    Ok(())
}

fn new(part: &EnvironmentPart) -> Result<NewEnvironment> {
    let EnvironmentPart { key, name, color, protected } = part.clone();
    let protected = protected.unwrap_or(false);
    let color = Color::from_name(&color).ok_or(Error::Invariant("a checked colour is none"))?;
    Ok(NewEnvironment { key, name, color, protected })
}
