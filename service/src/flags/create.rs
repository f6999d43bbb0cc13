use domain::access::Action;
use domain::flags::{Configuration, CreateFlag, FirstOwner, FlagView, Start, check_key};
use domain::{Error as Refusal, FlagId, FlagKey, Millis, ProjectId, UserId};
use engine::ruleset::{Kind, ValueType, Variation};
use entity::{flag, member};
use sea_orm::{EntityTrait, IntoActiveModel};

use super::definition::{Does, first_definition};
use super::store::{self, Stored};
use super::{Flags, view};
use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::once::Replay;
use crate::{Actor, scope};

impl Replay for FlagView {}

impl Flags<'_> {
    /// Creates a flag in every environment of its project, switched off.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or the key is taken.
    pub async fn create(&self, actor: &Actor, command: CreateFlag) -> Result<FlagView> {
        command.check()?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::CreateFlag, project.org.place()).await?;
        self.0
            .create(grant, move |tx| {
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
                        tags,
                        owner,
                        temporary,
                        expires_at,
                        start,
                    } = command;
                    tx.project(project.id).await?;
                    let environments = tx.environments(project.id).await?;
                    expect_future(tx, expires_at)?;
                    let owner = match owner {
                        FirstOwner::Creator => tx.person(),
                        FirstOwner::Nobody => None,
                        FirstOwner::Member(member) => Some(expect_member(tx, member).await?),
                    };
                    let tags = sorted(tags);
                    let draft = Draft {
                        project: project.id,
                        key,
                        name,
                        description,
                        kind,
                        value_type,
                        client_side,
                        variations,
                        tags: tags.clone(),
                        owner,
                        temporary,
                        expires_at,
                    };
                    let configuration = start.configuration(draft.kind, &draft.variations)?;
                    let stored = draft.insert(tx, configuration).await?;
                    for environment in environments {
                        if start != Start::Preset {
                            let faults = stored.compile_faults(tx, &environment).await?;
                            Refusal::refuse(faults.into_iter().map(|fault| start.place(fault)).collect())?;
                        }
                        store::insert(tx, &environment, &stored).await?;
                    }
                    let resource = Resource::new("flag", stored.flag.id, &stored.flag.key);
                    let does = Does::Configuration(&stored.configuration);
                    let document = first_definition(&stored.flag, &tags, does)?;
                    let event = Event::flag_created(resource).documents(None, Some(document));
                    Ok((view::after(tx, &stored.flag).await?, event))
                })
            })
            .await
    }
}

/// What a flag is to be that is not there yet.
pub(crate) struct Draft {
    pub(crate) project: ProjectId,
    pub(crate) key: FlagKey,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) kind: Kind,
    pub(crate) value_type: ValueType,
    pub(crate) client_side: bool,
    pub(crate) variations: Vec<Variation>,
    /// In their order, each once.
    pub(crate) tags: Vec<String>,
    pub(crate) owner: Option<UserId>,
    pub(crate) temporary: bool,
    pub(crate) expires_at: Option<Millis>,
}

impl Draft {
    /// The flag's row, in its first version.
    pub(crate) fn row(&self, tx: &ChangeTx, version: i64) -> Result<flag::Model> {
        let Self {
            project,
            key,
            name,
            description,
            kind,
            value_type,
            client_side,
            variations,
            tags: _,
            owner,
            temporary,
            expires_at,
        } = self;
        Ok(flag::Model {
            id: tx.new_id::<FlagId>(),
            org_id: tx.org_id(),
            project_id: *project,
            key: key.to_string(),
            key_lower: key.as_str().to_lowercase(),
            name: name.clone(),
            name_lower: name.to_lowercase(),
            description: description.clone(),
            description_lower: description.to_lowercase(),
            kind: kind.as_str().to_owned(),
            value_type: value_type.as_str().to_owned(),
            client_side: *client_side,
            variations: store::write_json(variations)?,
            owner_id: *owner,
            expires_at: *expires_at,
            archived_at: None,
            version,
            created_at: tx.now(),
            updated_at: tx.now(),
            temporary: *temporary,
        })
    }

    /// Writes the flag, without what it does in environments. Versions go on after those of a deleted flag with its key.
    pub(super) async fn insert(self, tx: &ChangeTx, configuration: Configuration) -> Result<Stored> {
        Refusal::refuse(check_key(&self.key, "key".to_owned()))?;
        let version = store::last_version(tx, self.project, "flag", self.key.as_str()).await? + 1;
        let row = self.row(tx, version)?;
        let taken = || format!("a flag has the key `{}` already", self.key);
        flag::Entity::insert(row.clone().into_active_model())
            .exec_without_returning(tx.db())
            .await
            .map_err(|error| Error::on_unique(error, taken))?;
        store::insert_tags(tx, &row, self.tags).await?;
        Ok(Stored { flag: row, variations: self.variations, configuration, version })
    }
}

/// Tags as they are kept: each once.
pub(super) fn sorted(mut tags: Vec<String>) -> Vec<String> {
    tags.sort();
    tags.dedup();
    tags
}

/// Refuses an expiry that has passed.
pub(super) fn expect_future(tx: &ChangeTx, expires_at: Option<Millis>) -> Result<()> {
    match expires_at {
        Some(at) if at <= tx.now() => Err(Refusal::invalid("expires_at", "is not in the future").into()),
        _ => Ok(()),
    }
}

/// Refuses an owner who does not belong to the organization.
pub(super) async fn expect_member(tx: &ChangeTx, user: UserId) -> Result<UserId> {
    let row = member::Entity::find_by_id((tx.org_id(), user)).one(tx.db()).await?;
    match row {
        Some(_) => Ok(user),
        None => Err(Refusal::invalid("owner", "is no member of the organization").into()),
    }
}
