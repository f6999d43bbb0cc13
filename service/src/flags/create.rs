use domain::access::Action;
use domain::flags::{Configuration, CreateFlag};
use domain::{FlagId, FlagKey};
use engine::ruleset::Kind;
use entity::flag;
use sea_orm::{EntityTrait, IntoActiveModel};

use super::Flags;
use super::store::{self, Stored};
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Flags<'_> {
    /// Creates a flag in every environment of its project, switched off.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or the key is taken.
    pub async fn create(&self, actor: &Actor, command: CreateFlag) -> Result<FlagKey> {
        command.check()?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::CreateFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let CreateFlag {
                        project: _,
                        key,
                        name,
                        description,
                        kind,
                        value_type,
                        client_side,
                        variations,
                        mut tags,
                        configuration,
                    } = command;
                    tags.sort();
                    tags.dedup();
                    let row = flag::Model {
                        id: tx.new_id::<FlagId>(),
                        org_id: tx.org_id(),
                        project_id: project.id,
                        key: key.to_string(),
                        key_lower: key.as_str().to_lowercase(),
                        name_lower: name.to_lowercase(),
                        name,
                        description_lower: description.to_lowercase(),
                        description,
                        kind: kind.as_str().to_owned(),
                        value_type: value_type.as_str().to_owned(),
                        client_side,
                        variations: store::write_json(&variations)?,
                        owner_id: tx.person(),
                        expires_at: None,
                        archived_at: None,
                        version: 1,
                        created_at: tx.now(),
                        updated_at: tx.now(),
                        temporary: false,
                    };
                    flag::Entity::insert(row.clone().into_active_model())
                        .exec_without_returning(tx.db())
                        .await
                        .map_err(|error| {
                            Error::on_unique(error, || format!("a flag has the key `{key}` already"))
                        })?;
                    store::insert_tags(tx, &row, tags).await?;
                    let is_own = configuration.is_some();
                    let configuration = match configuration {
                        Some(configuration) => Configuration { enabled: false, ..configuration },
                        None => first_configuration(kind, &variations)?,
                    };
                    let stored = Stored { flag: row, variations, configuration, version: 1 };
                    for environment in tx.environments(project.id).await? {
                        if is_own {
                            stored.check_compiles(tx, &environment).await?;
                        }
                        store::insert(tx, &environment, &stored).await?;
                    }
                    let event = Event::flag_created(Resource::new("flag", stored.flag.id, &key))
                        .documents(None, Some(stored.document()?));
                    Ok((key, event))
                })
            })
            .await
    }
}

/// What a new flag does once it is switched on: the kinds that serve through rules serve "off" until they have some.
fn first_configuration(kind: Kind, variations: &[engine::ruleset::Variation]) -> Result<Configuration> {
    let (Some(on), Some(off)) = (variations.first(), variations.last()) else {
        return Err(Error::Invariant("a checked flag has variations"));
    };
    let served = match kind {
        Kind::Boolean | Kind::Percentage | Kind::Advanced => on,
        Kind::Segment | Kind::Combined => off,
    };
    Ok(Configuration::fixed(served.key.clone(), off.key.clone()))
}
