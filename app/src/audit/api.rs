//! Server functions. Each is a public endpoint; whether the caller may is decided in `service`.

use domain::OrgSlug;
use domain::audit::{AuditFilter, AuditTable, Verdict};
use leptos::prelude::*;

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadAudit, VerifyAudit);

/// So many entries are in a part: each comes with all that it says, for whoever has no script.
#[cfg(feature = "ssr")]
const ENTRIES: u32 = 25;

/// A part of an organization's audit log.
#[server(endpoint = "audit/table", input = Form, output = Json)]
pub(crate) async fn load_audit(
    organization: OrgSlug,
    // A filter that asks for nothing is not sent at all.
    #[server(default)] filter: AuditFilter,
    cursor: Option<String>,
) -> Result<AuditTable, UiError> {
    let (services, actor) = crate::server::request()?;
    let page = domain::Page { cursor, limit: ENTRIES };
    services.audit().table(&actor, &organization, &filter, &page).await.map_err(crate::server::reject)
}

/// Whether the log is what was written.
#[server(endpoint = "audit/verify", input = Form, output = Json)]
pub(crate) async fn verify_audit(organization: OrgSlug) -> Result<Verdict, UiError> {
    let (services, actor) = crate::server::request()?;
    services.audit().verify(&actor, &organization).await.map_err(crate::server::reject)
}
