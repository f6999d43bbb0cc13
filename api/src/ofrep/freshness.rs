//! What a provider has heard of, and does not want to be answered without.

use axum::http::Uri;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use crate::openapi::parameters::{field, text};
use crate::stream::revision_of;

/// What an event said that made a provider ask.
pub(super) struct Hints;

impl IntoParams for Hints {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let etag = "The `etag` of the event that made the provider ask: the revision that the answer is to be of, or a \
                    later one.";
        let last_modified =
            "The `lastModified` of that event. Taken, and not looked at: the revision says more.";
        vec![
            field("flagConfigEtag", etag, text("\"24-x7Yk2p9Q\"")),
            field("flagConfigLastModified", last_modified, text("1771622898")),
        ]
    }
}

/// The revision that a hint names; none where there is no hint, or one of another database.
pub(super) fn revision(uri: &Uri, epoch: impl FnOnce() -> Box<str>) -> Option<u64> {
    let query = uri.query()?;
    let (_, hint) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "flagConfigEtag")?;
    revision_of(hint.strip_prefix("W/").unwrap_or(&hint).trim_matches('"'), &epoch())
}
