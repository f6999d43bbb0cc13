//! A request's body, read up to a limit.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use domain::Error;
use http_body_util::LengthLimitError;

use crate::envelope::Rejection;

/// The largest body in bytes.
const LIMIT: usize = 64 * 1024;

/// The whole body.
pub(crate) struct Body(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self, Rejection> {
        to_bytes(request.into_body(), LIMIT).await.map(Self).map_err(|error| {
            let is_too_large =
                std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source())
                    .any(|error| matches!(error.downcast_ref(), Some(LengthLimitError { .. })));
            Rejection(match is_too_large {
                true => Error::TooLarge { limit: LIMIT as u64 },
                false => Error::invalid("body", "it ended before it was complete"),
            })
        })
    }
}
