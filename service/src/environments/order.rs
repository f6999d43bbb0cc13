use domain::Error as Refusal;
use domain::access::Action;
use domain::environments::{EnvironmentView, OrderEnvironments};
use entity::environment;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::read::{self, view};
use super::{Environments, store};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Environments<'_> {
    /// Puts a project's environments into another order.
    ///
    /// # Errors
    /// When the actor may not in one of them, or the order does not name each of them once.
    pub async fn order(&self, actor: &Actor, command: OrderEnvironments) -> Result<Vec<EnvironmentView>> {
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageEnvironments, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.project(project.id).await?;
                    tx.environments(project.id).await?;
                    let before = read::rows(tx.db(), tx.org_id(), project.id).await?;
                    let mut after: Vec<environment::Model> = Vec::with_capacity(before.len());
                    for key in &command.order {
                        let is_new = after.iter().all(|row| row.key != key.as_str());
                        let row = before.iter().find(|row| is_new && row.key == key.as_str());
                        after.push(row.ok_or_else(|| incomplete(&before))?.clone());
                    }
                    if after.len() != before.len() {
                        return Err(incomplete(&before).into());
                    }
                    let views = after.iter().cloned().map(view).collect::<Result<_>>()?;
                    let (old, new) = (keys(&before), keys(&after));
                    if old == new {
                        tx.abandon();
                        return Ok((views, Event::nothing()));
                    }
                    let resource = Resource::new("project", project.id, &project.key);
                    let event = store::reordered(resource, &old, &new);
                    for (position, row) in (0_i64..).zip(&after) {
                        let row = environment::ActiveModel {
                            id: Set(row.id),
                            position: Set(position),
                            ..Default::default()
                        };
                        row.update(tx.db()).await?;
                    }
                    Ok((views, event))
                })
            })
            .await
    }
}

fn keys(rows: &[environment::Model]) -> Vec<&str> {
    rows.iter().map(|row| row.key.as_str()).collect()
}

fn incomplete(rows: &[environment::Model]) -> Refusal {
    let keys: Vec<_> = rows.iter().map(|row| format!("`{}`", row.key)).collect();
    Refusal::invalid("order", format!("must name each environment once: {}", keys.join(", ")))
}
