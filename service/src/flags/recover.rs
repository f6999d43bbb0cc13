//! Flags whose stored configuration cannot be read, and that somebody must be able to switch off or to replace.

use domain::flags::Configuration;
use domain::{EnvironmentId, FlagKey, ProjectId};
use engine::ruleset::{self, Variation};
use entity::{environment_document, flag, flag_configuration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::store::{self, Lives, Stored};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::{Error, Result};

/// Locks a flag and its configuration in an environment, like [`store::lock`]. Where the configuration cannot be read, it
/// is that of the document which is served; where that cannot be read either, a new one.
pub(super) async fn lock(
    tx: &ChangeTx,
    project: ProjectId,
    key: &FlagKey,
    environment: &ChangingEnvironment,
) -> Result<Stored> {
    match store::lock(tx, project, key, environment).await {
        Err(Error::Corrupt { .. }) => {}
        found => return found,
    }
    let flag = store::lock_flag(tx, project, key, Lives::Active).await?;
    let row = flag_configuration::Entity::find_by_id((flag.id, environment.row.id))
        .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
        .one(tx.db())
        .await?
        .ok_or(Error::Invariant("a flag lacks a configuration"))?;
    recovered(tx, &flag, &row).await
}

/// Reads a flag and its configuration from their rows, like [`store::read`], and in the same way.
pub(crate) async fn read(
    tx: &ChangeTx,
    flag: &flag::Model,
    row: &flag_configuration::Model,
) -> Result<Stored> {
    match store::read(flag, row) {
        Err(Error::Corrupt { .. }) => recovered(tx, flag, row).await,
        found => found,
    }
}

async fn recovered(tx: &ChangeTx, flag: &flag::Model, row: &flag_configuration::Model) -> Result<Stored> {
    let variations: Vec<Variation> =
        store::read_json(&flag.variations, || format!("the variations of `{}`", flag.key))?;
    let configuration = match served(tx, &flag.key, row.environment_id).await {
        Some(served) => Configuration::of(served),
        None => Configuration::preset(store::kind(&flag.kind)?, &variations)?,
    };
    tracing::warn!(flag.key = flag.key, "a configuration that cannot be read is replaced");
    let configuration = Configuration { enabled: row.enabled, ..configuration };
    Ok(Stored { flag: flag.clone(), variations, configuration, version: row.version })
}

/// What is served, as far as it can be read.
async fn served(tx: &ChangeTx, key: &str, environment: EnvironmentId) -> Option<ruleset::Flag> {
    let document: Option<Option<String>> = environment_document::Entity::find()
        .select_only()
        .column(environment_document::Column::Document)
        .filter(environment_document::Column::EnvironmentId.eq(environment))
        .filter(environment_document::Column::Kind.eq("flag"))
        .filter(environment_document::Column::Key.eq(key))
        .order_by_desc(environment_document::Column::Revision)
        .limit(1)
        .into_tuple()
        .one(tx.db())
        .await
        // What is no text is one more reason to switch the flag off.
        .ok()?;
    serde_json::from_str(&document??).ok()
}
