//! What providers send: `{"context": {…}}`.

use engine::Context;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::failure::{ErrorCode, Refusal};
use crate::ask;

/// Who asks, and under which circumstances. Other fields are not looked at.
#[derive(Deserialize, ToSchema)]
#[schema(as = OfrepRequest)]
pub(super) struct Body<'a> {
    #[serde(default, borrow)]
    #[schema(schema_with = ask::attributes)]
    context: Option<&'a RawValue>,
}

/// The context in a body. An empty body has an empty one.
pub(super) fn context(body: &[u8]) -> Result<Context<'_>, Refusal> {
    let context = match body {
        [] => None,
        body => read(body)?.context,
    };
    match context {
        None => Ok(Context::default()),
        Some(json) => Context::from_json(json.get().as_bytes())
            .map_err(|error| Refusal::bad(ErrorCode::InvalidContext, format!("context: {error}"))),
    }
}

fn read(body: &[u8]) -> Result<Body<'_>, Refusal> {
    let bad = |details| Refusal::bad(ErrorCode::ParseError, details);
    // What is derived would take a list for an object without its names.
    match body.trim_ascii_start().first() {
        Some(b'[') => Err(bad("the body is not a JSON object".to_owned())),
        _ => serde_json::from_slice(body).map_err(|error| bad(format!("the body: {error}"))),
    }
}
