//! API keys in the database.

use std::collections::HashMap;

use domain::api_keys::{ApiKeyView, KeyCreator, KeyKind, KeyStatus};
use domain::{ApiKeyId, Error as Refusal, Millis, Network, ProjectId, UserId};
use entity::{api_key, environment, user_account};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;

use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::flags::store::{read_json, write_json};
use crate::scope::stored;
use crate::secrets::{Secrets, hex};

/// How much of the random part is shown afterwards.
const SHOWN: usize = 6;

/// A key that nobody has seen yet.
pub(super) struct Raw {
    /// The whole of it.
    pub(super) key: String,
    /// What is shown of it afterwards.
    pub(super) prefix: String,
}

impl Raw {
    pub(super) fn new(kind: KeyKind, environment: &str, token: &str) -> Self {
        let head = format!("{}_{environment}_", kind.prefix());
        let prefix = format!("{head}{}", token.chars().take(SHOWN).collect::<String>());
        Self { key: format!("{head}{token}"), prefix }
    }
}

/// What is stored of a raw key.
pub(super) fn hash(secrets: &Secrets, raw: &str) -> String {
    hex(&secrets.api_key_hash(raw))
}

pub(super) async fn insert(tx: &ChangeTx, row: &api_key::Model) -> Result<()> {
    api_key::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.db())
        .await
        .map_err(|error| Error::on_unique(error, || "this key exists already".into()))?;
    Ok(())
}

/// Replaces what people may change of a key. When it was used last is written beside, see `delivery::usage`.
pub(super) async fn save(tx: &ChangeTx, row: &api_key::Model) -> Result<()> {
    let row = row.clone();
    let changed = api_key::ActiveModel {
        id: Set(row.id),
        name: Set(row.name),
        allowed_networks: Set(row.allowed_networks),
        rate_limit: Set(row.rate_limit),
        expires_at: Set(row.expires_at),
        revoked_at: Set(row.revoked_at),
        replaced_by: Set(row.replaced_by),
        ..Default::default()
    };
    api_key::Entity::update(changed).exec(tx.db()).await?;
    Ok(())
}

/// Locks a key and its environment, where the actor's right is checked.
pub(super) async fn lock(
    tx: &ChangeTx,
    project: ProjectId,
    id: ApiKeyId,
) -> Result<(api_key::Model, environment::Model)> {
    let found = find(tx.db(), tx.org_id(), project, id).await?;
    let environment = tx.environment(project, &stored(&found.1.key)?).await?.row;
    let row = api_key::Entity::find_by_id(id)
        .filter(api_key::Column::OrgId.eq(tx.org_id()))
        .lock_exclusive()
        .one(tx.db())
        .await?;
    Ok((row.ok_or_else(missing)?, environment))
}

/// A key of a project, and its environment.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    org_id: domain::OrgId,
    project: ProjectId,
    id: ApiKeyId,
) -> Result<(api_key::Model, environment::Model)> {
    let row = api_key::Entity::find_by_id(id).filter(api_key::Column::OrgId.eq(org_id)).one(db).await?;
    let row = row.ok_or_else(missing)?;
    let environment = environment::Entity::find_by_id(row.environment_id)
        .filter(environment::Column::OrgId.eq(org_id))
        .filter(environment::Column::ProjectId.eq(project))
        .one(db)
        .await?;
    Ok((row, environment.ok_or_else(missing)?))
}

fn missing() -> Refusal {
    Refusal::not_found("API key")
}

/// Refuses a key that works no more: nothing brings a revoked one back.
pub(super) fn expect_unrevoked(row: &api_key::Model) -> Result<()> {
    match row.revoked_at {
        None => Ok(()),
        Some(_) => Err(Refusal::conflict(format!("the key `{}` is revoked", row.prefix)).into()),
    }
}

/// Refuses an end that has been.
pub(super) fn expect_future(tx: &ChangeTx, expires_at: Option<Millis>) -> Result<()> {
    match expires_at {
        Some(at) if at <= tx.now() => Err(Refusal::invalid("expires_at", "is in the past").into()),
        _ => Ok(()),
    }
}

/// Networks as the database holds them.
pub(super) fn write_networks(networks: Option<&[Network]>) -> Result<Option<String>> {
    networks.map(|networks| write_json(&networks)).transpose()
}

/// Networks from how the database holds them.
pub(crate) fn read_networks(networks: Option<&str>, prefix: &str) -> Result<Option<Vec<Network>>> {
    let read = |text| read_json(text, || format!("the networks of the key `{prefix}`"));
    networks.map(read).transpose()
}

/// What the log keeps of a key's settings.
pub(super) fn document(row: &api_key::Model) -> String {
    let networks = row.allowed_networks.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let networks: serde_json::Value = networks.unwrap_or_default();
    let settings = json!({
        "prefix": row.prefix,
        "name": row.name,
        "kind": row.kind,
        "expires_at": row.expires_at,
        "allowed_networks": networks,
        "rate_limit": row.rate_limit,
    });
    settings.to_string()
}

/// One key as people see it.
pub(super) async fn view(
    db: &impl ConnectionTrait,
    now: Millis,
    row: api_key::Model,
    environment: &str,
) -> Result<ApiKeyView> {
    let creators = creators(db, row.created_by).await?;
    shown(row, now, environment, &creators)
}

/// The names of those who made keys.
pub(super) async fn creators(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, String>> {
    let rows = user_account::Entity::find().filter(user_account::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// A key as people see it: never its hash.
pub(super) fn shown(
    row: api_key::Model,
    now: Millis,
    environment: &str,
    creators: &HashMap<UserId, String>,
) -> Result<ApiKeyView> {
    let creator = row.created_by.and_then(|id| Some(KeyCreator { id, name: creators.get(&id)?.clone() }));
    let status = match (row.revoked_at, row.expires_at) {
        (Some(_), _) => KeyStatus::Revoked,
        (None, Some(at)) if at <= now => KeyStatus::Expired,
        (None, _) => KeyStatus::Active,
    };
    Ok(ApiKeyView {
        id: row.id,
        allowed_networks: read_networks(row.allowed_networks.as_deref(), &row.prefix)?,
        prefix: row.prefix,
        name: row.name,
        kind: KeyKind::from_name(&row.kind).ok_or(Error::Invariant("a stored kind of key is none"))?,
        environment: stored(environment)?,
        creator,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        last_used_at: row.last_used_at,
        replaced_by: row.replaced_by,
        rate_limit: row.rate_limit.and_then(|limit| u32::try_from(limit).ok()),
        status,
    })
}
