//! Segments in the database. Every function that writes takes a change, so that none can be called without one.

use domain::segments::{Audience, AudienceView, SHOWN_KEYS};
use domain::{EnvironmentKey, Error as Refusal, Millis, ProjectId, SegmentId, SegmentKey};
use engine::ruleset::{self, FORMAT, SEMANTICS};
use entity::{segment, segment_configuration, tombstone};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::change::{ChangeTx, ChangingEnvironment, DocumentChange, ROWS};
use crate::error::{Error, Result};
use crate::flags::store::{read_json, write_json};
use crate::scope::stored;
use crate::secrets::hex;

/// What a document of a segment is called.
pub(crate) const KIND: &str = "segment";

/// A segment in one environment.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) segment: segment::Model,
    pub(crate) audience: Audience,
    /// The version in the environment.
    pub(crate) version: i64,
    /// When it last changed there.
    pub(crate) updated_at: Millis,
}

/// A new segment's row.
pub(crate) fn segment_row(
    tx: &ChangeTx,
    project: ProjectId,
    key: &SegmentKey,
    (name, description): (String, String),
    version: i64,
) -> segment::Model {
    segment::Model {
        id: tx.new_id::<SegmentId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: key.to_string(),
        key_lower: key.as_str().to_lowercase(),
        name_lower: name.to_lowercase(),
        name,
        description,
        version,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

/// What a segment is called, as the audit log has it.
pub(crate) fn about(segment: &segment::Model) -> Value {
    json!({"name": segment.name, "description": segment.description})
}

/// Locks a segment.
pub(crate) async fn lock_segment(
    tx: &ChangeTx,
    project: ProjectId,
    key: &SegmentKey,
) -> Result<segment::Model> {
    let row = segment::Entity::find()
        .filter(segment::Column::OrgId.eq(tx.org_id()))
        .filter(segment::Column::ProjectId.eq(project))
        .filter(segment::Column::Key.eq(key.as_str()))
        .lock_exclusive()
        .one(tx.db())
        .await?;
    Ok(row.ok_or_else(|| missing(key))?)
}

/// Locks a segment and what it contains in an environment.
pub(crate) async fn lock(
    tx: &ChangeTx,
    project: ProjectId,
    key: &SegmentKey,
    environment: &ChangingEnvironment,
) -> Result<Stored> {
    let segment = lock_segment(tx, project, key).await?;
    let row = segment_configuration::Entity::find_by_id((segment.id, environment.row.id))
        .filter(segment_configuration::Column::OrgId.eq(tx.org_id()))
        .lock_exclusive()
        .one(tx.db())
        .await?;
    read(&segment, &row.ok_or(Error::Invariant("a segment lacks a configuration"))?)
}

pub(crate) fn missing(key: &SegmentKey) -> Refusal {
    Refusal::not_found(format!("segment `{key}`"))
}

/// Reads a segment and what it contains from their rows.
pub(crate) fn read(segment: &segment::Model, row: &segment_configuration::Model) -> Result<Stored> {
    let audience = read_json(&row.body, || format!("the configuration of the segment `{}`", segment.key))?;
    Ok(Stored { segment: segment.clone(), audience, version: row.version, updated_at: row.updated_at })
}

/// Writes what a segment contains in an environment for the first time, and its document.
pub(crate) async fn insert(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<()> {
    let row = row(tx, environment, stored)?;
    segment_configuration::Entity::insert(row).exec_without_returning(tx.db()).await?;
    stage(tx, environment, stored)
}

/// Writes what segments contain in a new environment.
pub(crate) async fn insert_rows(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    segments: &[Stored],
) -> Result<()> {
    for segments in segments.chunks(ROWS) {
        let rows = segments.iter().map(|stored| row(tx, environment, stored)).collect::<Result<Vec<_>>>()?;
        segment_configuration::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// Replaces what a segment contains in an environment, and its document.
pub(crate) async fn save(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<()> {
    segment_configuration::Entity::update(row(tx, environment, stored)?).exec(tx.db()).await?;
    stage(tx, environment, stored)
}

fn row(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    stored: &Stored,
) -> Result<segment_configuration::ActiveModel> {
    let count = |list: &[String]| i64::try_from(list.len()).unwrap_or(i64::MAX);
    Ok(segment_configuration::ActiveModel {
        org_id: Set(tx.org_id()),
        segment_id: Set(stored.segment.id),
        environment_id: Set(environment.row.id),
        body: Set(write_json(&stored.audience)?),
        version: Set(stored.version),
        updated_at: Set(stored.updated_at),
        included: Set(count(&stored.audience.included)),
        excluded: Set(count(&stored.audience.excluded)),
        has_condition: Set(stored.audience.when.is_some()),
    })
}

/// Writes a segment's document in an environment, which evaluation reads.
pub(crate) fn stage(tx: &mut ChangeTx, environment: &ChangingEnvironment, stored: &Stored) -> Result<()> {
    let (key, document) = (stored.segment.key.clone(), Some(stored.document()?));
    tx.stage(environment, DocumentChange { kind: KIND, key, format: FORMAT, semantics: SEMANTICS, document });
    Ok(())
}

/// Takes a segment's document out of an environment.
pub(crate) fn withdraw(tx: &mut ChangeTx, environment: &ChangingEnvironment, segment: &segment::Model) {
    let key = segment.key.clone();
    let change = DocumentChange { kind: KIND, key, format: FORMAT, semantics: SEMANTICS, document: None };
    tx.stage(environment, change);
}

/// Replaces what a segment is called.
pub(crate) async fn update_segment(tx: &ChangeTx, segment: &segment::Model) -> Result<()> {
    segment::Entity::update(segment.clone().into_active_model().reset_all()).exec(tx.db()).await?;
    Ok(())
}

/// Remembers the last version of a segment that is being deleted, so that versions never restart.
pub(crate) async fn bury(tx: &ChangeTx, segment: &segment::Model, last_version: i64) -> Result<()> {
    let row = tombstone::Model {
        org_id: tx.org_id(),
        project_id: segment.project_id,
        kind: KIND.to_owned(),
        key: segment.key.clone(),
        last_version,
        deleted_at: tx.now(),
    };
    let again =
        OnConflict::columns([tombstone::Column::ProjectId, tombstone::Column::Kind, tombstone::Column::Key])
            .update_columns([tombstone::Column::LastVersion, tombstone::Column::DeletedAt])
            .to_owned();
    tombstone::Entity::insert(row.into_active_model())
        .on_conflict(again)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// Refuses where another version is there than the one that the author saw, if they say which.
pub(crate) fn expect_version(key: &str, seen: Option<i64>, current: i64) -> Result<()> {
    match seen {
        Some(seen) if seen != current => {
            let message = format!("`{key}` was changed in the meantime");
            Err(Refusal::Conflict { message, seen: Some(seen), current: Some(current) }.into())
        }
        _ => Ok(()),
    }
}

impl Stored {
    /// The same with other contents, as the next version.
    pub(crate) fn next(&self, tx: &ChangeTx, audience: Audience) -> Self {
        Self { segment: self.segment.clone(), audience, version: self.version + 1, updated_at: tx.now() }
    }

    /// The document that evaluation reads.
    pub(crate) fn document(&self) -> Result<String> {
        write_json(&self.with(self.audience.clone())?)
    }

    /// The document without its lists: all that others can be wrong about.
    pub(crate) fn bare_document(&self) -> Result<String> {
        let Audience { by, when, .. } = self.audience.clone();
        write_json(&self.with(Audience { by, when, ..Audience::default() })?)
    }

    fn with(&self, audience: Audience) -> Result<ruleset::Segment> {
        let Audience { by, included, excluded, when } = audience;
        Ok(ruleset::Segment {
            format: FORMAT,
            semantics: SEMANTICS,
            key: self.segment.key.clone(),
            version: u64::try_from(self.version).map_err(|_| Error::Invariant("a version is negative"))?,
            by,
            included,
            excluded,
            when,
        })
    }

    /// The document as the audit log has it: in the place of a long list how long it is, and a digest. The revision's
    /// document has the list.
    pub(crate) fn audit_document(&self) -> Result<String> {
        let lists = [("included", &self.audience.included), ("excluded", &self.audience.excluded)];
        if lists.iter().all(|(_, list)| list.len() <= SHOWN_KEYS) {
            return self.document();
        }
        let mut document: Value = read_json(&self.bare_document()?, || "a segment's document".to_owned())?;
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            document[name] = match list.len() <= SHOWN_KEYS {
                true => json!(list),
                false => json!({"count": list.len(), "sha256": digest(list)}),
            };
        }
        write_json(&document)
    }

    /// What is shown of it.
    pub(crate) fn view(self, environment: EnvironmentKey) -> Result<AudienceView> {
        let names = (stored(&self.segment.key)?, environment);
        Ok(AudienceView::new(names, (self.version, self.updated_at), self.audience))
    }
}

/// The digest of a list: SHA-256 of its keys, each with its length before it, in hex.
fn digest(list: &[String]) -> String {
    let mut digest = Sha256::new();
    for key in list {
        digest.update((key.len() as u64).to_be_bytes());
        digest.update(key.as_bytes());
    }
    hex(&digest.finalize())
}
