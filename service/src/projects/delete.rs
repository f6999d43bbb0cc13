use domain::Error as Refusal;
use domain::access::Action;
use domain::projects::DeleteProject;
use entity::project;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::Projects;
use crate::environments::delete::deleted;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Projects<'_> {
    /// Deletes a project with everything in it. Applications that ask with its keys are refused from then on.
    ///
    /// # Errors
    /// When the actor may not, there or in one of its environments, the key is not typed right, or it is the organization's
    /// last project.
    pub async fn delete(&self, actor: &Actor, command: DeleteProject) -> Result<()> {
        let of = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageProjects, of.org.place()).await?;
        if command.confirm.trim() != of.key {
            return Err(Refusal::invalid("confirm", format!("type `{}`", of.key)).into());
        }
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.project(of.id).await?;
                    // Whoever may do less in one of them may not do away with it.
                    let environments = tx.environments(of.id).await?;
                    let row = super::read::lock(tx, of.id).await?;
                    let others = project::Entity::find()
                        .filter(project::Column::OrgId.eq(tx.org_id()))
                        .filter(project::Column::Id.ne(row.id));
                    if others.count(tx.db()).await? == 0 {
                        return Err(Refusal::conflict("an organization keeps its last project").into());
                    }
                    project::Entity::delete_by_id(row.id).exec(tx.db()).await?;
                    tx.access_changed();
                    let document = json!({ "name": row.name }).to_string();
                    let event = Event::project_deleted(Resource::new("project", row.id, &row.key))
                        .documents(Some(document), None);
                    let mut gone = environments.iter().map(|it| deleted(&it.row)).chain([event]);
                    let first = gone.next().ok_or(Error::Invariant("a project has no environment"))?;
                    gone.for_each(|event| tx.also(tx.org_id(), event));
                    Ok(((), first))
                })
            })
            .await
    }
}
