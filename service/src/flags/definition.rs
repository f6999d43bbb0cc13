//! What a flag is in all environments, as the audit log keeps it.

use std::collections::BTreeMap;

use domain::flags::Configuration;
use domain::{EnvironmentKey, Millis, UserId};
use engine::ruleset::Variation;
use entity::flag;
use serde::Serialize;

use super::store;
use crate::error::Result;

#[derive(Serialize)]
struct Definition<'a> {
    key: &'a str,
    name: &'a str,
    description: &'a str,
    kind: &'a str,
    value_type: &'a str,
    client_side: bool,
    variations: Vec<Variation>,
    tags: &'a [String],
    /// By id: an address could not be erased.
    owner: Option<UserId>,
    temporary: bool,
    expires_at: Option<Millis>,
    archived_at: Option<Millis>,
    version: i64,
    #[serde(flatten)]
    does: Option<Does<'a>>,
}

/// What a new flag does.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Does<'a> {
    /// In the environment of the entry, or in every one.
    Configuration(&'a Configuration),
    /// In each environment, by its key.
    Environments(&'a BTreeMap<EnvironmentKey, Configuration>),
}

/// What a flag is, as a document.
pub(crate) fn definition(flag: &flag::Model, tags: &[String]) -> Result<String> {
    write(flag, tags, None)
}

/// What a new flag is and does, as a document.
pub(crate) fn first_definition(flag: &flag::Model, tags: &[String], does: Does<'_>) -> Result<String> {
    write(flag, tags, Some(does))
}

fn write(flag: &flag::Model, tags: &[String], does: Option<Does<'_>>) -> Result<String> {
    store::write_json(&Definition {
        key: &flag.key,
        name: &flag.name,
        description: &flag.description,
        kind: &flag.kind,
        value_type: &flag.value_type,
        client_side: flag.client_side,
        variations: store::read_json(&flag.variations, || format!("the variations of `{}`", flag.key))?,
        tags,
        owner: flag.owner_id,
        temporary: flag.temporary,
        expires_at: flag.expires_at,
        archived_at: flag.archived_at,
        version: flag.version,
        does,
    })
}
