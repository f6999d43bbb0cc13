//! How server functions read their arguments: from a form with exactly their fields, so that a misspelt one is refused
//! with its path instead of being lost. Leptos' own encoding passes over what it does not know. And how they answer.

use leptos::server_fn::codec::{Encoding, Post};
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use crate::error::UiError;

/// The arguments as the URL-encoded body of a POST, as browsers send forms without script.
pub(crate) struct Form;

impl ContentType for Form {
    const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";
}

impl Encoding for Form {
    const METHOD: http::Method = http::Method::POST;
}

/// The answer as JSON.
pub(crate) type Json = Post<Text>;

/// JSON that is read as a text, as leptos reads what comes with a page: read as bytes, what reads each type would be in the
/// browser's program twice.
pub(crate) struct Text;

impl ContentType for Text {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Text {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Text {
    type Error = serde_json::Error;

    fn encode(answer: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(answer).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Text {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        serde_json::from_str(&String::from_utf8_lossy(&bytes))
    }
}

/// How deep a form's fields nest at most: `a[b][c]`.
const DEPTH: usize = 5;

/// Reads a form.
pub(crate) fn read<T: DeserializeOwned>(form: &str) -> Result<T, UiError> {
    let arguments = serde_qs::Config::new(DEPTH, false)
        .deserialize_str(form)
        .map_err(|error| domain::Error::invalid("", error.to_string()))
        .and_then(|Checked(arguments)| arguments);
    arguments.map_err(|error| {
        #[cfg(feature = "ssr")]
        crate::server::set_status(error.status());
        UiError::Rejected(error)
    })
}

/// The way to `serde_qs`' deserializer, which is its own secret.
struct Checked<T>(domain::Result<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Checked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(domain::read(deserializer)))
    }
}

/// Makes a server function with `input = Form` read and write its arguments so. Each needs its own lines, because no
/// trait of another crate can be implemented here for all of them at once.
macro_rules! arguments {
    ($($arguments:ty),+) => {$(
        impl<Request> leptos::server_fn::codec::IntoReq<$crate::form::Form, Request, UiError> for $arguments
        where
            Request: leptos::server_fn::request::ClientReq<UiError>,
        {
            fn into_req(self, path: &str, accepts: &str) -> Result<Request, UiError> {
                use leptos::server_fn::codec::{IntoReq, PostUrl};
                IntoReq::<PostUrl, Request, UiError>::into_req(self, path, accepts)
            }
        }

        impl<Request> leptos::server_fn::codec::FromReq<$crate::form::Form, Request, UiError> for $arguments
        where
            Request: leptos::server_fn::request::Req<UiError> + Send + 'static,
        {
            async fn from_req(request: Request) -> Result<Self, UiError> {
                $crate::form::read(&request.try_into_string().await?)
            }
        }
    )+};
}

pub(crate) use arguments;
