//! Who asks: a key from the `Authorization` header, looked up in memory.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use axum::response::{IntoResponse, Response};
use domain::Error;
use domain::api_keys::KeyKind;
use service::Delivery;
use service::delivery::{Caller, Exceeded, Quota, Refused};

use crate::ask::{self, Ask};
use crate::envelope::Rejection;
use crate::{Api, address, cors};

/// How many requests may be made at once.
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");

/// How many may be made right now.
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// Where a key was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a header.
    Header,
    /// In the address, as far as it may be there.
    Address,
}

/// The holder of a key, who may ask.
pub(crate) struct Admitted {
    pub(crate) caller: Arc<Caller>,
    pub(crate) place: Place,
    /// What is left to it, where its requests are counted.
    quota: Option<Quota>,
}

/// Why somebody is not answered.
pub(crate) struct NotAnswered {
    rejection: Rejection,
    quota: Option<Quota>,
}

/// The result of asking for a value.
pub(crate) type Asked = Result<Response, NotAnswered>;

/// The holder of a valid key, who asks from where and as often as they may. One refusal for every cause that is a key's:
/// whether one was ever valid is nobody's business.
pub(crate) fn admit<B>(api: &Api, request: &Request<B>) -> Result<Admitted, NotAnswered> {
    admit_caller(api, request, caller(api.services.delivery(), request.headers()))
}

/// The same of a key that may be in the address, where everybody may read it, and what else the address asks for.
pub(crate) fn admit_asking<'a, B>(
    api: &Api,
    request: &'a Request<B>,
) -> Result<(Admitted, Ask<'a>), NotAnswered> {
    let ask = Ask::query(request.uri());
    // Who asks comes before what they ask for.
    let key = match &ask {
        Ok(ask) => ask.key.as_deref().map(Cow::Borrowed),
        Err(_) => ask::sent_key(request.uri()),
    };
    let admitted = match key {
        Some(key) => admit_public_key(api, request, &key)?,
        None => admit(api, request)?,
    };
    Ok((admitted, ask?))
}

fn admit_public_key<B>(api: &Api, request: &Request<B>, key: &str) -> Result<Admitted, NotAnswered> {
    let admitted = admit_key(api, request, key)?;
    match admitted.caller.kind {
        KeyKind::Browser => Ok(Admitted { place: Place::Address, ..admitted }),
        KeyKind::Server => Err(Error::Forbidden { reason: NOT_IN_ADDRESSES.to_owned() }.into()),
    }
}

/// The same of a key that was sent in another place.
pub(crate) fn admit_key<B>(api: &Api, request: &Request<B>, raw: &str) -> Result<Admitted, NotAnswered> {
    admit_caller(api, request, api.services.delivery().authenticate(raw))
}

/// The same of whoever was found. Those who were not may ask for a while from the same address: whoever has a key that works
/// is not looked at for that.
pub(crate) fn admit_caller<B>(
    api: &Api,
    request: &Request<B>,
    caller: Option<Arc<Caller>>,
) -> Result<Admitted, NotAnswered> {
    let delivery = api.services.delivery();
    let address = || address::of(request.extensions(), request.headers(), api.proxies);
    let Some(caller) = caller else {
        delivery.admit_stranger(address()).map_err(too_often)?;
        return Err(Error::Unauthenticated.into());
    };
    let quota = delivery.admit(&caller, address).map_err(refuse)?;
    Ok(Admitted { caller, place: Place::Header, quota })
}

fn caller(delivery: &Delivery, headers: &HeaderMap) -> Option<Arc<Caller>> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    header.and_then(bearer).and_then(|raw| delivery.authenticate(raw))
}

impl Admitted {
    /// Says in an answer what is left to the key, and that pages of all origins may read it.
    pub(crate) fn tell(&self, mut answer: Response) -> Response {
        tell(self.quota, &mut answer);
        answer
    }
}

impl NotAnswered {
    /// Why, and what is left to the key.
    pub(crate) fn into_parts(self) -> (Error, Option<Quota>) {
        (self.rejection.into_error(), self.quota)
    }
}

/// Says in an answer to an application what is said in each.
pub(crate) fn tell(quota: Option<Quota>, answer: &mut Response) {
    cors::open(answer.headers_mut());
    let Some(Quota { limit, remaining, .. }) = quota else { return };
    answer.headers_mut().insert(LIMIT, HeaderValue::from(limit));
    answer.headers_mut().insert(REMAINING, HeaderValue::from(remaining));
}

fn refuse(refused: Refused) -> NotAnswered {
    match refused {
        Refused::Elsewhere => Error::Forbidden { reason: ELSEWHERE.to_owned() }.into(),
        Refused::TooOften(exceeded) => too_often(exceeded),
    }
}

fn too_often(Exceeded { quota, .. }: Exceeded) -> NotAnswered {
    let rejection = Error::TooMany { retry_after: quota.retry_after }.into();
    NotAnswered { rejection, quota: Some(quota) }
}

/// What a server key is told in an address: logs keep addresses.
const NOT_IN_ADDRESSES: &str =
    "a server key does not belong into an address: send it as `Authorization: Bearer KEY`";

/// What a key is told that may not be used from where it is. It names no network: whoever found the key would know where to
/// go.
pub(crate) const ELSEWHERE: &str = "this key may not be used from this address";

impl<E: Into<Rejection>> From<E> for NotAnswered {
    fn from(error: E) -> Self {
        Self { rejection: error.into(), quota: None }
    }
}

impl IntoResponse for NotAnswered {
    fn into_response(self) -> Response {
        let mut response = self.rejection.into_response();
        tell(self.quota, &mut response);
        response
    }
}

/// The token of `Bearer TOKEN`; the scheme's case does not matter (RFC 9110, 11.1).
pub(crate) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
