use domain::access::Action;
use domain::environments::Color;
use domain::orgs::ProjectView;
use domain::projects::{CreateProject, NewEnvironment};
use domain::{ProjectId, ProjectKey};
use entity::{environment, project};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use super::Projects;
use super::read::view;
use crate::change::ChangeTx;
use crate::environments::store;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::once::Replay;
use crate::scope::stored;
use crate::{Actor, scope};

/// The key of the project that every organization starts with.
pub(crate) const DEFAULT_PROJECT: &str = "default";

impl Replay for ProjectView {}

impl Projects<'_> {
    /// Creates a project with its first environments.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or the key is taken.
    pub async fn create(&self, actor: &Actor, command: CreateProject) -> Result<ProjectView> {
        command.check()?;
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::ManageProjects, org.place()).await?;
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    let CreateProject { organization: _, key, name, environments } = command;
                    let environments = environments.map_or_else(usual, Ok)?;
                    let row = insert(tx, &key, name, &environments).await?;
                    tx.enter_project(row.id);
                    let document = json!({ "name": &row.name, "environments": environments }).to_string();
                    let event = Event::project_created(Resource::new("project", row.id, key))
                        .documents(None, Some(document));
                    Ok((view(row)?, event))
                })
            })
            .await
    }
}

/// The environments that a project starts with unless others are given.
fn usual() -> Result<Vec<NewEnvironment>> {
    let usual = [
        ("dev", "Development", Color::Sky),
        ("staging", "Staging", Color::Amber),
        ("prod", "Production", Color::Rose),
    ];
    let environment = |(key, name, color): (_, &str, _)| {
        Ok(NewEnvironment { key: stored(key)?, name: name.to_owned(), color, protected: false })
    };
    usual.into_iter().map(environment).collect()
}

/// Writes the project that an organization starts with.
pub(crate) async fn insert_default(tx: &ChangeTx) -> Result<()> {
    insert(tx, &stored(DEFAULT_PROJECT)?, "Default".to_owned(), &usual()?).await.map(drop)
}

async fn insert(
    tx: &ChangeTx,
    key: &ProjectKey,
    name: String,
    environments: &[NewEnvironment],
) -> Result<project::Model> {
    let row = project::Model {
        id: tx.new_id::<ProjectId>(),
        org_id: tx.org_id(),
        key: key.to_string(),
        name_lower: name.to_lowercase(),
        name,
        created_at: tx.now(),
    };
    project::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.db())
        .await
        .map_err(|error| Error::on_unique(error, || format!("a project has the key `{key}` already")))?;
    let rows = (0_i64..)
        .zip(environments)
        .map(|(position, new)| store::row(tx, row.id, new, position).into_active_model());
    environment::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    Ok(row)
}
