use domain::Error as Refusal;
use domain::access::Action;
use domain::environments::DeleteEnvironment;
use entity::environment;
use sea_orm::EntityTrait;
use serde_json::json;

use super::{Environments, read};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Environments<'_> {
    /// Deletes an environment with what flags and segments do there, its history and its API keys. Applications that ask
    /// with those are refused from then on.
    ///
    /// # Errors
    /// When the actor may not, the environment does not exist, its key is not typed right, or it is the project's last one.
    pub async fn delete(&self, actor: &Actor, command: DeleteEnvironment) -> Result<()> {
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageEnvironments, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let row = tx.environment(project.id, &command.environment).await?.row;
                    if command.confirm.trim() != row.key {
                        return Err(Refusal::invalid("confirm", format!("type `{}`", row.key)).into());
                    }
                    if read::rows(tx.db(), tx.org_id(), project.id).await?.len() == 1 {
                        return Err(Refusal::conflict("a project keeps its last environment").into());
                    }
                    environment::Entity::delete_by_id(row.id).exec(tx.db()).await?;
                    tx.access_changed();
                    Ok(((), deleted(&row)))
                })
            })
            .await
    }
}

/// An environment is gone.
pub(crate) fn deleted(row: &environment::Model) -> Event {
    let document = json!({ "name": row.name, "color": row.color, "protected": row.protected });
    Event::environment_deleted(Resource::new("environment", row.id, &row.key))
        .in_environment(row.id)
        .documents(Some(document.to_string()), None)
}
