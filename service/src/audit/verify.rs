//! Checking that nobody touched the log.

use std::collections::HashMap;

use domain::audit::Verdict;
use domain::{Error as Refusal, OrgId, OrgSlug};
use entity::{audit_chain, audit_event, audit_person};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain::{GENESIS, digest, hash};
use super::person::commitment;
use super::{AT_ONCE, Audit, weight};
use crate::error::Result;
use crate::{Actor, scope};

/// How many logs are checked at the same time.
pub(crate) const AT_A_TIME: usize = 2;

/// After how many seconds it is worth asking again.
const RETRY_AFTER_S: u32 = 5;

impl Audit<'_> {
    /// Checks an organization's chain from its first entry to its head, as it is at one moment, and a part at a time:
    /// it may be longer than what fits into memory.
    ///
    /// # Errors
    /// When the actor may not see the organization, others have logs checked at this moment, or the database fails.
    pub async fn verify(&self, actor: &Actor, organization: &OrgSlug) -> Result<Verdict> {
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        // Each keeps one of the few connections until it is through.
        let Ok(_turn) = self.0.inner.verifications.try_acquire() else {
            return Err(Refusal::TooMany { retry_after: RETRY_AFTER_S }.into());
        };
        let moment = self.0.database().moment().await?;
        let head = audit_chain::Entity::find_by_id(org.id).one(&moment).await?;
        let mut last = Link { seq: 0, hash: GENESIS.to_owned() };
        loop {
            let rows = after(&moment, org.id, last.seq).await?;
            let Some(newest) = rows.last() else { break };
            let traces = traces(&moment, org.id, last.seq, newest.seq).await?;
            for row in rows {
                if !follows(&last, &row, traces.get(&row.seq))? {
                    return Ok(Verdict::BrokenAt(last.seq + 1));
                }
                last = Link { seq: row.seq, hash: row.hash };
            }
        }
        Ok(match head {
            Some(head) if (head.seq, &head.hash) == (last.seq, &last.hash) => Verdict::Whole(head.seq),
            // Entries beyond the head were not appended by the application.
            Some(head) if head.seq < last.seq => Verdict::BrokenAt(head.seq + 1),
            _ => Verdict::BrokenAt(last.seq + 1),
        })
    }
}

/// What the next entry has to follow.
struct Link {
    seq: i64,
    hash: String,
}

/// Whether an entry is what was written after another one. `traces` is the digest of what lies beside it.
fn follows(last: &Link, row: &audit_event::Model, traces: Option<&String>) -> Result<bool> {
    let fits = |document: &Option<String>, known: &Option<String>| match document {
        Some(document) => known.as_deref() == Some(digest(document).as_str()),
        None => true,
    };
    Ok((row.seq, &row.previous_hash) == (last.seq + 1, &last.hash)
        && row.hash == hash(row)?
        && fits(&row.old_document, &row.old_digest)
        && fits(&row.new_document, &row.new_digest)
        && traces.is_none_or(|found| row.person_commitment.as_ref() == Some(found)))
}

/// The entries after one, as many as are read at once.
async fn after(db: &impl ConnectionTrait, org_id: OrgId, seq: i64) -> Result<Vec<audit_event::Model>> {
    let found = audit_event::Entity::find()
        .filter(audit_event::Column::OrgId.eq(org_id))
        .filter(audit_event::Column::Seq.gt(seq))
        .order_by_asc(audit_event::Column::Seq);
    let (fit, _) = weight::fitting(found.clone().limit(AT_ONCE), db, AT_ONCE).await?;
    Ok(found.limit(fit).all(db).await?)
}

/// The digests of what lies beside the entries after one and up to another.
async fn traces(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    after: i64,
    until: i64,
) -> Result<HashMap<i64, String>> {
    let rows = audit_person::Entity::find()
        .filter(audit_person::Column::OrgId.eq(org_id))
        .filter(audit_person::Column::Seq.gt(after))
        .filter(audit_person::Column::Seq.lte(until))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.seq, commitment(&row))).collect())
}
