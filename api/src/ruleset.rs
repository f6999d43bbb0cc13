//! `/api/v1/ruleset`: all flags and segments of an environment, for whoever evaluates by themselves.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Error;
use domain::api_keys::KeyKind;
use engine::ruleset::{FORMAT, Ruleset};
use service::delivery::{Encoding, Snapshot};

use crate::auth::Asked;
use crate::openapi::{Elsewhere, Invalid, NotModified, TooOften, Unauthenticated};
use crate::stream::event_id;
use crate::{Api, ask, auth, etag};

/// What a browser key is told: rules may name people.
const NOT_FOR_BROWSERS: &str = "a browser key is public, and sees no rules";

/// All flags and segments of the key's environment.
///
/// The documents are as `spec/ruleset.schema.json` describes them; one that is no JSON is left out. The tag is the revision's, so
/// that who asks with `If-None-Match` is sent what is new alone. Compressed with Brotli, Zstandard or gzip, once for all.
#[utoipa::path(
    get, path = "/api/v1/ruleset", operation_id = "getLiveRuleset",
    tag = "Streams", security(("environment_key" = [])),
    responses(
        (status = OK, description = "They are these.", body = Ruleset, example = json!({
            "format": 1, "environment": "dev", "revision": 24, "flags": {"new-menu": {
                "format": 1, "semantics": 1, "key": "new-menu", "version": 2, "kind": "boolean", "value_type": "boolean",
                "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
                "enabled": true, "off_variation": "off", "fallthrough": {"variation": "on"}
            }}, "segments": {}
        })),
        NotModified, Invalid, Unauthenticated, Elsewhere, TooOften
    ),
)]
pub(crate) async fn send(State(api): State<Api>, request: Request) -> Asked {
    let admitted = auth::admit(&api, &request)?;
    let [] = ask::fields(request.uri(), [])?;
    if admitted.caller.kind == KeyKind::Browser {
        return Err(Error::Forbidden { reason: NOT_FOR_BROWSERS.to_owned() }.into());
    }
    let delivery = api.services.delivery();
    admitted.caller.used(delivery.now());
    let snapshot = admitted.caller.environment.snapshot();
    let epoch = delivery.epoch();
    let tag = |encoding| tag(&snapshot, &epoch, encoding);
    // Whoever has it in one encoding has it in all.
    if let Some(known) = Encoding::ALL.into_iter().map(tag).find(|tag| etag::is_known(request.headers(), tag))
    {
        return Ok(admitted.tell((StatusCode::NOT_MODIFIED, headers(known)).into_response()));
    }
    let encoding = preferred(request.headers());
    let tag = tag(encoding);
    let body = match snapshot.ready_ruleset(encoding) {
        Some(body) => body,
        // To compress a large one takes longer than others may wait for the thread.
        None => {
            let environment = Arc::clone(&admitted.caller.environment);
            let write = move || snapshot.ruleset(environment.key(), encoding);
            let written = tokio::task::spawn_blocking(write).await;
            written.unwrap_or(Err(service::Error::Invariant("writing does not panic")))?
        }
    };
    Ok(admitted.tell(answer(body, tag, encoding)))
}

fn answer(body: Bytes, tag: HeaderValue, encoding: Encoding) -> Response {
    let content = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let mut response = (headers(tag), content, body).into_response();
    if encoding != Encoding::Identity {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.as_str()));
    }
    response
}

/// Only who asked may keep it, and has to ask each time.
fn headers(tag: HeaderValue) -> [(axum::http::HeaderName, HeaderValue); 3] {
    let may_keep = HeaderValue::from_static("private, no-cache");
    [(CACHE_CONTROL, may_keep), (ETAG, tag), (VARY, HeaderValue::from_static("accept-encoding"))]
}

fn tag(snapshot: &Snapshot, epoch: &str, encoding: Encoding) -> HeaderValue {
    let text = format!("\"{FORMAT}-{}-{}\"", event_id(snapshot.revision(), epoch), encoding.as_str());
    // Numbers, letters and hyphens.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The encoding that the client likes best (RFC 9110, 12.5.3), and of those the strongest.
fn preferred(headers: &HeaderMap) -> Encoding {
    let mut weights = [None; Encoding::ALL.len()];
    let mut others = None;
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    for part in values.flat_map(|value| value.split(',')) {
        let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
        let Some(weight) = weight else { continue };
        let name = name.trim();
        match Encoding::ALL.iter().position(|encoding| name.eq_ignore_ascii_case(encoding.as_str())) {
            Some(place) => weights[place] = Some(weight),
            None if name == "*" => others = Some(weight),
            None => {}
        }
    }
    let weight = |(place, encoding): (usize, Encoding)| {
        // What is not named is not accepted, but for no compression, which always is, as the last resort.
        let unnamed = others.or((encoding == Encoding::Identity).then_some(f32::MIN_POSITIVE));
        (encoding, weights[place].or(unnamed).unwrap_or(0.0))
    };
    let all = Encoding::ALL.into_iter().enumerate().map(weight).filter(|(_, weight)| *weight > 0.0);
    // The first of those that weigh the same.
    all.fold((Encoding::Identity, 0.0), |best, next| if next.1 > best.1 { next } else { best }).0
}
