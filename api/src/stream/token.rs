//! The token of an address, which stands in for a key.

use std::borrow::Cow;

use axum::http::Uri;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use crate::ask::fields;
use crate::envelope::Result;
use crate::openapi::parameters::{needed, text};

/// `?token=…`.
pub(super) struct Token;

/// The token of an address, if it has one.
pub(super) fn token(uri: &Uri) -> Result<Option<Cow<'_, str>>> {
    let [token] = fields(uri, ["token"])?;
    Ok(token)
}

impl IntoParams for Token {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![needed("token", "The token of the address that was told.", text("AZn7LnxBfTqaVT8MK54dhA"))]
    }
}
