use domain::Error as Refusal;
use domain::access::Action;
use domain::environments::{CreateEnvironment, EnvironmentView};
use domain::projects::{MAX_ENVIRONMENTS, NewEnvironment};
use entity::environment;
use sea_orm::{EntityTrait, IntoActiveModel};

use super::read::{self, view};
use super::{Environments, store};
use crate::change::ChangingEnvironment;
use crate::error::{Error, Result};
use crate::once::Replay;
use crate::{Actor, scope};

impl Replay for EnvironmentView {}

impl Environments<'_> {
    /// Creates an environment, the last in its project's order. Flags and segments do there what they do in another one,
    /// or are off and empty.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, the key is taken, or there is nothing to copy from.
    pub async fn create(&self, actor: &Actor, command: CreateEnvironment) -> Result<EnvironmentView> {
        command.check()?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageEnvironments, project.org.place()).await?;
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    tx.project(project.id).await?;
                    let CreateEnvironment { project: _, key, name, color, protected, copy_from } = command;
                    // The organization is locked, so nobody changes them meanwhile.
                    let others = read::rows(tx.db(), tx.org_id(), project.id).await?;
                    if others.len() >= MAX_ENVIRONMENTS {
                        let message = format!("a project has at most {MAX_ENVIRONMENTS} environments");
                        return Err(Refusal::conflict(message).into());
                    }
                    let find = |key: &domain::EnvironmentKey| {
                        let found = others.iter().find(|row| row.key == key.as_str()).cloned();
                        found.ok_or_else(|| {
                            Refusal::invalid("copy_from", format!("there is no environment `{key}`"))
                        })
                    };
                    let source = copy_from.as_ref().map(find).transpose()?;
                    let position = others.iter().map(|row| row.position + 1).max().unwrap_or_default();
                    let new = NewEnvironment { key: key.clone(), name, color, protected };
                    let row = store::row(tx, project.id, &new, position);
                    environment::Entity::insert(row.clone().into_active_model())
                        .exec_without_returning(tx.db())
                        .await
                        .map_err(|error| {
                            Error::on_unique(error, || format!("an environment has the key `{key}` already"))
                        })?;
                    let mut made = ChangingEnvironment::made(row);
                    super::fill::fill(tx, &made, source.as_ref()).await?;
                    let event = store::created(&made.row, copy_from.as_ref());
                    made.row.revision = tx.next_revision(&made).unwrap_or(made.row.revision);
                    Ok((view(made.row)?, event))
                })
            })
            .await
    }
}
