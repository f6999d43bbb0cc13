//! The hash chain.
//!
//! Every entry carries the hash of the one before it, and its own hash covers everything in it but the documents and
//! what identifies a person, which it covers by their digests. So these can be erased, and the chain stays whole.

use domain::{Millis, OrgId, ProjectId};
use entity::{audit_chain, audit_event, audit_person};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel, QuerySelect,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::person::{Traces, commitment};
use crate::actor::Actor;
use crate::change::ROWS;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::secrets::hex;

/// The hash before the first entry.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The head of one organization's chain, locked until the transaction ends.
pub(crate) struct Chain(audit_chain::Model);

/// An entry that has no place in a chain yet.
pub(crate) struct Entry {
    at: Millis,
    actor: (&'static str, String),
    event: Event,
    project: Option<ProjectId>,
    revision: Option<i64>,
    traces: Option<Traces>,
}

impl Entry {
    pub(crate) fn new(at: Millis, actor: &Actor, event: Event, revision: Option<i64>) -> Self {
        let traces = Traces::of(actor, None);
        Self { at, actor: actor.audit_name(), event, project: None, revision, traces }
    }

    /// The same of a project.
    pub(crate) fn in_project(self, project: Option<ProjectId>) -> Self {
        Self { project, ..self }
    }

    /// The same without what identifies the actor: they asked to be forgotten.
    pub(crate) fn without_traces(self) -> Self {
        Self { traces: None, ..self }
    }

    /// The entry about somebody who typed this address, and may be anybody.
    pub(crate) fn about(at: Millis, actor: &Actor, event: Event, email: &str) -> Self {
        Self { traces: Traces::of(actor, Some(email)), ..Self::new(at, actor, event, None) }
    }
}

impl Chain {
    /// Locks an organization's chain, and opens it where there is none yet.
    pub(crate) async fn lock(tx: &DatabaseTransaction, org_id: OrgId) -> Result<Self> {
        let empty = audit_chain::Model { org_id, seq: 0, hash: GENESIS.to_owned() };
        audit_chain::Entity::insert(empty.into_active_model())
            .on_conflict(OnConflict::column(audit_chain::Column::OrgId).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
        let head = audit_chain::Entity::find_by_id(org_id).lock_exclusive().one(tx).await?;
        head.map(Self).ok_or(Error::Invariant("an audit chain vanished"))
    }

    /// The number of the entry that is appended next.
    pub(crate) fn next_seq(&self) -> i64 {
        self.0.seq + 1
    }

    /// Appends entries, in their order.
    pub(crate) async fn append(&mut self, tx: &DatabaseTransaction, entries: Vec<Entry>) -> Result<()> {
        let (mut events, mut people) = (Vec::new(), Vec::new());
        for entry in entries {
            let (event, person) = self.link(entry)?;
            events.push(event.into_active_model());
            people.extend(person.map(IntoActiveModel::into_active_model));
        }
        for events in in_parts(events) {
            audit_event::Entity::insert_many(events).exec_without_returning(tx).await?;
        }
        for people in in_parts(people) {
            audit_person::Entity::insert_many(people).exec_without_returning(tx).await?;
        }
        let mut head = self.0.clone().into_active_model();
        head.seq = Set(self.0.seq);
        head.hash = Set(self.0.hash.clone());
        head.update(tx).await?;
        Ok(())
    }

    /// The row of the next entry, and of what identifies a person in it.
    fn link(&mut self, entry: Entry) -> Result<(audit_event::Model, Option<audit_person::Model>)> {
        let Entry { at, actor: (actor_kind, actor), event, project, revision, traces } = entry;
        let person = traces.map(|traces| traces.row(self.0.org_id, self.next_seq()));
        let mut row = audit_event::Model {
            org_id: self.0.org_id,
            seq: self.next_seq(),
            at,
            actor_kind: actor_kind.to_owned(),
            actor,
            action: event.name.to_owned(),
            resource_kind: event.resource.kind.to_owned(),
            resource_id: event.resource.id,
            resource_key: event.resource.key,
            environment_id: event.environment,
            project_id: project,
            revision,
            comment: event.comment,
            old_digest: event.old.as_deref().map(digest),
            new_digest: event.new.as_deref().map(digest),
            old_document: event.old,
            new_document: event.new,
            person_commitment: person.as_ref().map(commitment),
            previous_hash: self.0.hash.clone(),
            hash: String::new(),
        };
        row.hash = hash(&row)?;
        self.0.seq = row.seq;
        self.0.hash.clone_from(&row.hash);
        Ok((row, person))
    }
}

/// As many rows as one statement inserts, and again.
fn in_parts<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || Some(rows.by_ref().take(ROWS).collect::<Vec<_>>()))
        .take_while(|part| !part.is_empty())
}

/// The digest of a document: SHA-256 of its bytes, in hex.
pub(super) fn digest(document: &str) -> String {
    hex(&Sha256::digest(document.as_bytes()))
}

/// The hash of an entry: SHA-256 of a JSON array of its fields, in hex.
pub(super) fn hash(row: &audit_event::Model) -> Result<String> {
    let audit_event::Model {
        org_id,
        seq,
        at,
        actor_kind,
        actor,
        action,
        resource_kind,
        resource_id,
        resource_key,
        environment_id,
        project_id,
        revision,
        comment,
        old_document: _,
        new_document: _,
        old_digest,
        new_digest,
        person_commitment,
        previous_hash,
        hash: _,
    } = row;
    let mut fields = vec![
        json!(org_id),
        json!(seq),
        json!(at),
        json!(actor_kind),
        json!(actor),
        json!(action),
        json!(resource_kind),
        json!(resource_id),
        json!(resource_key),
        json!(environment_id),
        json!(revision),
        json!(comment),
        json!(old_digest),
        json!(new_digest),
        json!(person_commitment),
        json!(previous_hash),
    ];
    // At the end and only where there is one, so that entries from before projects were written keep their hashes.
    fields.extend(project_id.map(|id| json!(id)));
    Ok(hex(&Sha256::digest(json!(fields).to_string().as_bytes())))
}
