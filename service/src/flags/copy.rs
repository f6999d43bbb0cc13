use std::collections::BTreeMap;

use domain::access::Action;
use domain::flags::{Configuration, CopyFlag, FlagCopy, FlagView};
use domain::{Error as Refusal, FieldError};
use entity::{environment, flag, flag_configuration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::create::Draft;
use super::definition::{Does, first_definition};
use super::store::{self, Lives, Stored};
use super::{Flags, read, view};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::{Actor, orgs, scope};

impl Flags<'_> {
    /// Copies a flag and what it does everywhere to another key, in its own project or another one of the organization.
    /// Environments go by their keys.
    ///
    /// # Errors
    /// When the actor may not, the flag or the other project does not exist, the key is taken, or the flag refers to what
    /// the other project does not have.
    pub async fn copy(&self, actor: &Actor, command: CopyFlag) -> Result<FlagView> {
        domain::validate(&command)?;
        let reader = self.0.reader();
        let from = scope::project(reader, actor, &command.project).await?;
        let to = match &command.copy.project {
            Some(name) => {
                let organization = &command.project.organization;
                let named = self.0.projects().named(actor, organization, Some(name)).await?;
                scope::project(reader, actor, &named).await?
            }
            None => from.clone(),
        };
        let grant = self.0.grant(actor, Action::CreateFlag, to.org.place()).await?;
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    let CopyFlag { project: _, key: of, copy } = command;
                    let FlagCopy { key, project: _, name, keep_state, comment } = copy;
                    tx.project(to.id).await?;
                    let environments = tx.environments(to.id).await?;
                    let original = store::lock_flag(tx, from.id, &of, Lives::Either).await?;
                    let sources = sources(tx, &original).await?;
                    let draft = Draft {
                        project: to.id,
                        key,
                        name: name.unwrap_or_else(|| original.name.clone()),
                        description: original.description.clone(),
                        kind: store::kind(&original.kind)?,
                        value_type: store::value_type(&original.value_type)?,
                        client_side: original.client_side,
                        variations: store::read_json(&original.variations, || format!("`{of}`"))?,
                        tags: read::tags_of(tx.db(), &original).await?,
                        owner: tx.person(),
                        temporary: original.temporary,
                        // What has passed is nothing to plan with.
                        expires_at: original.expires_at.filter(|at| *at > tx.now()),
                    };
                    let tags = draft.tags.clone();
                    let first = Configuration::preset(draft.kind, &draft.variations)?;
                    let stored = draft.insert(tx, first.clone()).await?;
                    let (mut details, mut does) = (Vec::new(), BTreeMap::new());
                    for environment in environments {
                        let source = sources.iter().find(|(key, _)| *key == environment.row.key);
                        let configuration = source.map_or(&first, |(_, source)| &source.configuration);
                        let enabled = keep_state && configuration.enabled;
                        if enabled {
                            expect_enable(tx, &environment, comment.as_deref()).await?;
                        }
                        let configuration = Configuration { enabled, ..configuration.clone() };
                        does.insert(scope::stored(&environment.row.key)?, configuration.clone());
                        let stored = Stored { configuration, ..stored.clone() };
                        details.extend(lacks(tx, &environment, &stored).await?);
                        store::insert(tx, &environment, &stored).await?;
                    }
                    Refusal::refuse(details)?;
                    let resource = Resource::new("flag", stored.flag.id, &stored.flag.key);
                    let document = first_definition(&stored.flag, &tags, Does::Environments(&does))?;
                    let event =
                        Event::flag_created(resource).documents(None, Some(document)).comment(comment);
                    Ok((view::after(tx, &stored.flag).await?, event))
                })
            })
            .await
    }
}

/// What a flag does in its environments, by their keys. They are read, not changed, so that nothing is asked of them.
async fn sources(tx: &ChangeTx, flag: &flag::Model) -> Result<Vec<(String, Stored)>> {
    let rows = environment::Entity::find()
        .filter(environment::Column::OrgId.eq(tx.org_id()))
        .filter(environment::Column::ProjectId.eq(flag.project_id))
        .all(tx.db())
        .await?;
    let configurations = flag_configuration::Entity::find()
        .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
        .filter(flag_configuration::Column::FlagId.eq(flag.id))
        .all(tx.db())
        .await?;
    let of = |configuration: flag_configuration::Model| {
        let environment = rows.iter().find(|row| row.id == configuration.environment_id);
        let environment = environment.ok_or(Error::Invariant("a configuration has no environment"))?;
        Ok((environment.key.clone(), store::read(flag, &configuration)?))
    };
    configurations.into_iter().map(of).collect()
}

/// A copy that is on takes what switching on does.
async fn expect_enable(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    comment: Option<&str>,
) -> Result<()> {
    let whose = (tx.org_id(), tx.person(), tx.role());
    orgs::may_at(tx.db(), whose, Action::EnableFlag, &environment.row).await?;
    let is_said = comment.is_some_and(|comment| !comment.trim().is_empty());
    match environment.row.protected && tx.person().is_some() && !is_said {
        true => Err(Refusal::invalid("comment", "is needed in a protected environment: say why").into()),
        false => Ok(()),
    }
}

/// What the copy refers to and does not find.
async fn lacks(tx: &ChangeTx, environment: &ChangingEnvironment, stored: &Stored) -> Result<Vec<FieldError>> {
    let Err(error) = stored.check_compiles(tx, environment).await else { return Ok(Vec::new()) };
    let Error::Refused(Refusal::Invalid { details }) = error else { return Err(error) };
    let place = format!("environments.{}", environment.row.key);
    Ok(details.into_iter().map(|detail| detail.below(&place)).collect())
}
