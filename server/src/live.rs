//! The dashboard's own stream: tells pages that are open what happens in an organization, and what their reader may do there.

mod places;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::pin::Pin;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::OrgSlug;
use domain::audit::{News, Rights};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use service::news::{Begin, Follower};
use service::{Actor, Services};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};
use tower_sessions::Session;
use tower_sessions::session::Id;

use crate::shutdown;
use places::Place;
pub(crate) use places::Streams;

/// How often rights are looked at without being told: sessions end by time, too. Where no organization is followed nothing
/// is told of what other nodes change.
const LOOK_INTERVAL: Duration = Duration::from_secs(30);
const LOOK_INTERVAL_ALONE: Duration = Duration::from_secs(2);

/// How often rights are looked at at most, when there is much to tell.
const REST: Duration = Duration::from_millis(100);

/// After how many milliseconds a browser comes back whose stream ended: this, and up to as much more, so that not all come at
/// once.
const RETRY_MS: u64 = 1500;

/// What a stream tells of.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// None for pages that are no organization's: they hear whether their reader is still signed in.
    organization: Option<OrgSlug>,
    /// The last entry that the page knows. A browser that comes back by itself says it in a header.
    after: Option<i64>,
}

/// Begins with `hello`, or `reload` where what was missed is not told, and `access`, what the reader may do; then `change` for
/// each entry, and `access` when that is another. After `access` with `null` there is nothing more to see. It ends with the
/// server, and where something was lost.
pub(crate) async fn stream(
    State(services): State<Services>,
    Extension(streams): Extension<Streams>,
    session: Session,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let session = session.id();
    // Whoever has no session has nothing to wait for.
    let place = session.and_then(|session| streams.place(session));
    if session.is_some() && place.is_none() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let after = last.or(asked.after);
    let Ok(told) = Told::begin(services, session.zip(place), asked.organization, after).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let events = stream::unfold(told, async |mut told| {
        let event = told.next().await?;
        Some((Ok::<_, Infallible>(event), told))
    });
    // Proxies that gather answers before they pass them on would keep it.
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, Sse::new(Box::pin(events)).keep_alive(KeepAlive::default())).into_response()
}

/// Somebody who is told.
struct Told {
    services: Services,
    reader: Option<(Id, Place)>,
    organization: Option<OrgSlug>,
    follower: Option<Follower>,
    /// What they were told that they may do.
    rights: Option<Rights>,
    changes: watch::Receiver<u64>,
    looked_at: Instant,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// What is to be told next.
    events: VecDeque<Event>,
    is_over: bool,
}

/// Who reads, and what they may do in the organization, where they follow one.
type Access = (Actor, Option<Rights>);

impl Told {
    async fn begin(
        services: Services,
        reader: Option<(Id, Place)>,
        organization: Option<OrgSlug>,
        after: Option<i64>,
    ) -> service::Result<Self> {
        let retry = Event::default().retry(Duration::from_millis(RETRY_MS + chance(RETRY_MS)));
        let mut told = Self {
            changes: services.access_changes(),
            services,
            reader,
            organization,
            follower: None,
            rights: None,
            looked_at: Instant::now(),
            stop: Box::pin(shutdown::signal()),
            events: VecDeque::from([retry]),
            is_over: false,
        };
        let found = access(&told.services, told.session(), told.organization.as_ref()).await?;
        match found {
            None => told.end(),
            Some((actor, rights)) => {
                if let Some(organization) = &told.organization {
                    let follower = told.services.audit().follow(&actor, organization, after).await?;
                    let (event, seq) = match follower.begin() {
                        Begin::After(seq) => ("hello", seq),
                        Begin::Anew(seq) => ("reload", seq),
                    };
                    told.events.push_back(event_of(event, &seq).id(seq.to_string()));
                    told.follower = Some(follower);
                    told.events.push_back(event_of("access", &rights));
                }
                told.rights = rights;
            }
        }
        Ok(told)
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            let interval = if self.organization.is_some() { LOOK_INTERVAL } else { LOOK_INTERVAL_ALONE };
            let (rested, due) = (self.looked_at + REST, self.looked_at + interval);
            let changes = &mut self.changes;
            let look = async {
                sleep_until(rested).await;
                // Told or not, it is looked.
                let _ = timeout_at(due, changes.changed()).await;
            };
            tokio::select! {
                () = &mut self.stop => self.is_over = true,
                () = look => self.look().await,
                news = next(&mut self.follower) => match news {
                    Some(news) => self.tell(&news).await,
                    None => self.is_over = true,
                },
            }
        }
    }

    /// Tells what happened, unless it is known that the reader's rights changed and not yet whether they may still hear of it.
    async fn tell(&mut self, news: &News) {
        if self.changes.has_changed().unwrap_or_default() {
            self.changes.mark_unchanged();
            self.look().await;
        }
        if !self.is_over {
            self.events.push_back(event_of("change", news).id(news.seq.to_string()));
        }
    }

    /// Tells what the reader may do, where it is another than before. While that cannot be known, nothing is told.
    async fn look(&mut self) {
        self.looked_at = Instant::now();
        let found = access(&self.services, self.session(), self.organization.as_ref()).await;
        match found {
            Ok(None) => self.end(),
            Ok(Some((_, rights))) if rights != self.rights => {
                self.events.push_back(event_of("access", &rights));
                self.rights = rights;
            }
            Ok(Some(_)) | Err(_) => {}
        }
    }

    fn session(&self) -> Option<Id> {
        self.reader.as_ref().map(|(session, _)| *session)
    }

    fn end(&mut self) {
        self.events.push_back(Event::default().event("access").data("null"));
        self.is_over = true;
    }
}

/// What the owner of a session may do now. Nothing for whoever is not signed in, or has no role there.
async fn access(
    services: &Services,
    session: Option<Id>,
    organization: Option<&OrgSlug>,
) -> service::Result<Option<Access>> {
    let Some(session) = session else { return Ok(None) };
    let Some(actor) = services.accounts().look_at_session(&session).await? else { return Ok(None) };
    let Some(organization) = organization else { return Ok(Some((actor, None))) };
    match services.orgs().rights(&actor, organization).await {
        Ok(rights) => Ok(Some((actor, Some(rights)))),
        Err(service::Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What happens next, for whoever follows an organization.
async fn next(follower: &mut Option<Follower>) -> Option<std::sync::Arc<News>> {
    match follower {
        Some(follower) => follower.next().await,
        None => std::future::pending().await,
    }
}

/// An event with a value. What is told has no maps whose keys are no texts, so that it always becomes JSON.
fn event_of(name: &str, value: &impl Serialize) -> Event {
    let data = serde_json::to_string(value).unwrap_or_default();
    Event::default().event(name).data(data)
}

/// Some number below another, another one each time.
fn chance(below: u64) -> u64 {
    RandomState::new().build_hasher().finish() % below
}
