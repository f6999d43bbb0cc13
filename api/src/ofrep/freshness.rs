//! What a provider has heard of, and does not want to be answered without.

use axum::http::Uri;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Object, Required, Type};

/// What an event said that made a provider ask.
pub(super) struct Hints;

impl IntoParams for Hints {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: &str, description: &str, example: Value| {
            let schema = Object::builder().schema_type(Type::String).examples([example]);
            let parameter = Parameter::builder().name(name).parameter_in(ParameterIn::Query);
            parameter.required(Required::False).description(Some(description)).schema(Some(schema)).build()
        };
        let etag = "The `etag` of the event that made the provider ask: the revision that the answer is to be of, or a \
                    later one.";
        let last_modified =
            "The `lastModified` of that event. Taken, and not looked at: the revision says more.";
        vec![
            parameter("flagConfigEtag", etag, json!("\"24-x7Yk2p9Q\"")),
            parameter("flagConfigLastModified", last_modified, json!("1771622898")),
        ]
    }
}

/// The revision that a hint names; none where there is no hint, or one of another database.
pub(super) fn revision(uri: &Uri, epoch: &str) -> Option<u64> {
    let query = uri.query()?;
    let (_, hint) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "flagConfigEtag")?;
    let hint = hint.strip_prefix("W/").unwrap_or(&hint).trim_matches('"');
    let (revision, of) = hint.split_once('-')?;
    (of == epoch).then(|| revision.parse().ok())?
}
