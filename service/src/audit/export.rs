//! The log as a whole, a part at a time.

use domain::audit::{AuditEntry, AuditFilter};
use domain::{OrgId, OrgSlug};

use super::search::Search;
use super::{AT_ONCE, Audit, read};
use crate::error::Result;
use crate::{Actor, Services, scope};

/// All entries that were asked for, the newest first. What is appended after the first part was read is not among them.
#[derive(Clone)]
pub struct Export {
    services: Services,
    org_id: OrgId,
    search: Search,
    /// Before which entry the next part begins.
    before: Option<i64>,
}

impl Audit<'_> {
    /// All entries of an organization's log that are asked for.
    ///
    /// # Errors
    /// When the actor may not see the organization, there never was such a place, or the database fails.
    pub async fn export(
        &self,
        actor: &Actor,
        organization: &OrgSlug,
        filter: &AuditFilter,
    ) -> Result<Export> {
        domain::validate(filter)?;
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let search = Search::new(db, org.id, filter).await?;
        Ok(Export { services: self.0.clone(), org_id: org.id, search, before: None })
    }
}

impl Export {
    /// The next part; empty where there are no more entries. Nothing is held between two parts: whoever reads slowly
    /// keeps no connection.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Vec<AuditEntry>> {
        let db = self.services.reader();
        let (rows, _) = self.search.before(db, self.before, AT_ONCE).await?;
        // There is nothing before the first one.
        self.before = Some(rows.last().map_or(0, |last| last.seq));
        read::entries(db, self.org_id, rows).await
    }
}
