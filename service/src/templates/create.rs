use domain::access::Action;
use domain::orgs::ProjectRef;
use domain::templates::{CreateTemplate, Shape, Source, TemplateView};
use domain::{EnvironmentKey, Error as Refusal, FlagKey, ProjectId};
use entity::{environment, flag, flag_configuration, template};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{Templates, store};
use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::flags::read::tags_of;
use crate::flags::store as flags;
use crate::once::Replay;
use crate::{Actor, scope};

impl Replay for TemplateView {}

impl Templates<'_> {
    /// Creates a template.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, the flag that it is to be made of is not there, or the key
    /// is taken.
    pub async fn create(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        command: CreateTemplate,
    ) -> Result<TemplateView> {
        domain::validate(&command)?;
        let (key, source) = (command.key()?, command.source()?);
        if let Source::Shape(shape) = &source {
            store::check_compiles(shape).await?;
        }
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::ManageTemplates, project.org.place()).await?;
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    tx.project(project.id).await?;
                    let shape = match source {
                        Source::Shape(shape) => *shape,
                        Source::Flag(flag, environment) => {
                            of_flag(tx, project.id, &flag, &environment).await?
                        }
                    };
                    let words = (command.name, command.description);
                    let row = store::row(tx, project.id, &key, words, &shape)?;
                    let taken = || format!("a template has the key `{key}` already");
                    template::Entity::insert(row.clone().into_active_model())
                        .exec_without_returning(tx.db())
                        .await
                        .map_err(|error| Error::on_unique(error, taken))?;
                    let event = Event::template_created(Resource::new("template", row.id, &key))
                        .documents(None, Some(store::definition(&row)));
                    Ok((store::view(row)?, event))
                })
            })
            .await
    }
}

/// What a flag is and does in an environment.
async fn of_flag(
    tx: &ChangeTx,
    project: ProjectId,
    key: &FlagKey,
    environment: &EnvironmentKey,
) -> Result<Shape> {
    let environment = environment::Entity::find()
        .filter(environment::Column::OrgId.eq(tx.org_id()))
        .filter(environment::Column::ProjectId.eq(project))
        .filter(environment::Column::Key.eq(environment.as_str()))
        .one(tx.db())
        .await?
        .ok_or_else(|| Refusal::not_found(format!("environment `{environment}`")))?;
    let flag = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(tx.org_id()))
        .filter(flag::Column::ProjectId.eq(project))
        .filter(flag::Column::Key.eq(key.as_str()))
        .one(tx.db())
        .await?
        .ok_or_else(|| Refusal::not_found(format!("flag `{key}`")))?;
    let row = flag_configuration::Entity::find_by_id((flag.id, environment.id))
        .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
        .one(tx.db())
        .await?
        .ok_or(Error::Invariant("a flag lacks a configuration"))?;
    let stored = flags::read(&flag, &row)?;
    let shape = Shape {
        kind: flags::kind(&flag.kind)?,
        value_type: flags::value_type(&flag.value_type)?,
        client_side: flag.client_side,
        variations: stored.variations,
        tags: tags_of(tx.db(), &flag).await?,
        configuration: stored.configuration,
    };
    Ok(shape.neat())
}
