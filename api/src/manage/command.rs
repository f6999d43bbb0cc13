//! From a request to a command, and from a result to an answer.

use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use domain::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use service::{Actor, Once};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Object, Required, Type};
use validator::Validate;

use super::organization::{ORGANIZATION, PROJECT};
use crate::body;
use crate::envelope::{Rejection, Result};

/// A command that was sent as JSON: with exactly its fields, and by its own rules.
pub(super) struct Command<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Validate> FromRequest<S> for Command<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let bytes = body::read(request.into_body()).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// No body is a command without fields.
fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T> {
    Ok(domain::parse(if bytes.is_empty() { b"{}" } else { bytes })?)
}

/// A command that brings much with it: up to 32 MiB, read where nobody waits for it.
pub(super) struct Import<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Validate + Send + 'static> FromRequest<S> for Import<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let bytes = body::read_up_to(request.into_body(), body::IMPORT_LIMIT).await?;
        Ok(Self(aside(move || parse(&bytes)).await??))
    }
}

/// Does work that takes a while where nobody waits for a thread meanwhile.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let broken = |_| service::Error::Invariant("reading a body panicked").expose();
    Ok(tokio::task::spawn_blocking(work).await.map_err(broken)?)
}

/// A command to create something, and whoever sent it. With the header `Idempotency-Key` it is done once, however often
/// it is sent within a day.
pub(super) struct Create<T>(pub(super) Actor, pub(super) T);

/// The header that makes a request one that is done once.
const ONCE: &str = "idempotency-key";

impl<S: Send + Sync, T: DeserializeOwned + Validate> FromRequest<S> for Create<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let (head, body) = request.into_parts();
        let actor = head.extensions.get::<Actor>().cloned().unwrap_or(Actor::anonymous());
        let bytes = body::read(body).await?;
        let command = parse(&bytes)?;
        let Some(key) = head.headers.get(ONCE) else { return Ok(Self(actor, command)) };
        let is_good = |key: &&str| (1..=255).contains(&key.len());
        let key = key.to_str().ok().filter(is_good);
        let key = key.ok_or_else(|| Error::invalid("Idempotency-Key", "1 to 255 visible characters"))?;
        let mut digest = Sha256::new();
        let headers =
            [ORGANIZATION, PROJECT].map(|name| head.headers.get(name).map_or(&b""[..], |it| it.as_bytes()));
        let said = [
            head.method.as_str().as_bytes(),
            head.uri.to_string().as_bytes(),
            headers[0],
            headers[1],
            &bytes,
        ]
        .map(<[u8]>::to_vec);
        for part in said {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(actor.asking_once(Once { key: key.to_owned(), digest }), command))
    }
}

impl<T> IntoParams for Create<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = Object::builder().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
        let header =
            Parameter::builder().name(ONCE).parameter_in(ParameterIn::Header).required(Required::False);
        let description = "Any text of one's own: the same request sent again with it within a day is answered as before, without the secret, and done once.";
        vec![
            header.description(Some(description)).schema(Some(text.examples(["7e5c2a8e-first-try"]))).build(),
        ]
    }
}

/// The variable parts of the path. What is no text names nothing.
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Rejection;

    async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Self> {
        match extract::Path::from_request_parts(request, state).await {
            Ok(extract::Path(parts)) => Ok(Self(parts)),
            Err(_) => Err(Error::not_found("path").into()),
        }
    }
}

/// A part of the path, as a key or an id.
pub(super) fn part<T: std::str::FromStr>(text: &str, what: &str) -> Result<T> {
    // What cannot be a name names nothing.
    Ok(text.parse().map_err(|_| Error::not_found(what))?)
}

/// An answer that nobody may keep.
pub(super) type Answer<T> = (StatusCode, [(HeaderName, &'static str); 1], axum::Json<T>);

/// Answers with 200.
pub(super) fn ok<T: Serialize>(value: T) -> Answer<T> {
    with(StatusCode::OK, value)
}

/// Answers with 201.
pub(super) fn created<T: Serialize>(value: T) -> Answer<T> {
    with(StatusCode::CREATED, value)
}

fn with<T: Serialize>(status: StatusCode, value: T) -> Answer<T> {
    (status, [(header::CACHE_CONTROL, "no-store")], axum::Json(value))
}
