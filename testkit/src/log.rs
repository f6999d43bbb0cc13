//! The audit log, as the product tells it.

use domain::OrgSlug;
use domain::audit::{AuditEntry, AuditFilter};
use service::Actor;

use crate::Kit;

impl Kit {
    /// The whole log of an organization, the oldest entry first.
    pub async fn log(&self, actor: &Actor, organization: &OrgSlug) -> Vec<AuditEntry> {
        let everything = AuditFilter::default();
        let mut export = self.services.audit().export(actor, organization, &everything).await.unwrap();
        let mut log = Vec::new();
        loop {
            let part = export.next().await.unwrap();
            if part.is_empty() {
                log.reverse();
                return log;
            }
            log.extend(part);
        }
    }
}
