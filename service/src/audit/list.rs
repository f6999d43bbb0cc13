//! The whole log at once, as it is stored.

use domain::{Millis, OrgSlug};
use entity::audit_event;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Audit;
use crate::error::Result;
use crate::{Actor, scope};

/// An entry of the log, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number in the organization, from 1.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// What happened, such as `flag.enabled`.
    pub action: String,
    /// What it happened to.
    pub resource: String,
    /// Who: the kind of actor and its id.
    pub actor: (String, String),
    /// The revision that the environment got.
    pub revision: Option<i64>,
    /// The documents before and after.
    pub documents: (Option<String>, Option<String>),
}

impl Audit<'_> {
    /// The whole log of an organization, the oldest first, all in memory: for organizations of tests.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn list(&self, actor: &Actor, organization: &OrgSlug) -> Result<Vec<AuditRow>> {
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        let rows = audit_event::Entity::find()
            .filter(audit_event::Column::OrgId.eq(org.id))
            .order_by_asc(audit_event::Column::Seq)
            .all(self.0.reader())
            .await?;
        let row = |row: audit_event::Model| AuditRow {
            seq: row.seq,
            at: row.at,
            action: row.action,
            resource: row.resource_key,
            actor: (row.actor_kind, row.actor),
            revision: row.revision,
            documents: (row.old_document, row.new_document),
        };
        Ok(rows.into_iter().map(row).collect())
    }
}
