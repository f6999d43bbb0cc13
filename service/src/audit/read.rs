//! From rows to what people read: with the names of whoever acted and of where it happened.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use domain::audit::{ActorKind, AuditActor, AuditEntry, AuditResource};
use domain::{EnvironmentId, OrgId, ProjectId, UserId, diff};
use entity::{audit_event, audit_person, environment, project, user_account};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Error, Result};

/// What rows of one organization refer to.
struct Names {
    /// The names of people who are still there, by their ids as the log has them.
    people: HashMap<String, String>,
    /// The addresses that lie beside the entries.
    emails: HashMap<i64, String>,
    /// The keys of environments.
    environments: HashMap<EnvironmentId, String>,
    /// The keys of projects.
    projects: HashMap<ProjectId, String>,
}

/// The entries of rows, in their order.
pub(crate) async fn entries(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    rows: Vec<audit_event::Model>,
) -> Result<Vec<AuditEntry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let names = Names {
        people: people(db, &rows).await?,
        emails: emails(db, org_id, &rows).await?,
        environments: environments(db, org_id, &rows).await?,
        projects: projects(db, org_id, &rows).await?,
    };
    rows.into_iter().map(|row| entry(row, &names)).collect()
}

fn entry(row: audit_event::Model, names: &Names) -> Result<AuditEntry> {
    let audit_event::Model {
        org_id: _,
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
        old_document,
        new_document,
        old_digest,
        new_digest,
        person_commitment: _,
        previous_hash: _,
        hash,
    } = row;
    let kind = ActorKind::from_name(&actor_kind).ok_or(Error::Invariant("a stored actor is of no kind"))?;
    let is_gone = |known: Option<String>, document: &Option<String>| known.is_some() && document.is_none();
    let erased = is_gone(old_digest, &old_document) || is_gone(new_digest, &new_document);
    let (old, new) = (old_document.map(value), new_document.map(value));
    let changes = match (&old, &new) {
        (Some(old), Some(new)) => diff(old, new),
        _ => Vec::new(),
    };
    Ok(AuditEntry {
        seq,
        at,
        actor: AuditActor {
            kind,
            name: names.people.get(&actor).filter(|_| kind == ActorKind::User).cloned(),
            email: names.emails.get(&seq).cloned(),
            id: Some(actor).filter(|id| !id.is_empty()),
        },
        action,
        resource: AuditResource { kind: resource_kind, id: resource_id, key: resource_key },
        project: project_id.and_then(|id| names.projects.get(&id)).cloned(),
        project_id,
        environment: environment_id.and_then(|id| names.environments.get(&id)).cloned(),
        environment_id,
        revision,
        comment,
        old,
        new,
        changes,
        erased,
        hash,
    })
}

/// A document as JSON; most are, and the others are texts, such as the names of roles.
fn value(document: String) -> Value {
    serde_json::from_str(&document).unwrap_or(Value::String(document))
}

async fn people(db: &impl ConnectionTrait, rows: &[audit_event::Model]) -> Result<HashMap<String, String>> {
    let ids = rows.iter().filter(|row| row.actor_kind == "user").filter_map(|row| row.actor.parse().ok());
    let ids: BTreeSet<_> = ids.map(UserId).collect();
    let found: Vec<(UserId, String)> = user_account::Entity::find()
        .select_only()
        .columns([user_account::Column::Id, user_account::Column::Name])
        .filter(user_account::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

async fn emails(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    rows: &[audit_event::Model],
) -> Result<HashMap<i64, String>> {
    let found: Vec<(i64, Option<String>)> = audit_person::Entity::find()
        .select_only()
        .columns([audit_person::Column::Seq, audit_person::Column::Email])
        .filter(audit_person::Column::OrgId.eq(org_id))
        .filter(audit_person::Column::Seq.is_in(rows.iter().map(|row| row.seq)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().filter_map(|(seq, email)| Some((seq, email?))).collect())
}

async fn environments(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    rows: &[audit_event::Model],
) -> Result<HashMap<EnvironmentId, String>> {
    let ids: BTreeSet<_> = rows.iter().filter_map(|row| row.environment_id).collect();
    let found = environment::Entity::find()
        .select_only()
        .columns([environment::Column::Id, environment::Column::Key])
        .filter(environment::Column::OrgId.eq(org_id))
        .filter(environment::Column::Id.is_in(ids.iter().copied()));
    with_gone(db, org_id, "environment", ids, found.into_tuple().all(db).await?).await
}

async fn projects(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    rows: &[audit_event::Model],
) -> Result<HashMap<ProjectId, String>> {
    let ids: BTreeSet<_> = rows.iter().filter_map(|row| row.project_id).collect();
    let found = project::Entity::find()
        .select_only()
        .columns([project::Column::Id, project::Column::Key])
        .filter(project::Column::OrgId.eq(org_id))
        .filter(project::Column::Id.is_in(ids.iter().copied()));
    with_gone(db, org_id, "project", ids, found.into_tuple().all(db).await?).await
}

/// The keys that were found by ids, and those of what is there no more.
async fn with_gone<I: Copy + Ord + Hash + ToString + From<Uuid>>(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    kind: &str,
    ids: BTreeSet<I>,
    found: Vec<(I, String)>,
) -> Result<HashMap<I, String>> {
    let mut keys: HashMap<_, _> = found.into_iter().collect();
    let missing = ids.iter().filter(|id| !keys.contains_key(id)).map(ToString::to_string).collect();
    let gone = gone(db, org_id, kind, missing).await?;
    keys.extend(gone.into_iter().filter_map(|(id, key)| Some((id.parse::<Uuid>().ok()?.into(), key))));
    Ok(keys)
}

/// The keys of what is there no more, as the log itself has them.
async fn gone(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    kind: &str,
    ids: Vec<String>,
) -> Result<Vec<(String, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(audit_event::Entity::find()
        .select_only()
        .columns([audit_event::Column::ResourceId, audit_event::Column::ResourceKey])
        .filter(audit_event::Column::OrgId.eq(org_id))
        .filter(audit_event::Column::ResourceKind.eq(kind))
        .filter(audit_event::Column::ResourceId.is_in(ids))
        .order_by_asc(audit_event::Column::Seq)
        .into_tuple()
        .all(db)
        .await?)
}
