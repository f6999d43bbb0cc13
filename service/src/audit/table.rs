//! The log as a page of the dashboard shows it: without documents, and with where entries came from.

use std::collections::HashMap;

use domain::access::{Action, allowed};
use domain::audit::{
    AuditClient, AuditEntry, AuditFilter, AuditLine, AuditOrigin, AuditPage, AuditPerson, AuditTable,
};
use domain::{Change, OrgId, OrgSlug, Page, diff};
use entity::audit_person;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value};

use super::Audit;
use crate::error::Result;
use crate::{Actor, scope};

impl Audit<'_> {
    /// A part of an organization's log, the newest first, and whom one can look for.
    ///
    /// Addresses are shown to whoever manages members, and to everybody those of their own requests.
    ///
    /// # Errors
    /// When the actor may not see the organization, there never was such a place, or the database fails.
    pub async fn table(
        &self,
        actor: &Actor,
        organization: &OrgSlug,
        filter: &AuditFilter,
        page: &Page,
    ) -> Result<AuditTable> {
        let AuditPage { entries, next, total } = self.page(actor, organization, filter, page).await?;
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let sees_all = allowed(org.role, Action::ManageMembers, false).is_ok();
        let own = actor.person().map(|person| person.id.to_string());
        let mut origins = origins(db, org.id, &entries).await?;
        let line = |entry: AuditEntry| {
            let is_own = own.is_some() && entry.actor.id == own;
            let origin = origins.remove(&entry.seq).map(|row| origin(row, sees_all || is_own));
            AuditLine { entry: without_documents(entry), origin }
        };
        let lines = entries.into_iter().map(line).collect();
        let members = self.0.orgs().members(actor, organization).await?;
        let person = |person: domain::accounts::Person| AuditPerson { id: person.id, name: person.name };
        let mut people: Vec<_> = members.into_iter().map(|member| person(member.person)).collect();
        people.sort_by_cached_key(|person| person.name.to_lowercase());
        Ok(AuditTable { now: self.0.now(), lines, next, total, people })
    }
}

/// What lies beside entries.
async fn origins(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    entries: &[AuditEntry],
) -> Result<HashMap<i64, audit_person::Model>> {
    let rows = audit_person::Entity::find()
        .filter(audit_person::Column::OrgId.eq(org_id))
        .filter(audit_person::Column::Seq.is_in(entries.iter().map(|entry| entry.seq)))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.seq, row)).collect())
}

fn origin(row: audit_person::Model, sees_client: bool) -> AuditOrigin {
    let audit_person::Model { org_id: _, seq: _, salt: _, email: _, address, user_agent, request_id } = row;
    AuditOrigin { request_id, client: sees_client.then_some(AuditClient { address, user_agent }) }
}

/// An entry whose changes say what came or went, where there is one document alone.
fn without_documents(entry: AuditEntry) -> AuditEntry {
    let nothing = || Value::Object(Map::new());
    let changes = match (&entry.old, &entry.new) {
        (Some(_), Some(_)) | (None, None) => entry.changes,
        (None, Some(new @ Value::Object(_))) => diff(&nothing(), new),
        (Some(old @ Value::Object(_)), None) => diff(old, &nothing()),
        (old, new) => vec![Change { path: String::new(), old: old.clone(), new: new.clone() }],
    };
    AuditEntry { changes, old: None, new: None, ..entry }
}
