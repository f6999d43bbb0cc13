//! Tells an open page when what it shows is not what its reader may do any more.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::OrgSlug;
use domain::access::Role;
use futures_util::StreamExt;
use futures_util::stream;
use serde::Deserialize;
use service::Services;
use tower_sessions::Session;
use tower_sessions::session::Id;

use crate::shutdown;

/// How often is looked without being told: what other nodes change is not told.
const LOOK_INTERVAL: Duration = Duration::from_secs(2);

/// How often is looked at most, when there is much to tell.
const REST: Duration = Duration::from_millis(100);

/// What a page was rendered for: somebody who is signed in and, where it is an organization's, has a role there.
#[derive(Deserialize)]
pub(crate) struct Page {
    organization: Option<OrgSlug>,
    role: Option<Role>,
}

/// A stream with one event at most, `access`, upon which the page loads itself anew. It ends with the server.
pub(crate) async fn stream(
    State(services): State<Services>,
    session: Session,
    Query(page): Query<Page>,
) -> impl IntoResponse {
    let session = session.id();
    let changed = async move {
        tokio::select! {
            () = changed(services, session, page) => Some(Ok::<_, Infallible>(Event::default().event("access").data("changed"))),
            () = shutdown::signal() => None,
        }
    };
    let events = stream::once(changed).filter_map(std::future::ready);
    // Proxies that gather answers before they pass them on would keep it.
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, Sse::new(events).keep_alive(KeepAlive::default()))
}

async fn changed(services: Services, session: Option<Id>, page: Page) {
    let mut changes = services.access_changes();
    while is_as_rendered(&services, session, &page).await {
        tokio::time::sleep(REST).await;
        let _ = tokio::time::timeout(LOOK_INTERVAL, changes.changed()).await;
    }
}

/// Whether it is still so. While that cannot be known, the page stays.
async fn is_as_rendered(services: &Services, session: Option<Id>, page: &Page) -> bool {
    let Some(session) = session else { return false };
    let actor = match services.accounts().by_session(&session).await {
        Ok(Some(actor)) => actor,
        Ok(None) => return false,
        Err(_) => return true,
    };
    let Some(organization) = &page.organization else { return true };
    match services.orgs().find(&actor, organization.as_str()).await {
        Ok(organization) => page.role == Some(organization.role),
        Err(service::Error::Refused(_)) => false,
        Err(_) => true,
    }
}
