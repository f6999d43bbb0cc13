//! Streams of server-sent events: `/api/v1/stream`, and the hints that OpenFeature's clients follow.
//!
//! A stream holds what it told last, not what it is still to tell. Woken, it compares that with the snapshot in memory and
//! tells the difference, so that a client that reads slowly costs nothing but time: what it has missed is one step for it.
//! A client that does not read at all is dropped by the connection.

mod frame;
mod hints;
mod rules;
mod token;
mod values;

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use domain::api_keys::KeyKind;
use domain::{Error, Millis};
use futures_util::stream;
use rand::RngExt;
use service::delivery::{Subscription, TooMany};
use tokio::time::{Instant, sleep_until};

use crate::ask::Ask;
use crate::auth::{self, Admitted, Asked, NotAnswered};
use crate::openapi::{Elsewhere, Invalid, TooOften, Unauthenticated};
use crate::{Api, address};
use hints::Hints;
use rules::Rules;
use token::Token;
use values::Values;

pub(crate) use frame::{event_id, revision_of};

/// How long a stream is silent at least and at most: proxies and clients take a longer silence for the end of it. Each
/// has a time of its own between the two, so that they do not all speak at once.
const SILENCE_MS: (u64, u64) = (15_000, 20_000);

/// After how many milliseconds a client should come back whose connection broke, and one whose server stops: at times of
/// their own, so that they do not all come at once.
const RETRY_MS: (u64, u64) = (1_000, 3_000);
const RETRY_AFTER_STOP_MS: (u64, u64) = (500, 5_000);

/// After how many seconds one should try again that found no place.
const RETRY_PLACE_S: u32 = 10;

/// What a client follows.
enum Follower {
    Rules(Rules),
    Values(Box<Values>),
    Hints(Hints),
}

impl Follower {
    /// What there is to tell since the last time, in pieces; nothing where nothing is new.
    fn look(&mut self, subscription: &Subscription, epoch: &str) -> Vec<Bytes> {
        match self {
            Self::Rules(rules) => rules.look(subscription, epoch),
            Self::Values(values) => values.look(subscription, epoch),
            Self::Hints(hints) => hints.look(subscription, epoch),
        }
    }
}

/// A stream that is open.
struct Open {
    subscription: Subscription,
    follower: Follower,
    epoch: Box<str>,
    /// What is to be sent next.
    pending: VecDeque<Bytes>,
    silence: Duration,
    is_over: bool,
}

/// Changes as they happen.
///
/// A server key gets the whole ruleset (`put`) and then the documents that change (`patch`), that are removed (`delete`), and
/// what caches are to drop (`purge`). A browser key gets the values of the flags that are marked for browsers, for its
/// context, and then those that change. `Last-Event-ID` goes on from there.
#[utoipa::path(
    get, path = "/api/v1/stream", operation_id = "followEnvironment",
    tag = "Streams", security(("environment_key" = []), ()), params(Ask),
    responses(
        (status = OK, description = "Events until one side ends it.", body = String,
            content_type = "text/event-stream", example = "retry: 1873\n\nevent: put\ndata: {\"flags\":{},\"revision\":24}\n\nid: 24-x7Yk2p9Q\n\n"),
        Invalid, Unauthenticated, Elsewhere, TooOften
    ),
)]
pub(crate) async fn follow(State(api): State<Api>, request: Request) -> Asked {
    let (admitted, ask) = auth::admit_asking(&api, &request)?;
    let follower = match admitted.caller.kind {
        KeyKind::Server => {
            ask.expect_none()?;
            Follower::Rules(Rules::after(request.headers(), &api.services.delivery().epoch()))
        }
        KeyKind::Browser => Follower::Values(Box::new(Values::of(ask.into_json()?))),
    };
    open(&api, &request, admitted, follower, None)
}

/// Hints that values may have changed.
///
/// For OpenFeature's clients, which are told the address with the values of all flags. It holds a token that is good for this
/// alone and ends after a day or two; after that the values are to be asked for again, which tells a new address.
#[utoipa::path(
    get, path = "/ofrep/v1/stream", operation_id = "followHints",
    tag = "Streams", security(()), params(Token),
    responses(
        (status = OK, description = "Events until one side ends it.", body = String,
            content_type = "text/event-stream", example = "retry: 1873\n\nevent: message\nid: 24-x7Yk2p9Q\ndata: {\"type\":\"refetchEvaluation\"}\n\n"),
        Invalid, Unauthenticated, Elsewhere, TooOften
    ),
)]
pub(crate) async fn hints(State(api): State<Api>, request: Request) -> Asked {
    let token = token::token(request.uri())?;
    let redeemed = token.and_then(|token| api.services.delivery().redeem(&token));
    let (caller, until) = redeemed.unzip();
    let admitted = auth::admit_caller(&api, &request, caller)?;
    let follower = Follower::Hints(Hints::after(request.headers(), &api.services.delivery().epoch()));
    open(&api, &request, admitted, follower, until)
}

fn open(
    api: &Api,
    request: &Request,
    admitted: Admitted,
    follower: Follower,
    until: Option<Millis>,
) -> Asked {
    let delivery = api.services.delivery();
    admitted.caller.used(delivery.now());
    let address = address::of(request.extensions(), request.headers(), api.proxies);
    let subscription = delivery.follow(admitted.caller.clone(), address, until).map_err(no_place)?;
    let open = Open {
        subscription,
        follower,
        epoch: delivery.epoch(),
        pending: VecDeque::from([frame::greeting(between(RETRY_MS))]),
        silence: Duration::from_millis(between(SILENCE_MS)),
        is_over: false,
    };
    let events = stream::unfold(open, async |mut open| {
        let event = open.next().await?;
        Some((Ok::<_, std::convert::Infallible>(event), open))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather answers before they pass them on would keep it.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(admitted.tell(response))
}

impl Open {
    async fn next(&mut self) -> Option<Bytes> {
        let silent_until = Instant::now() + self.silence;
        loop {
            if let Some(piece) = self.pending.pop_front() {
                return Some(piece);
            }
            if self.is_over {
                return None;
            }
            if let Some(end) = self.subscription.end() {
                self.is_over = true;
                return Some(frame::end(end, between(RETRY_AFTER_STOP_MS)));
            }
            self.pending = self.follower.look(&self.subscription, &self.epoch).into();
            if self.pending.is_empty() {
                tokio::select! {
                    () = self.subscription.woken() => {}
                    () = sleep_until(silent_until) => return Some(Bytes::from_static(frame::HEARTBEAT)),
                }
            }
        }
    }
}

fn between((least, most): (u64, u64)) -> u64 {
    rand::rng().random_range(least..=most)
}

fn no_place(_: TooMany) -> NotAnswered {
    Error::TooMany { retry_after: RETRY_PLACE_S }.into()
}

/// What the client got last, of this database; none where it says nothing that can be used.
fn last_event(headers: &HeaderMap, epoch: &str) -> Option<u64> {
    revision_of(headers.get("last-event-id")?.to_str().ok()?, epoch)
}
