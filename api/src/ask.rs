//! What an evaluation is asked for: a key in the path, a user and a context in the query or the body.
//!
//! Read here instead of by extractors of axum, each of which copies what it reads and makes every request's future
//! larger: together they cost more than all that comes after them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::Uri;
use domain::Error;
use engine::{Context, Value};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{Object, Type};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::envelope::Result;
use crate::openapi::parameters::{field, text};

/// The flag's key: the path's last part.
pub(crate) fn key(uri: &Uri) -> Result<Cow<'_, str>> {
    let (_, written) = uri.path().rsplit_once('/').unwrap_or_default();
    if !written.contains('%') {
        return Ok(Cow::Borrowed(written));
    }
    let key = percent_decode_str(written).decode_utf8();
    Ok(key.map_err(|_| Error::invalid("key", "is not UTF-8"))?)
}

/// The flag's key, where one that is not UTF-8 is as good as any other that there is no flag of.
pub(crate) fn any_key(uri: &Uri) -> Cow<'_, str> {
    let (_, written) = uri.path().rsplit_once('/').unwrap_or_default();
    percent_decode_str(written).decode_utf8_lossy()
}

/// The environment's key: the path's last part but one.
pub(crate) fn environment(uri: &Uri) -> Cow<'_, str> {
    let written = uri.path().rsplit('/').nth(1).unwrap_or_default();
    percent_decode_str(written).decode_utf8_lossy()
}

/// The fields of a query, each at most once, and no others.
pub(crate) fn fields<'a, const N: usize>(
    uri: &'a Uri,
    names: [&str; N],
) -> Result<[Option<Cow<'a, str>>; N]> {
    let mut fields = [const { None }; N];
    for (name, value) in written(uri) {
        let (Some(name), Some(value)) = (read(name), read(value)) else {
            return Err(Error::invalid("query", "is not UTF-8").into());
        };
        let place = names.iter().position(|known| *known == name);
        let Some(field) = place.and_then(|place| fields.get_mut(place)) else {
            let known: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            let expected = if known.is_empty() { "none" } else { &known.join(" or ") };
            let message = format!("unknown field `{name}`, expected {expected}");
            return Err(Error::invalid("query", message).into());
        };
        if field.replace(value).is_some() {
            return Err(Error::invalid("query", format!("duplicate field `{name}`")).into());
        }
    }
    Ok(fields)
}

/// The names and values of a query as they are written (WHATWG URL, application/x-www-form-urlencoded).
fn written(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    let fields = uri.query().unwrap_or_default().split('&').filter(|field| !field.is_empty());
    fields.map(|field| field.split_once('=').unwrap_or((field, "")))
}

/// What is meant by a name or value that is written in a query; none where it is not UTF-8. Parsers for forms put the same
/// character in the place of whatever is no text, which would make one user of many, and they go through every character:
/// most names and values are what they look like.
fn read(written: &str) -> Option<Cow<'_, str>> {
    if !written.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(written));
    }
    if !written.contains('+') {
        return percent_decode_str(written).decode_utf8().ok();
    }
    let spaced = written.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(Cow::Owned(decoded.into_owned()))
}

/// The key in `?key=…`, whatever else the query has.
pub(crate) fn sent_key(uri: &Uri) -> Option<Cow<'_, str>> {
    let named = |name| read(name).is_some_and(|name| name == "key");
    written(uri).find(|(name, _)| named(name)).and_then(|(_, key)| read(key))
}

/// Who asks, and under which circumstances, as it was sent.
pub(crate) struct Ask<'a> {
    /// The key that stands in the address.
    pub(crate) key: Option<Cow<'a, str>>,
    user_id: Option<Cow<'a, str>>,
    context: Option<Cow<'a, str>>,
}

impl<'a> Ask<'a> {
    /// Reads `?userId=…&context={…}`, beside which a key may stand.
    pub(crate) fn query(uri: &'a Uri) -> Result<Self> {
        let [key, user_id, context] = fields(uri, ["key", "userId", "context"])?;
        Ok(Self { key, user_id, context })
    }

    /// Refuses a context from somebody who gets rules, and no values.
    pub(crate) fn expect_none(&self) -> Result<()> {
        match (&self.user_id, &self.context) {
            (None, None) => Ok(()),
            _ => Err(Error::invalid("query", "a server key gets rules, which depend on no context").into()),
        }
    }

    /// The context as JSON, for whoever reads it again and again.
    pub(crate) fn into_json(self) -> Result<Box<[u8]>> {
        self.context()?;
        let Some(user_id) = self.user_id else {
            return Ok(self.context.map_or_else(|| "{}".into(), Cow::into_owned).into_bytes().into());
        };
        let context = self.context.as_deref().unwrap_or("{}");
        let mut members: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(context).map_err(|error| Error::invalid("context", error.to_string()))?;
        let user_id = serde_json::value::to_raw_value(&user_id);
        members.insert(
            "userId".to_owned(),
            user_id.map_err(|error| Error::invalid("userId", error.to_string()))?,
        );
        let json = serde_json::to_vec(&members);
        Ok(json.map_err(|error| Error::invalid("context", error.to_string()))?.into())
    }

    /// Reads `{"userId": "…", "context": {…}}`. An empty body asks without a context. A query is refused: who sends one
    /// expects it to count.
    pub(crate) fn body(uri: &Uri, body: &'a [u8]) -> Result<Self> {
        if uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Error::invalid("query", "belongs into the body of a POST").into());
        }
        let Body { user_id, context } = match body {
            [] => Body { user_id: None, context: None },
            body => domain::parse(body)?,
        };
        let context = context.map(|json| Cow::Owned(Box::<str>::from(json).into_string()));
        Ok(Self { key: None, user_id: user_id.map(Cow::Owned), context })
    }

    /// The context. `userId` beside it wins over one inside.
    pub(crate) fn context(&self) -> Result<Context<'_>> {
        let mut context = match &self.context {
            None => Context::default(),
            Some(json) => Context::from_json(json.as_bytes())
                .map_err(|error| Error::invalid("context", error.to_string()))?,
        };
        if let Some(user_id) = &self.user_id {
            context.set("userId", Value::Text(Cow::Borrowed(user_id)));
        }
        Ok(context)
    }
}

impl IntoParams for Ask<'_> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let context = text(r#"{"plan":"pro"}"#).content_media_type("application/json");
        let key = "A browser key, instead of the header `Authorization`. A server key is refused here.";
        vec![
            field("key", key, text("tbc_dev_EXAMPLE")),
            field("userId", "The user. Replaces one inside the context.", text("user-1")),
            field("context", "The attributes of whoever asks: a JSON object.", context),
        ]
    }
}

/// Who asks, and under which circumstances.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvaluationContext)]
pub(crate) struct Body {
    /// The user. Replaces one inside the context.
    #[serde(default, rename = "userId")]
    #[schema(examples("user-1"))]
    user_id: Option<String>,
    #[serde(default)]
    #[schema(schema_with = attributes)]
    context: Option<Box<RawValue>>,
}

/// The attributes of a context.
pub(crate) fn attributes() -> Object {
    let description =
        "The attributes of whoever asks. `targetingKey` in it is the user, and wins over `userId`.";
    let object = Object::builder().schema_type(SchemaType::from_iter([Type::Object, Type::Null]));
    object.description(Some(description)).examples([json!({"plan": "pro"})]).build()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A query says what it says to a parser for forms, wherever that puts no other character in the place of one.
        #[test]
        fn a_query_is_read_as_forms_are(query in "([a-c=&+]|%[0-9a-fA-F]{0,2}|%c3%a4){0,12}") {
            let uri = Uri::try_from(format!("/?{query}")).unwrap();
            let meant: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
            let read: Option<Vec<_>> =
                written(&uri).map(|(name, value)| Some((read(name)?, read(value)?))).collect();
            let replaced = meant.iter().any(|(name, value)| [name, value].iter().any(|it| it.contains('\u{FFFD}')));
            prop_assert_eq!(read, Some(meant.clone()).filter(|_| !replaced));
            let key = meant.iter().find(|(name, _)| name == "b").map(|(_, value)| value);
            if let Ok([_, b]) = fields(&uri, ["a", "b"]) {
                prop_assert_eq!(b.as_ref(), key);
            }
        }
    }
}
