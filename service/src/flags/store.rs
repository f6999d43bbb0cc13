//! Flags in the database, for changes. What reads or writes rows takes a change, so that it cannot be called without one; the
//! rest says what rows mean.

use std::collections::{BTreeMap, HashMap};

use domain::flags::{Configuration, FlagRow, Served};
use domain::{Error as Refusal, FlagKey, ProjectId};
use engine::ruleset::{self, FORMAT, Kind, SEMANTICS, ValueType, Variation};
use entity::{flag, flag_configuration, flag_tag, tombstone};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde::de::DeserializeOwned;

use crate::change::{ChangeTx, ChangingEnvironment, DocumentChange, ROWS};
use crate::error::{Error, Result};
use crate::scope::stored;

/// A flag in one environment, locked for a change.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) flag: flag::Model,
    pub(crate) variations: Vec<Variation>,
    pub(crate) configuration: Configuration,
    /// The configuration's version.
    pub(crate) version: i64,
}

/// Which flags are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lives {
    /// Those that are served.
    Active,
    /// Those and the ones that are archived.
    Either,
}

/// Locks a flag and its configuration in an environment.
pub(crate) async fn lock(
    tx: &ChangeTx,
    project: ProjectId,
    key: &FlagKey,
    environment: &ChangingEnvironment,
) -> Result<Stored> {
    let flag = lock_flag(tx, project, key, Lives::Active).await?;
    let mut found = lock_configurations(tx, &flag, std::slice::from_ref(environment)).await?;
    found.pop().ok_or_else(|| missing(key).into())
}

/// Locks a flag.
pub(crate) async fn lock_flag(
    tx: &ChangeTx,
    project: ProjectId,
    key: &FlagKey,
    lives: Lives,
) -> Result<flag::Model> {
    let row = of_project(tx, project, lives)
        .filter(flag::Column::Key.eq(key.as_str()))
        .lock_exclusive()
        .one(tx.db())
        .await?;
    Ok(row.ok_or_else(|| missing(key))?)
}

/// Locks what a flag does in environments, in their order.
pub(crate) async fn lock_configurations(
    tx: &ChangeTx,
    flag: &flag::Model,
    environments: &[ChangingEnvironment],
) -> Result<Vec<Stored>> {
    let rows = flag_configuration::Entity::find()
        .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
        .filter(flag_configuration::Column::FlagId.eq(flag.id))
        .filter(flag_configuration::Column::EnvironmentId.is_in(environments.iter().map(|it| it.row.id)))
        .lock_exclusive()
        .all(tx.db())
        .await?;
    let find = |environment: &ChangingEnvironment| {
        let row = rows.iter().find(|row| row.environment_id == environment.row.id);
        read(flag, row.ok_or(Error::Invariant("a flag lacks a configuration"))?)
    };
    environments.iter().map(find).collect()
}

/// Locks flags that are served and what they do in an environment, by key: those with these keys, or all.
pub(crate) async fn lock_many(
    tx: &ChangeTx,
    project: ProjectId,
    environment: &ChangingEnvironment,
    keys: Option<&[FlagKey]>,
) -> Result<BTreeMap<String, Stored>> {
    let mut flags = of_project(tx, project, Lives::Active);
    if let Some(keys) = keys {
        flags = flags.filter(flag::Column::Key.is_in(keys.iter().map(FlagKey::as_str)));
    }
    let flags = flags.order_by_asc(flag::Column::Id).lock_exclusive().all(tx.db()).await?;
    let rows = flag_configuration::Entity::find()
        .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
        .filter(flag_configuration::Column::EnvironmentId.eq(environment.row.id))
        .lock_exclusive()
        .all(tx.db())
        .await?;
    let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.flag_id, row)).collect();
    let mut found = BTreeMap::new();
    for flag in flags {
        let row = rows.get(&flag.id).ok_or(Error::Invariant("a flag lacks a configuration"))?;
        found.insert(flag.key.clone(), read(&flag, row)?);
    }
    Ok(found)
}

fn of_project(tx: &ChangeTx, project: ProjectId, lives: Lives) -> Select<flag::Entity> {
    let flags = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(tx.org_id()))
        .filter(flag::Column::ProjectId.eq(project));
    match lives {
        Lives::Active => flags.filter(flag::Column::ArchivedAt.is_null()),
        Lives::Either => flags,
    }
}

fn missing(key: &FlagKey) -> Refusal {
    Refusal::not_found(format!("flag `{key}`"))
}

/// Reads a flag and its configuration from their rows.
pub(crate) fn read(flag: &flag::Model, row: &flag_configuration::Model) -> Result<Stored> {
    let variations = read_json(&flag.variations, || format!("the variations of `{}`", flag.key))?;
    let configuration = read_json(&row.body, || format!("the configuration of `{}`", flag.key))?;
    Ok(Stored { flag: flag.clone(), variations, configuration, version: row.version })
}

/// Writes a flag's first configuration in an environment, and its document.
pub(crate) async fn insert(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<()> {
    flag_configuration::Entity::insert(row(tx, environment, stored)?).exec_without_returning(tx.db()).await?;
    stage(tx, environment, stored)
}

/// Writes new flags, without tags.
pub(crate) async fn insert_flags(tx: &ChangeTx, flags: &[Stored]) -> Result<()> {
    for flags in flags.chunks(ROWS) {
        let rows = flags.iter().map(|stored| stored.flag.clone().into_active_model());
        flag::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// Writes the first configurations of flags in an environment, and their documents.
pub(crate) async fn insert_many(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    flags: &[Stored],
) -> Result<()> {
    insert_rows(tx, environment, flags).await?;
    flags.iter().try_for_each(|stored| stage(tx, environment, stored))
}

/// Writes the first configurations of archived flags in an environment, where nothing serves them.
pub(crate) async fn insert_rows(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    flags: &[Stored],
) -> Result<()> {
    for flags in flags.chunks(ROWS) {
        let rows = flags.iter().map(|stored| row(tx, environment, stored)).collect::<Result<Vec<_>>>()?;
        flag_configuration::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// Replaces an archived flag's configuration in an environment, where nothing serves it.
pub(crate) async fn save_row(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<()> {
    flag_configuration::Entity::update(row(tx, environment, stored)?).exec(tx.db()).await?;
    Ok(())
}

/// Replaces a flag's configuration in an environment, and its document.
pub(crate) async fn save(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<()> {
    flag_configuration::Entity::update(row(tx, environment, stored)?).exec(tx.db()).await?;
    stage(tx, environment, stored)
}

fn row(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<flag_configuration::ActiveModel> {
    Ok(flag_configuration::ActiveModel {
        org_id: Set(tx.org_id()),
        flag_id: Set(stored.flag.id),
        environment_id: Set(environment.row.id),
        enabled: Set(stored.configuration.enabled),
        share: Set(Served::of(&stored.configuration).share.into()),
        body: Set(write_json(&stored.configuration)?),
        version: Set(stored.version),
        updated_at: Set(tx.now()),
    })
}

/// Takes a flag's document out of an environment: it is served no more.
pub(crate) fn withdraw(tx: &mut ChangeTx, environment: &ChangingEnvironment, flag: &flag::Model) {
    let key = flag.key.clone();
    let change = DocumentChange { kind: "flag", key, format: FORMAT, semantics: SEMANTICS, document: None };
    tx.stage(environment, change);
}

/// Writes a flag's document in an environment, which evaluation reads.
pub(crate) fn stage(tx: &mut ChangeTx, environment: &ChangingEnvironment, stored: &Stored) -> Result<()> {
    let document = Some(stored.document()?);
    let key = stored.flag.key.clone();
    tx.stage(
        environment,
        DocumentChange { kind: "flag", key, format: FORMAT, semantics: SEMANTICS, document },
    );
    Ok(())
}

/// Replaces what a flag is in all environments. Its documents are staged where they change.
pub(crate) async fn update_flag(tx: &ChangeTx, flag: &flag::Model) -> Result<()> {
    flag::Entity::update(flag.clone().into_active_model().reset_all()).exec(tx.db()).await?;
    Ok(())
}

/// The last version that a deleted flag or segment with this key had; 0 where there was none.
pub(crate) async fn last_version(tx: &ChangeTx, project: ProjectId, kind: &str, key: &str) -> Result<i64> {
    let id = (project, kind.to_owned(), key.to_owned());
    let row = tombstone::Entity::find_by_id(id)
        .filter(tombstone::Column::OrgId.eq(tx.org_id()))
        .one(tx.db())
        .await?;
    Ok(row.map_or(0, |row| row.last_version))
}

/// The last version that each deleted flag or segment of a project had, by key.
pub(crate) async fn last_versions(
    tx: &ChangeTx,
    project: ProjectId,
    kind: &str,
) -> Result<HashMap<String, i64>> {
    let rows = tombstone::Entity::find()
        .filter(tombstone::Column::OrgId.eq(tx.org_id()))
        .filter(tombstone::Column::ProjectId.eq(project))
        .filter(tombstone::Column::Kind.eq(kind))
        .all(tx.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.last_version)).collect())
}

/// Remembers the last version of a flag or a segment that is deleted.
pub(crate) async fn bury(
    tx: &ChangeTx,
    project: ProjectId,
    kind: &str,
    key: &str,
    last_version: i64,
) -> Result<()> {
    let row = tombstone::ActiveModel {
        org_id: Set(tx.org_id()),
        project_id: Set(project),
        kind: Set(kind.to_owned()),
        key: Set(key.to_owned()),
        last_version: Set(last_version),
        deleted_at: Set(tx.now()),
    };
    let id = [tombstone::Column::ProjectId, tombstone::Column::Kind, tombstone::Column::Key];
    let replace = OnConflict::columns(id)
        .update_columns([tombstone::Column::LastVersion, tombstone::Column::DeletedAt])
        .to_owned();
    tombstone::Entity::insert(row).on_conflict(replace).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Writes a flag's tags.
pub(crate) async fn insert_tags(tx: &ChangeTx, flag: &flag::Model, tags: Vec<String>) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let row = |tag: String| flag_tag::ActiveModel {
        org_id: Set(flag.org_id),
        flag_id: Set(flag.id),
        tag_lower: Set(tag.to_lowercase()),
        tag: Set(tag),
    };
    flag_tag::Entity::insert_many(tags.into_iter().map(row)).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Replaces a flag's tags.
pub(crate) async fn replace_tags(tx: &ChangeTx, flag: &flag::Model, tags: Vec<String>) -> Result<()> {
    flag_tag::Entity::delete_many()
        .filter(flag_tag::Column::OrgId.eq(flag.org_id))
        .filter(flag_tag::Column::FlagId.eq(flag.id))
        .exec(tx.db())
        .await?;
    insert_tags(tx, flag, tags).await
}

impl Stored {
    /// Refuses where another version is there than the one that the author saw.
    pub(crate) fn expect_version(&self, seen: i64) -> Result<()> {
        if self.version == seen {
            return Ok(());
        }
        let message = format!("`{}` was changed in the meantime", self.flag.key);
        Err(Refusal::Conflict { message, seen: Some(seen), current: Some(self.version) }.into())
    }

    /// The document that evaluation reads: written once, as the bytes that hashes and rebuilds use.
    pub(crate) fn document(&self) -> Result<String> {
        write_json(&self.flag_document()?)
    }

    pub(crate) fn flag_document(&self) -> Result<ruleset::Flag> {
        let Configuration {
            enabled,
            off_variation,
            track_events,
            window,
            prerequisites,
            overrides,
            rules,
            fallthrough,
        } = self.configuration.clone();
        let version = |version| u64::try_from(version).map_err(|_| Error::Invariant("a version is negative"));
        Ok(ruleset::Flag {
            format: FORMAT,
            semantics: SEMANTICS,
            key: self.flag.key.clone(),
            version: version(self.version)?,
            flag_version: version(self.flag.version)?,
            kind: kind(&self.flag.kind)?,
            value_type: value_type(&self.flag.value_type)?,
            client_side: self.flag.client_side,
            track_events,
            variations: self.variations.clone(),
            enabled,
            off_variation,
            window,
            prerequisites,
            overrides,
            rules,
            fallthrough,
        })
    }

    /// The flag as a list shows it.
    pub(crate) fn view(&self, tags: Vec<String>, updated_at: domain::Millis) -> Result<FlagRow> {
        Ok(FlagRow {
            key: stored(&self.flag.key)?,
            name: self.flag.name.clone(),
            description: self.flag.description.clone(),
            kind: kind(&self.flag.kind)?,
            value_type: value_type(&self.flag.value_type)?,
            tags,
            enabled: self.configuration.enabled,
            served: Served::of(&self.configuration),
            version: self.version,
            updated_at,
        })
    }
}

pub(crate) fn kind(name: &str) -> Result<Kind> {
    Kind::from_name(name).ok_or(Error::Invariant("a stored kind is no kind"))
}

pub(crate) fn value_type(name: &str) -> Result<ValueType> {
    ValueType::from_name(name).ok_or(Error::Invariant("a stored value type is no value type"))
}

pub(crate) fn read_json<T: DeserializeOwned>(text: &str, what: impl FnOnce() -> String) -> Result<T> {
    serde_json::from_str(text).map_err(|source| Error::Corrupt { what: what(), source })
}

pub(crate) fn write_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|source| Error::Corrupt { what: "a document to be written".into(), source })
}
