//! Flags in the database. Every function takes a change, so that none can be called without one.

use domain::flags::{Configuration, FlagRow, Served};
use domain::{Error as Refusal, FlagKey, ProjectId};
use engine::ruleset::{self, FORMAT, Kind, SEMANTICS, ValueType, Variation};
use entity::{flag, flag_configuration, flag_tag};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::de::DeserializeOwned;

use crate::change::{ChangeTx, ChangingEnvironment, DocumentChange};
use crate::error::{Error, Result};
use crate::scope::stored;

/// A flag in one environment, locked for a change.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) flag: flag::Model,
    pub(super) variations: Vec<Variation>,
    pub(super) configuration: Configuration,
    /// The configuration's version.
    pub(super) version: i64,
}

/// Locks a flag and its configuration in an environment.
pub(super) async fn lock(
    tx: &ChangeTx,
    project: ProjectId,
    key: &FlagKey,
    environment: &ChangingEnvironment,
) -> Result<Stored> {
    let missing = || Refusal::not_found(format!("flag `{key}`"));
    let flag = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(tx.org_id()))
        .filter(flag::Column::ProjectId.eq(project))
        .filter(flag::Column::Key.eq(key.as_str()))
        .filter(flag::Column::ArchivedAt.is_null())
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or_else(missing)?;
    let row = flag_configuration::Entity::find_by_id((flag.id, environment.row.id))
        .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or_else(missing)?;
    read(&flag, &row)
}

/// Reads a flag and its configuration from their rows.
pub(super) fn read(flag: &flag::Model, row: &flag_configuration::Model) -> Result<Stored> {
    let variations = read_json(&flag.variations, || format!("the variations of `{}`", flag.key))?;
    let configuration = read_json(&row.body, || format!("the configuration of `{}`", flag.key))?;
    Ok(Stored { flag: flag.clone(), variations, configuration, version: row.version })
}

/// A flag whose configuration cannot be read, as a list shows it. Evaluation answers with the caller's default.
pub(super) fn broken_view(
    flag: &flag::Model,
    version: i64,
    tags: Vec<String>,
    updated_at: domain::Millis,
) -> Result<FlagRow> {
    Ok(FlagRow {
        key: stored(&flag.key)?,
        name: flag.name.clone(),
        description: flag.description.clone(),
        kind: kind(&flag.kind)?,
        value_type: value_type(&flag.value_type)?,
        tags,
        enabled: false,
        served: None,
        version,
        updated_at,
    })
}

/// Writes a flag's first configuration in an environment, and its document.
pub(super) async fn insert(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<()> {
    flag_configuration::Entity::insert(row(tx, environment, stored)?).exec_without_returning(tx.db()).await?;
    stage(tx, environment, stored)
}

/// Replaces a flag's configuration in an environment, and its document.
pub(super) async fn save(
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

fn stage(tx: &mut ChangeTx, environment: &ChangingEnvironment, stored: &Stored) -> Result<()> {
    let document = Some(stored.document()?);
    let key = stored.flag.key.clone();
    tx.stage(
        environment,
        DocumentChange { kind: "flag", key, format: FORMAT, semantics: SEMANTICS, document },
    );
    Ok(())
}

/// Writes a flag's tags.
pub(super) async fn insert_tags(tx: &ChangeTx, flag: &flag::Model, tags: Vec<String>) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let row = |tag| flag_tag::ActiveModel { org_id: Set(flag.org_id), flag_id: Set(flag.id), tag: Set(tag) };
    flag_tag::Entity::insert_many(tags.into_iter().map(row)).exec_without_returning(tx.db()).await?;
    Ok(())
}

impl Stored {
    /// Refuses where another version is there than the one that the author saw.
    pub(super) fn expect_version(&self, seen: i64) -> Result<()> {
        if self.version == seen {
            return Ok(());
        }
        let message = format!("`{}` was changed in the meantime", self.flag.key);
        Err(Refusal::Conflict { message, seen: Some(seen), current: Some(self.version) }.into())
    }

    /// The document that evaluation reads: written once, as the bytes that hashes and rebuilds use.
    pub(super) fn document(&self) -> Result<String> {
        write_json(&self.flag_document()?)
    }

    pub(super) fn flag_document(&self) -> Result<ruleset::Flag> {
        let Configuration { enabled, off_variation, window, prerequisites, overrides, rules, fallthrough } =
            self.configuration.clone();
        Ok(ruleset::Flag {
            format: FORMAT,
            semantics: SEMANTICS,
            key: self.flag.key.clone(),
            version: u64::try_from(self.version).map_err(|_| Error::Invariant("a version is negative"))?,
            kind: kind(&self.flag.kind)?,
            value_type: value_type(&self.flag.value_type)?,
            client_side: self.flag.client_side,
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
    pub(super) fn view(&self, tags: Vec<String>, updated_at: domain::Millis) -> Result<FlagRow> {
        Ok(FlagRow {
            key: stored(&self.flag.key)?,
            name: self.flag.name.clone(),
            description: self.flag.description.clone(),
            kind: kind(&self.flag.kind)?,
            value_type: value_type(&self.flag.value_type)?,
            tags,
            enabled: self.configuration.enabled,
            served: Some(Served::of(&self.configuration)),
            version: self.version,
            updated_at,
        })
    }
}

pub(super) fn kind(name: &str) -> Result<Kind> {
    Kind::from_name(name).ok_or(Error::Invariant("a stored kind is no kind"))
}

pub(super) fn value_type(name: &str) -> Result<ValueType> {
    ValueType::from_name(name).ok_or(Error::Invariant("a stored value type is no value type"))
}

pub(super) fn read_json<T: DeserializeOwned>(text: &str, what: impl FnOnce() -> String) -> Result<T> {
    serde_json::from_str(text).map_err(|source| Error::Corrupt { what: what(), source })
}

pub(super) fn write_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|source| Error::Corrupt { what: "a document to be written".into(), source })
}
