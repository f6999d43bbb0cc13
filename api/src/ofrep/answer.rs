//! A flag's value, as providers read it.

use engine::{Detail, Reason};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::failure::{ErrorCode, Failure};
use super::reason;

/// What a flag's value is for a context, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepEvaluation)]
pub(super) struct Answer<'a> {
    /// The flag's key.
    #[schema(examples("checkout-v2"))]
    key: &'a str,
    /// The served variation's value, any JSON.
    #[schema(value_type = Value, required)]
    value: &'a RawValue,
    #[schema(schema_with = reason::schema)]
    reason: &'static str,
    /// The served variation's key.
    #[schema(examples("on"))]
    variant: &'a str,
    metadata: Metadata<'a>,
}

/// What there is to say of an evaluation beside that.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepMetadata)]
struct Metadata<'a> {
    /// Why, in Togglebit's own words.
    #[schema(value_type = String, examples("boolean"))]
    reason: Reason,
    /// The id of the rule that held, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rule: Option<&'a str>,
    /// The flag's version in the environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(2))]
    version: Option<u64>,
    /// The environment's key, where one flag was asked for.
    #[serde(rename = "flagSetId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    flag_set_id: Option<&'a str>,
    /// The environment's revision that was evaluated, where one flag was asked for. Among all flags each would be another
    /// after every change, and so would be their tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    revision: Option<u64>,
}

impl<'a> Answer<'a> {
    /// What a client is told of an evaluation, or why there is no value.
    pub(super) fn of(key: &'a str, detail: &Detail<'a>) -> Result<Self, Failure<'a>> {
        let fail = |code| Failure { key: Some(key), code, details: explain(code).into() };
        let reason = reason::told(detail.reason).map_err(fail)?;
        let (Some(value), Some(variant)) = (detail.value, detail.variation) else {
            return Err(fail(ErrorCode::General));
        };
        let metadata = Metadata {
            reason: detail.reason,
            rule: detail.rule,
            version: detail.version,
            flag_set_id: None,
            revision: None,
        };
        Ok(Self { key, value, reason, variant, metadata })
    }

    /// The same with what is said only where one flag was asked for.
    pub(super) fn alone(self, environment: &'a str, revision: u64) -> Self {
        let metadata = Metadata { flag_set_id: Some(environment), revision: Some(revision), ..self.metadata };
        Self { metadata, ..self }
    }
}

const fn explain(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::FlagNotFound => "there is no such flag, or this key may not see it",
        ErrorCode::ParseError => "the flag's document cannot be read by this version",
        ErrorCode::InvalidContext | ErrorCode::General => "the flag serves nothing",
    }
}
