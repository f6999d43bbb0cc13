//! What a flag is in all environments, as the audit log keeps it.

use domain::{Millis, UserId};
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
    owner: Option<UserId>,
    temporary: bool,
    expires_at: Option<Millis>,
    archived_at: Option<Millis>,
    version: i64,
}

/// What a flag is, as a document.
pub(super) fn definition(flag: &flag::Model, tags: &[String]) -> Result<String> {
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
    })
}
