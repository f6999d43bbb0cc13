//! Why, in OpenFeature's words.

use engine::Reason;
use serde_json::json;
use utoipa::openapi::{Object, Type};

use super::failure::ErrorCode;

/// What a client is told of a reason: another reason beside a value, or an error. Python's provider fails on any reason that
/// OpenFeature does not name.
pub(super) const fn told(reason: Reason) -> Result<&'static str, ErrorCode> {
    match reason {
        Reason::FlagDisabled | Reason::FlagExpired => Ok("DISABLED"),
        Reason::Boolean | Reason::Fallthrough => Ok("STATIC"),
        Reason::OverrideMatch | Reason::SegmentMatch => Ok("TARGETING_MATCH"),
        Reason::PercentageRollout | Reason::SegmentAndPercentage => Ok("SPLIT"),
        Reason::SegmentNoMatch | Reason::PrerequisiteFailed | Reason::MissingBucketKey => Ok("DEFAULT"),
        Reason::FlagNotFound => Err(ErrorCode::FlagNotFound),
        Reason::UnknownType | Reason::MalformedFlag => Err(ErrorCode::ParseError),
    }
}

/// The reasons as examples: a client that took them for all would break on a new one.
pub(super) fn schema() -> Object {
    let reasons = ["STATIC", "TARGETING_MATCH", "SPLIT", "DEFAULT", "DISABLED"].map(|reason| json!(reason));
    let description = "Why, in OpenFeature's words. There may be more in the future.";
    Object::builder().schema_type(Type::String).description(Some(description)).examples(reasons).build()
}
