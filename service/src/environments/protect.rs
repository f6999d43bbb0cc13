use domain::access::Action;
use domain::environments::{EnvironmentView, ProtectEnvironment};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::{Environments, read::view};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Environments<'_> {
    /// Protects an environment, or stops protecting it. What it serves stays the same, so its revision does too.
    ///
    /// # Errors
    /// When the actor may not, or the environment does not exist.
    pub async fn protect(&self, actor: &Actor, command: ProtectEnvironment) -> Result<EnvironmentView> {
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageEnvironments, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let environment = tx.environment(project.id, &command.environment).await?;
                    let before = environment.row.protected;
                    let mut row = environment.row.into_active_model();
                    row.protected = Set(command.protected);
                    let row = row.update(tx.db()).await?;
                    let event = Event::environment_protected(Resource::new("environment", row.id, &row.key))
                        .in_environment(row.id)
                        .documents(Some(before.to_string()), Some(row.protected.to_string()));
                    Ok((view(row)?, event))
                })
            })
            .await
    }
}
