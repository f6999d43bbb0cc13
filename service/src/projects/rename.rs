use domain::access::Action;
use domain::orgs::ProjectView;
use domain::projects::RenameProject;
use entity::project;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;

use super::Projects;
use super::read::view;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Projects<'_> {
    /// Changes a project's name for people.
    ///
    /// # Errors
    /// When the actor may not, or the name is against the rules.
    pub async fn rename(&self, actor: &Actor, command: RenameProject) -> Result<ProjectView> {
        domain::validate(&command)?;
        let of = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageProjects, of.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.project(of.id).await?;
                    let before = super::read::lock(tx, of.id).await?;
                    if before.name == command.name {
                        tx.abandon();
                        return Ok((view(before)?, Event::nothing()));
                    }
                    let row = project::ActiveModel {
                        id: Set(before.id),
                        name_lower: Set(command.name.to_lowercase()),
                        name: Set(command.name),
                        ..Default::default()
                    };
                    let row = row.update(tx.db()).await?;
                    let event = renamed(&before, &row.name);
                    Ok((view(row)?, event))
                })
            })
            .await
    }
}

/// A project got another name.
pub(crate) fn renamed(before: &project::Model, after: &str) -> Event {
    let name = |name: &str| Some(json!({ "name": name }).to_string());
    Event::project_renamed(Resource::new("project", before.id, &before.key))
        .documents(name(&before.name), name(after))
}
