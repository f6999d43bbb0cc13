//! Answers that operations share. What an error looks like comes from the code that answers it.

use std::collections::BTreeMap;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use domain::Error;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{Object, Type};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::envelope::{self, Envelope};

macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $name:ident = $error:expr;)+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    let shared = Ref::from_response_name(stringify!($name));
                    BTreeMap::from([($error.status().to_string(), RefOr::Ref(shared))])
                }
            }
        )+

        /// The errors by the names that operations refer to.
        pub(super) fn shared() -> BTreeMap<String, RefOr<Response>> {
            BTreeMap::from([
                $((stringify!($name).to_owned(), error(stringify!($name), concat!($($doc),+), &$error).into())),+
            ])
        }
    };
}

errors! {
    /// The input does not follow the rules. `details` names the places.
    Invalid = Error::invalid("name", "1 to 100 characters");
    /// No key or token, or one that is not valid.
    Unauthenticated = Error::Unauthenticated;
    /// The e-mail address or the password is wrong; or there is a token, and it is not valid (`unauthenticated`).
    BadCredentials = Error::BadCredentials;
    /// The right to do this is missing. Nothing changed.
    Forbidden = Error::Forbidden { reason: "this token may only read".to_owned() };
    /// It does not exist, or the asker may not know that it does.
    NotFound = Error::not_found("organization");
    /// It clashes with what is there. Where versions clash, `details` has both.
    Conflict = Error::conflict("the slug `acme` is taken");
    /// The body is larger than 1 MiB.
    TooLarge = Error::TooLarge { limit: crate::body::LIMIT as u64 };
    /// The body is larger than 32 MiB.
    TooLargeImport = Error::TooLarge { limit: crate::body::IMPORT_LIMIT as u64 };
    /// Too many attempts. It may be tried again later.
    TooMany = Error::TooMany { retry_after: 8 };
    /// The key may not be used from this address.
    Elsewhere = Error::Forbidden { reason: crate::auth::ELSEWHERE.to_owned() };
    /// The key has asked as often as it may, all keys of its organization together have, or somebody without a valid key has from
    /// the same address.
    TooOften = Error::TooMany { retry_after: 1 };
    /// What it takes, the database or the mail server, cannot be reached right now. It may be tried again later.
    Unavailable = Error::Unavailable { reason: "the database cannot be reached right now: try again".to_owned() };
    /// Something failed on our side. The log has the cause under the id in the message.
    Internal = Error::Internal { id: "6b1f0c9a52d7e384".to_owned() };
}

fn error(name: &str, doc: &str, error: &Error) -> Response {
    let content = Content::builder()
        .schema(Some(Ref::from_schema_name(Envelope::name())))
        .example(Some(envelope::example(error)));
    let response =
        ResponseBuilder::new().description(doc.trim()).content("application/json", content.build());
    let header = |kind, text: &str| {
        HeaderBuilder::new().schema(Object::with_type(kind)).description(Some(text)).build()
    };
    let response = match error {
        Error::Unauthenticated => {
            response.header(WWW_AUTHENTICATE.as_str(), header(Type::String, "The scheme: `Bearer`."))
        }
        Error::TooMany { .. } => {
            response.header(RETRY_AFTER.as_str(), header(Type::Integer, "After how many seconds."))
        }
        _ => response,
    };
    let response = match name {
        "TooOften" => response
            .header("x-ratelimit-limit", header(Type::Integer, "How many requests may be made at once."))
            .header("x-ratelimit-remaining", header(Type::Integer, "How many may be made right now.")),
        _ => response,
    };
    response.build()
}

/// What was sent with `If-None-Match` is still what there is.
pub(crate) struct NotModified;

impl IntoResponses for NotModified {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let text = "It is still what its tag was sent of, in `If-None-Match`.";
        BTreeMap::from([("304".to_owned(), Response::new(text).into())])
    }
}

/// It is done, and there is nothing more to say.
pub(crate) struct Done;

impl IntoResponses for Done {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("204".to_owned(), Response::new("It is done.").into())])
    }
}
