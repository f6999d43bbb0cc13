//! Why there is no value, as providers read it.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use domain::Error;
use serde::Serialize;
use service::delivery::Quota;
use utoipa::ToSchema;

use crate::auth::{self, NotAnswered};
use crate::envelope::{self, Rejection};

/// What went wrong, in OpenFeature's words.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = OfrepErrorCode)]
pub(super) enum ErrorCode {
    /// The body, or a flag's document, cannot be read.
    ParseError,
    /// The context is not an object.
    InvalidContext,
    /// There is no such flag.
    FlagNotFound,
    /// Anything else.
    General,
}

/// Why there is no value.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepFailure)]
pub(super) struct Failure<'a> {
    /// The flag's key; not there where all flags were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) key: Option<&'a str>,
    /// What went wrong, for programs.
    #[serde(rename = "errorCode")]
    pub(super) code: ErrorCode,
    /// What went wrong, for people. The words may change.
    #[serde(rename = "errorDetails")]
    #[schema(examples("there is no such flag, or this key may not see it"))]
    pub(super) details: Cow<'a, str>,
}

impl Failure<'_> {
    /// An answer of one flag, or of nothing at all.
    pub(super) fn respond(&self, status: StatusCode) -> Response {
        (status, [(CACHE_CONTROL, "no-store")], axum::Json(self)).into_response()
    }
}

/// Why a request is not answered.
pub(super) struct Refusal {
    status: StatusCode,
    code: ErrorCode,
    details: String,
    /// What headers are made of.
    cause: Option<Error>,
    quota: Option<Quota>,
}

impl Refusal {
    /// Of a request that cannot be read.
    pub(super) fn bad(code: ErrorCode, details: String) -> Self {
        Self { code, ..Self::general(StatusCode::BAD_REQUEST, details) }
    }

    pub(super) fn general(status: StatusCode, details: String) -> Self {
        Self { status, code: ErrorCode::General, details, cause: None, quota: None }
    }

    /// The answer, of a flag where one was asked for.
    pub(super) fn answer(self, key: Option<&str>) -> Response {
        let failure = Failure { key, code: self.code, details: self.details.into() };
        let mut response = failure.respond(self.status);
        if let Some(cause) = &self.cause {
            response = envelope::mark(cause, response);
        }
        auth::tell(self.quota, &mut response);
        response
    }
}

impl From<NotAnswered> for Refusal {
    fn from(refused: NotAnswered) -> Self {
        let (error, quota) = refused.into_parts();
        Self { quota, ..Rejection::from(error).into() }
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let error = rejection.into_error();
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = match error {
            Error::Invalid { .. } => ErrorCode::ParseError,
            _ => ErrorCode::General,
        };
        Self { code, cause: Some(error.clone()), ..Self::general(status, envelope::message(&error)) }
    }
}
