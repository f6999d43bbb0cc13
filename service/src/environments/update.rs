use domain::access::Action;
use domain::environments::{EnvironmentChanges, EnvironmentView, ProtectEnvironment, UpdateEnvironment};
use entity::environment;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::store::events;
use super::{Environments, read::view};
use crate::error::Result;
use crate::event::Event;
use crate::{Actor, scope};

impl Environments<'_> {
    /// Changes what an environment is called and looks like, and whether it is protected. What it serves stays the same, so
    /// its revision does too.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or the environment does not exist.
    pub async fn update(&self, actor: &Actor, command: UpdateEnvironment) -> Result<EnvironmentView> {
        domain::validate(&command.changes)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageEnvironments, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let before = tx.environment(project.id, &command.environment).await?.row;
                    let EnvironmentChanges { name, color, protected } = command.changes;
                    let mut row = before.clone();
                    row.name = name.unwrap_or(row.name);
                    row.color = color.map_or(row.color, |color| color.as_str().to_owned());
                    row.protected = protected.unwrap_or(row.protected);
                    let mut events = events(&before, &row).into_iter();
                    let Some(event) = events.next() else {
                        tx.abandon();
                        return Ok((view(row)?, Event::nothing()));
                    };
                    for event in events {
                        tx.also(tx.org_id(), event);
                    }
                    let active = environment::ActiveModel {
                        name: Set(row.name),
                        color: Set(row.color),
                        protected: Set(row.protected),
                        ..before.into_active_model()
                    };
                    Ok((view(active.update(tx.db()).await?)?, event))
                })
            })
            .await
    }

    /// Protects an environment, or stops protecting it.
    ///
    /// # Errors
    /// As [`Environments::update`].
    pub async fn protect(&self, actor: &Actor, command: ProtectEnvironment) -> Result<EnvironmentView> {
        let ProtectEnvironment { project, environment, protected } = command;
        let changes = EnvironmentChanges { protected: Some(protected), ..Default::default() };
        self.update(actor, UpdateEnvironment { project, environment, changes }).await
    }
}
