//! What a stream is asked for: `?key=…&userId=…&context={…}`. Browsers can send nothing else along.

use std::borrow::Cow;

use axum::http::Uri;
use domain::Error;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Object, Required};

use crate::ask::{self, fields};
use crate::envelope::Result;

/// Who follows, and under which circumstances, as it was sent.
pub(super) struct Ask<'a> {
    key: Option<Cow<'a, str>>,
    ask: ask::Ask<'a>,
}

impl<'a> Ask<'a> {
    pub(super) fn read(uri: &'a Uri) -> Result<Self> {
        let [key, user_id, context] = fields(uri, ["key", "userId", "context"])?;
        Ok(Self { key, ask: ask::Ask::new(user_id, context) })
    }

    /// The key in the address.
    pub(super) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Refuses a context from somebody who gets rules, and no values.
    pub(super) fn expect_no_context(&self) -> Result<()> {
        match self.ask.is_empty() {
            true => Ok(()),
            false => {
                Err(Error::invalid("query", "a server key gets rules, which depend on no context").into())
            }
        }
    }

    /// The context as JSON, which can be read.
    pub(super) fn into_context(self) -> Result<Box<[u8]>> {
        self.ask.into_json()
    }
}

/// `?token=…`, which stands in for a key.
pub(super) struct Token;

/// The token of an address.
pub(super) fn token(uri: &Uri) -> Result<Cow<'_, str>> {
    let [token] = fields(uri, ["token"])?;
    Ok(token.ok_or(Error::Unauthenticated)?)
}

impl IntoParams for Ask<'_> {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description =
            "A browser key, from clients that cannot send `Authorization`. A server key is refused here.";
        let key = text("key", Required::False, description, "tbc_dev_EXAMPLE");
        std::iter::once(key).chain(ask::Ask::into_params(place)).collect()
    }
}

impl IntoParams for Token {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![text(
            "token",
            Required::True,
            "The token of the address that was told.",
            "AZn7LnxBfTqaVT8MK54dhA",
        )]
    }
}

fn text(name: &str, required: Required, description: &str, example: &str) -> Parameter {
    let schema = Object::builder().schema_type(Type::String).examples([example]);
    let parameter = Parameter::builder().name(name).parameter_in(ParameterIn::Query).required(required);
    parameter.description(Some(description)).schema(Some(schema)).build()
}
