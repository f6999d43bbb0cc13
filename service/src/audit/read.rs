//! Reading the log, and checking that nobody touched it.

use std::collections::HashMap;

use domain::{Millis, OrgSlug};
use entity::{audit_chain, audit_event, audit_person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::chain::{GENESIS, digest, hash};
use super::person::commitment;
use crate::error::Result;
use crate::{Actor, Services, scope};

/// The audit log.
pub struct Audit<'s>(pub(crate) &'s Services);

/// An entry of the log.
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

/// Whether a chain is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, with so many entries.
    Whole(i64),
    /// The first entry that is not what was written, or that is missing.
    BrokenAt(i64),
}

impl Audit<'_> {
    /// The whole log of an organization, the oldest first.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn list(&self, actor: &Actor, organization: &OrgSlug) -> Result<Vec<AuditRow>> {
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        let row = |row: audit_event::Model| AuditRow {
            seq: row.seq,
            at: row.at,
            action: row.action,
            resource: row.resource_key,
            actor: (row.actor_kind, row.actor),
            revision: row.revision,
            documents: (row.old_document, row.new_document),
        };
        Ok(self.rows(org.id, i64::MAX).await?.into_iter().map(row).collect())
    }

    /// Checks an organization's chain from its first entry to its head.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn verify(&self, actor: &Actor, organization: &OrgSlug) -> Result<Verdict> {
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        let head = audit_chain::Entity::find_by_id(org.id).one(self.0.reader()).await?;
        let traces = audit_person::Entity::find().filter(audit_person::Column::OrgId.eq(org.id));
        let traces: HashMap<_, _> =
            traces.all(self.0.reader()).await?.into_iter().map(|row| (row.seq, commitment(&row))).collect();
        let mut expected = (1, GENESIS.to_owned());
        // What is appended in the meantime is not asked about.
        let until = head.as_ref().map_or(i64::MAX, |head| head.seq);
        for row in self.rows(org.id, until).await? {
            let fits = |document: &Option<String>, known: &Option<String>| match document {
                Some(document) => known.as_deref() == Some(digest(document).as_str()),
                None => true,
            };
            let whole = (row.seq, &row.previous_hash) == (expected.0, &expected.1)
                && row.hash == hash(&row)?
                && fits(&row.old_document, &row.old_digest)
                && fits(&row.new_document, &row.new_digest)
                && traces.get(&row.seq).is_none_or(|found| row.person_commitment.as_ref() == Some(found));
            if !whole {
                return Ok(Verdict::BrokenAt(expected.0));
            }
            expected = (row.seq + 1, row.hash);
        }
        let (next, last) = expected;
        Ok(match head {
            Some(head) if (head.seq + 1, &head.hash) == (next, &last) => Verdict::Whole(head.seq),
            _ => Verdict::BrokenAt(next),
        })
    }

    async fn rows(&self, org_id: domain::OrgId, until: i64) -> Result<Vec<audit_event::Model>> {
        let query = audit_event::Entity::find()
            .filter(audit_event::Column::OrgId.eq(org_id))
            .filter(audit_event::Column::Seq.lte(until));
        Ok(query.order_by_asc(audit_event::Column::Seq).all(self.0.reader()).await?)
    }
}
