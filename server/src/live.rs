//! Tells an open page when what it shows is not what its reader may do any more.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
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

/// How many streams a session may have, and all together: a page that is not seen has none.
const PER_SESSION: usize = 20;
const IN_ALL: usize = 5_000;

/// How many streams each session has.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<Id, usize>>>);

/// A stream's place among them, until it ends.
struct Place(Streams, Id);

impl Streams {
    fn place(&self, session: Id) -> Option<Place> {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let in_all: usize = streams.values().sum();
        let own = streams.get(&session).copied().unwrap_or_default();
        if in_all >= IN_ALL || own >= PER_SESSION {
            return None;
        }
        streams.insert(session, own + 1);
        Some(Place(self.clone(), session))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        match streams.get_mut(&self.1) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(streams.remove(&self.1)),
        }
    }
}

/// What a page was rendered for: somebody who is signed in and, where it is an organization's, has a role there.
#[derive(Deserialize)]
pub(crate) struct Page {
    organization: Option<OrgSlug>,
    /// The project or environment that it shows, as `project` or `project/environment`.
    place: Option<String>,
    role: Option<Role>,
}

/// A stream with one event at most, `access`, upon which the page loads itself anew. It ends with the server.
pub(crate) async fn stream(
    State(services): State<Services>,
    Extension(streams): Extension<Streams>,
    session: Session,
    Query(page): Query<Page>,
) -> Response {
    let session = session.id();
    // Whoever has no session has nothing to wait for.
    let place = session.and_then(|session| streams.place(session));
    if session.is_some() && place.is_none() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let changed = async move {
        let _place = place;
        tokio::select! {
            () = changed(services, session, page) => Some(Ok::<_, Infallible>(Event::default().event("access").data("changed"))),
            () = shutdown::signal() => None,
        }
    };
    let events = stream::once(changed).filter_map(std::future::ready);
    // Proxies that gather answers before they pass them on would keep it.
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, Sse::new(events).keep_alive(KeepAlive::default())).into_response()
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
    let actor = match services.accounts().look_at_session(&session).await {
        Ok(Some(actor)) => actor,
        Ok(None) => return false,
        Err(_) => return true,
    };
    let Some(organization) = &page.organization else { return true };
    let orgs = services.orgs();
    let role = match page.place.as_ref().and_then(|place| place.parse().ok()) {
        Some(place) => orgs.role_in(&actor, organization, &place).await,
        None => orgs.find(&actor, organization.as_str()).await.map(|organization| organization.role),
    };
    match role {
        Ok(role) => page.role == Some(role),
        Err(service::Error::Refused(_)) => false,
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_so_many_streams() {
        let (streams, id) = (Streams::default(), Id::default());
        let mut places: Vec<_> = (0..PER_SESSION).map(|_| streams.place(id).unwrap()).collect();
        assert!(streams.place(id).is_none());
        let _other = streams.place(Id::default()).unwrap();
        places.pop();
        places.push(streams.place(id).unwrap());
        assert!(streams.place(id).is_none());
        drop(places);
        assert_eq!(streams.0.lock().unwrap().len(), 1);
    }
}
